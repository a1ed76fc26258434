"""Stream the rows of a report into a file or to standard output, with its size and its checksum."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from partnerctl.reports.atomic import atomic_target, explained
from partnerctl.tabular.columns import Layout
from partnerctl.tabular.writing import write_delimited

_CHUNK = 1 << 20  # bytes; one checksum and one write for about 8,000 rows


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the file (None: standard output), data rows, bytes, SHA-256 in hexadecimal."""

    path: Path | None
    rows: int
    bytes: int
    sha256: str


def write_report_file(
    path: Path,
    layout: Layout,
    rows: Iterable[Sequence[Any]],
    *,
    language: str = "en",
    excel: bool = False,
    overwrite: bool = False,
) -> Written:
    """Write `rows`, cells in the order of `layout`, as the CSV file `path`: whole or not at all.

    Cells are text, whole numbers or None, as ``tabular.writing`` takes them. Memory stays constant.
    Raises what ``atomic_target`` raises, and whatever `rows` raises; nothing is left of the file then.
    """
    with atomic_target(path, overwrite=overwrite) as partial, partial.open("r+b", buffering=0) as out:
        counted = _write(out, layout, rows, language, excel)
    return Written(path, *counted)


def write_report_stream(
    out: BinaryIO,
    layout: Layout,
    rows: Iterable[Sequence[Any]],
    *,
    language: str = "en",
    excel: bool = False,
) -> Written:
    """Write `rows` as CSV to `out`, such as the bytes of standard output, and leave it open.

    Raises BrokenPipeError where the reader went away, MachineFault where the machine refuses.
    """
    with explained(Path("standard output")):
        counted = _write(out, layout, rows, language, excel)
        out.flush()
    return Written(None, *counted)


class _Tally(io.RawIOBase):
    """Passes bytes on to a file, and counts and sums them up on the way."""

    def __init__(self, out: BinaryIO | io.RawIOBase) -> None:
        super().__init__()
        self._out = out
        self.size = 0
        self.digest = hashlib.sha256(usedforsecurity=False)
        self._abandoned = False

    def writable(self) -> bool:
        return True

    def abandon(self) -> None:
        """Drop what is still to come: buffers are flushed once more when they are thrown away."""
        self._abandoned = True

    def write(self, chunk: Any, /) -> int:
        if self._abandoned:
            return len(chunk)
        written = self._out.write(chunk)
        done = len(chunk) if written is None else written  # a raw file may take less than it is given
        self.digest.update(memoryview(chunk)[:done])
        self.size += done
        return done


def _write(
    out: BinaryIO | io.RawIOBase, layout: Layout, rows: Iterable[Sequence[Any]], language: str, excel: bool
) -> tuple[int, int, str]:
    tally = _Tally(out)
    text = io.TextIOWrapper(
        io.BufferedWriter(tally, _CHUNK), encoding="utf-8", newline="", write_through=False
    )
    try:
        count = write_delimited(
            text,
            [column.header(language) for column in layout.columns],
            rows,
            excel=excel,
            language=language,
            kinds=[column.kind for column in layout.columns],
        )
        text.flush()
    except BaseException:
        tally.abandon()
        raise
    return count, tally.size, tally.digest.hexdigest()
