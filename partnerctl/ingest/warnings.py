"""Warnings about values that are kept though they are implausible: one note per kind, with a count."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class _Tally:
    line: int
    example: str
    count: int = 0


class Warnings:
    """Collects the warnings of one file; `pending` are those of the row that is just being read."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._tallies: dict[tuple[str, str], _Tally] = {}
        self._empty: _Tally | None = None
        self.pending: list[tuple[str, str, str]] = []

    def clear(self) -> None:
        """Forget everything, before the rows are read anew."""
        self._tallies.clear()
        self._empty = None
        self.pending.clear()

    def settle_pending(self, line: int) -> None:
        """Count the pending warnings for the row that begins at `line`."""
        for key, example, warning in self.pending:
            tally = self._tallies.setdefault((key, warning), _Tally(line, example))
            tally.count += 1
        self.pending.clear()

    def drop_pending(self) -> None:
        """Forget the pending warnings: their row is not taken."""
        self.pending.clear()

    def count_empty_row(self, line: int) -> None:
        """Count a row of nothing but delimiters."""
        self.pending.clear()
        self._empty = self._empty or _Tally(line, "")
        self._empty.count += 1

    def notes(self) -> tuple[str, ...]:
        """Return one note per kind of warning, with the first line and how many rows it holds for."""
        notes = [
            f"{self._file}, line {tally.line}: {key}: {tally.example!r} {warning}{_more(tally.count)}"
            for (key, warning), tally in self._tallies.items()
        ]
        if self._empty:
            notes.append(
                f"{self._file}, line {self._empty.line}: skipped an empty row{_more(self._empty.count)}"
            )
        return tuple(notes)


def _more(count: int) -> str:
    return "" if count == 1 else f" ({count} rows in all)"
