"""The schedules file, ``schedules.toml``: read entry by entry, changed with its comments kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.documents.reading import Document, parse_document, read_document
from partnerctl.documents.writing import change_document, changed_text, table_at, without_table
from partnerctl.errors import Conflict, InvalidData, NotFound, UsageError
from partnerctl.scheduling.entry_reading import TABLE, read_entry

if TYPE_CHECKING:
    from partnerctl.documents.writing import TOMLDocument
    from partnerctl.scheduling.entries import Schedule


class Entries(NamedTuple):
    """What the file holds: good entries in their order, and what is wrong with the others, by name."""

    schedules: tuple[Schedule, ...] = ()
    faults: tuple[tuple[str, InvalidData], ...] = ()

    def mine(self, name: str, profile: str) -> Schedule:
        """Return the schedule of that name; raises like ``find``, UsageError for another profile's."""
        schedule = self.find(name)
        if schedule.profile != profile:
            raise UsageError(
                f"the schedule {name!r} is of the profile {schedule.profile!r}, and this is {profile!r}",
                f"give --profile {schedule.profile}",
            )
        return schedule

    def find(self, name: str) -> Schedule:
        """Return the schedule of that name; raises InvalidData for a bad one, NotFound with the nearest."""
        for schedule in self.schedules:
            if schedule.name == name:
                return schedule
        for bad, fault in self.faults:
            if bad == name:
                raise fault
        raise _unknown(name, [*(s.name for s in self.schedules), *(bad for bad, _ in self.faults)])


def read_schedules(path: Path) -> Entries:
    """Return what the file holds; a missing one holds nothing, a bad entry does not hide the others.

    Raises InvalidData where the file as a whole cannot be used, MachineFault where it cannot be read.
    """
    document = read_document(path)
    return Entries() if document is None else _entries(document)


def add_schedule(path: Path, name: str, values: dict[str, Any], wait: float) -> Schedule:
    """Write a new entry and return its schedule.

    `values` is its table. Raises Conflict where the name is taken, InvalidData where the file or the entry
    is not in order (the file stays as it is), Locked, MachineFault.
    """
    made: list[Schedule] = []

    def change(document: TOMLDocument) -> bool:
        if name in document.get(TABLE, {}):
            raise Conflict(f"there is a schedule {name!r} already", "give another --name, or remove that one")
        entry = table_at(document, (TABLE, name))
        for key, value in values.items():
            entry[key] = value
        return True

    def check(document: Document) -> None:
        if name in document.tables.get(TABLE, {}):
            made.append(read_entry(document, name))

    change_document(path, change, check, wait)
    return made[-1]


def set_paused(path: Path, name: str, paused: bool, wait: float) -> bool:
    """Mark a schedule as paused or not, and return whether that changed anything; raises NotFound."""

    def change(document: TOMLDocument) -> bool:
        entry = _entry(document, name)
        if bool(entry.get("paused", False)) == paused:
            return False
        if paused:
            entry["paused"] = True
        else:
            entry.pop("paused")
        return True

    return change_document(path, change, _entries, wait)


def paused_text(text: str) -> str:
    """Return the text of a schedules file with every entry paused; raises InvalidData where it is no TOML."""

    def change(document: TOMLDocument) -> None:
        for entry in document.get(TABLE, {}).values():
            if isinstance(entry, dict):
                entry["paused"] = True

    return changed_text(text, change)


def remove_schedule(path: Path, name: str, wait: float) -> None:
    """Take an entry out of the file; raises NotFound with the nearest names."""

    def change(document: TOMLDocument) -> bool | str:
        _entry(document, name)
        text = document.as_string()
        document[TABLE].pop(name)
        shorter = without_table(text, (TABLE, name))
        same = shorter is not None and parse_document(shorter, path).tables == document.unwrap()
        return shorter if same and shorter is not None else True

    change_document(path, change, lambda _document: None, wait)


def _entry(document: TOMLDocument, name: str) -> Any:
    entries = document.get(TABLE, {})
    if name not in entries:
        raise _unknown(name, list(entries))
    return entries[name]


def _entries(document: Document) -> Entries:
    tables = document.tables.get(TABLE, {})
    if not isinstance(tables, dict):
        raise document.error((TABLE,), "is not a table", f"write entries as [{TABLE}.NAME]")
    for key in document.tables:
        if key != TABLE:
            raise document.error((key,), "is not known here", f"write entries as [{TABLE}.NAME]")
    good: list[Schedule] = []
    faults: list[tuple[str, InvalidData]] = []
    for name in tables:
        try:
            good.append(read_entry(document, name))
        except InvalidData as fault:
            faults.append((name, fault))
    if any(schedule.hooked for schedule in good):
        _refuse_writable(document.path)
    return Entries(tuple(good), tuple(faults))


def _refuse_writable(path: Path) -> None:
    """Raise InvalidData where others may write a file that names programs to run."""
    if os.name == "nt" or not path.exists():
        return
    if path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise InvalidData(
            f"{path}: others may write it, and it names programs to run: refused",
            f"take the right away: chmod go-w {path}",
        )


def _unknown(name: str, known: list[str]) -> NotFound:
    from partnerctl.domain.folding import did_you_mean

    hint = did_you_mean(name, known, "see `partnerctl schedules list`")
    return NotFound(f"there is no schedule {name!r}", hint)
