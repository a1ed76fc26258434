"""The call records of one window: written into a file of the spool, then taken in as `import` does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.errors import MachineFault, UsageError

if TYPE_CHECKING:
    from partnerctl.services.syncing.options import SyncOptions
    from partnerctl.stores.contract import Store


class Taken(NamedTuple):
    """What became of a file: the run that took it in, None where that is none, and what is to be said."""

    run_id: int | None = None
    notes: tuple[str, ...] = ()


TakeIn = Callable[[Path, str], Taken]
"""Takes in the records of a file under a name; raises InvalidData for a bad file, Locked, MachineFault."""


def require_calling() -> None:
    """Raise UsageError where the extra package is missing, before an hour is spent on what cannot be kept."""
    from importlib.util import find_spec

    if find_spec("duckdb") is None:
        raise UsageError("call records need an extra package", "pip install 'partnerctl[calling]'")


def write_records(path: Path, pages: Iterable[Sequence[dict[str, Any]]]) -> int:
    """Write records as they come, one on a line, for the owner alone; return how many there are.

    Raises MachineFault, and what the pages do.
    """
    import orjson

    count = 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for page in pages:
                file.writelines(orjson.dumps(record) + b"\n" for record in page)
                count += len(page)
    except OSError as fault:
        raise MachineFault(
            f"{path}: the call records cannot be kept ({fault.strerror or fault})",
            "free some space, or check the permissions of the folder",
        ) from fault
    return count


def taking_in(store: Store, options: SyncOptions) -> TakeIn:
    """Return what takes files in as `import` does."""

    def take_in(path: Path, name: str) -> Taken:
        from partnerctl.services.import_run import ImportOptions
        from partnerctl.services.imports import import_paths, read_options

        clock = options.clock
        how = ImportOptions(options.actor, clock, clock.now().date(), called=name, calling=options.calling)
        done = import_paths(store, [path], read_options(), how, lambda _question: None)
        if done.stopped is not None:
            raise done.stopped
        if done.failures:
            raise done.failures[0]
        return Taken(max((one.run_id or 0 for one in done.records), default=0) or None, done.notes)

    return take_in
