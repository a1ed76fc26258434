"""``FILE.rejected.csv``: the rows that ``--skip-bad-rows`` left out, as they stood, each with the reason."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from partnerctl.errors import MachineFault
from partnerctl.tabular.rows import BadRow

if TYPE_CHECKING:
    from _csv import Writer

REASON_HEADERS = ("rejected_line", "rejected_reason")
"""The columns after the file's own; once the cells are corrected, the file can be imported as it is."""


class RejectedRows:
    """Collects bad rows into a file beside the source, made with the first of them; call it with each.

    The file stands only once the block has ended well: where the good rows are not stored, nothing is left.
    Without a `path` the rows are only counted (``--dry-run``). Raises MachineFault.
    """

    def __init__(self, path: Path | None, headers: Sequence[str]) -> None:
        self._path = path
        self._headers = tuple(headers)
        self._out: TextIO | None = None
        self.count = 0
        self.first: BadRow | None = None

    def __enter__(self) -> RejectedRows:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._out is None or self._path is None:
            return
        self._out.close()
        try:
            if kind is None:
                self._part(self._path).replace(self._path)
            else:
                self._part(self._path).unlink()
        except OSError as fault:
            raise MachineFault(f"{self._path}: cannot be written ({fault.strerror or fault})") from fault

    def __call__(self, bad: BadRow) -> None:
        """Take in one bad row."""
        self.count += 1
        self.first = self.first or bad
        if self._path is None:
            return
        width = len(self._headers)
        cells = (*bad.cells[:width], *[""] * (width - len(bad.cells)))
        reason = f"{bad.field}: {bad.reason}" if bad.field else bad.reason
        try:
            self._writer(self._path).writerow((*cells, bad.line, reason, *bad.cells[width:]))
        except OSError as error:
            raise MachineFault(f"{self._path}: cannot be written ({error.strerror or error})") from error

    @staticmethod
    def _part(path: Path) -> Path:
        return path.with_name(f".{path.name}.part")

    def _writer(self, path: Path) -> Writer:
        if self._out is None:
            self._out = self._part(path).open("w", encoding="utf-8", newline="")
            self._csv = csv.writer(self._out, lineterminator="\r\n")  # quotes either half in a cell
            self._csv.writerow((*self._headers, *REASON_HEADERS))
        return self._csv
