"""Files and folders for the owner alone."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def make_private(folder: Path) -> None:
    """Create a folder, with its parents, for the owner alone; an existing one is left as it is.

    Raises MachineFault where the machine refuses.
    """
    from partnerctl.errors import MachineFault

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise MachineFault(
            f"cannot create the folder {folder}: {fault.strerror or fault}",
            "check its permissions, or set PARTNERCTL_HOME to a folder of yours",
        ) from fault


def write_private(path: Path, text: str) -> None:
    """Write a file for the owner alone: beside the target, flushed, then renamed; raises OSError.

    A link is followed: it stays one.
    """
    import tempfile

    path = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600 from the start
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
