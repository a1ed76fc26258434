"""Raw rows: what every reader of a file gives before its cells have a meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from partnerctl.errors import InvalidData

Opener = Callable[[], BinaryIO]
"""Opens the bytes of a file from their beginning; called more than once."""

SKIP_HINT = "Correct the file, or store the other rows with --skip-bad-rows."


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: its first line, its cells as they stand, where and what the trouble is."""

    line: int
    cells: tuple[str, ...]
    field: str | None
    reason: str
    hint: str | None = None

    def error(self, file: str) -> InvalidData:
        """Return the error that names the file, the line and the field."""
        return InvalidData.at(file, self.line, self.field, self.reason, self.hint or SKIP_HINT)


OnBad = Callable[[BadRow], None]
"""What takes the bad rows when the good ones are wanted all the same."""


class RawRows(Protocol):
    """A file of rows, all as wide as its headers; rows can be read any number of times."""

    @property
    def name(self) -> str:
        """Return the name of the file, for messages."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the headers as they stand, stripped."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what the user should know about how the file is read."""

    @property
    def guarded(self) -> bool:
        """Return whether texts may carry the guard against formulas that ``--excel`` writes."""

    def rows(self, on_bad: OnBad | None = None) -> Iterator[tuple[int, list[str]]]:
        """Yield the first line and the cells of each row; raises InvalidData, MachineFault.

        A row of the wrong width goes to `on_bad` where that is given; other trouble always raises.
        """
