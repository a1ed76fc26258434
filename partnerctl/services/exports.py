"""Export the store as canonical files, which `import` reads again (``files.md``, Canonical files)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl.domain.entities import ENTITIES, Entity
from partnerctl.domain.stepping import Step, counted, unheard
from partnerctl.errors import Conflict
from partnerctl.reports.atomic import explained
from partnerctl.reports.writing import write_csv_file
from partnerctl.services.rights import RUN_REPORTS, require
from partnerctl.tabular.columns import AS_OF, Layout, canonical_layout

if TYPE_CHECKING:
    from partnerctl.stores.contract import Store


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file that was written: the entity, where it is, how many rows and bytes it has, its SHA-256."""

    entity: str
    path: str
    rows: int
    bytes: int
    sha256: str


def export_files(
    store: Store,
    folder: Path,
    *,
    history: bool,
    overwrite: bool = False,
    step: Step = unheard,
    me: str | None = None,
) -> tuple[ExportedFile, ...]:
    """Write ``ENTITY.csv`` for every entity into `folder`, which is made where it is missing.

    With `history` an entity that has history gets one row per thing and observed day, with ``as_of``;
    otherwise its newest state. Entities of which nothing is known get no file. Raises Conflict where a file
    is there already (nothing is written then), NotAllowed where the role of `me` runs no reports,
    MachineFault where the machine refuses.
    """
    require(store, me, RUN_REPORTS)
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    there = [name for name in ENTITIES if (folder / f"{name}.csv").exists()]
    if there and not overwrite:
        raise Conflict(
            f"{folder} already holds {', '.join(f'{name}.csv' for name in there)}",
            "choose another folder, or replace the files with --overwrite",
        )
    counts = store.counts()
    return tuple(
        _export(store, folder, entity, history, overwrite, step)
        for entity in ENTITIES.values()
        if counts[entity.name] or (history and entity.history)
    )


def _export(
    store: Store, folder: Path, entity: Entity, history: bool, overwrite: bool, step: Step
) -> ExportedFile:
    written = write_csv_file(
        folder / f"{entity.name}.csv",
        _layout(entity, history),
        counted(store.exported(entity, history=history), step),
        overwrite=overwrite,
    )
    return ExportedFile(entity.name, str(written.path), written.rows, written.bytes, written.sha256)


def _layout(entity: Entity, history: bool) -> Layout:
    """Return the columns of an export: ``as_of`` in a history, and always for measurements.

    What has no history carries it too: imported again, it is as old as it was.
    """
    layout = canonical_layout(entity)
    columns = tuple(c for c in layout.columns if c is not AS_OF)
    dated = history or not entity.carries
    return Layout(entity.name, (*columns, AS_OF) if dated else columns)
