"""Reading delimited files as a stream: strict RFC 4180, memory bounded, faults named with their line.

The delimiter is found from the header line; ``csv`` in its strict mode does the reading
(``reports.md``, Reading).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from partnerctl.errors import InvalidData, MachineFault
from partnerctl.tabular.encoding import Encoding, find_encoding
from partnerctl.tabular.rows import SKIP_HINT, BadRow, OnBad, Opener

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = (",", ";", "\t")
"""The delimiters that are recognised; the first one wins a tie."""

_HEAD = 1 << 18  # characters in which the header must end
_CELL_LIMIT = "128 KiB"  # the limit of the csv module: an unclosed quote swallows no more than this
_SEP_LINE = re.compile(r'"?sep=(?P<delimiter>[,;\t])"?[,;\t]*', re.IGNORECASE)  # Excel's own first line
_QUOTE_HINT = (
    'A quote inside a quoted cell is written twice (""). Correct the line, or export the file again.'
)


@dataclass(frozen=True, slots=True)
class DelimitedFile:
    """A delimited file whose encoding, delimiter and headers are known; its rows are read on demand."""

    name: str
    open_bytes: Opener = field(repr=False)
    encoding: Encoding
    delimiter: str
    headers: tuple[str, ...]
    records_before: int
    """How many records stand before the first row: the header's, and what precedes it."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what the user should know about how the file is read."""
        if not self.encoding.guessed:
            return ()
        return (f"{self.name}: not valid UTF-8, so read as Windows-1252 (--encoding settles it)",)

    @property
    def guarded(self) -> bool:
        """Return whether the file looks like one for Excel: it has the byte order mark of UTF-8."""
        return self.encoding.marked and self.encoding.codec == "utf-8-sig"

    def rows(self, on_bad: OnBad | None = None) -> Iterator[tuple[int, list[str]]]:
        """Yield the first line and the cells of each row; empty lines are no rows.

        A row of the wrong width goes to `on_bad` where that is given. Raises InvalidData, MachineFault.
        """
        width = len(self.headers)
        start = 1
        with _reader(self) as reader:
            try:
                for _ in range(self.records_before):
                    next(reader, None)
                start = reader.line_num + 1
                for row in reader:
                    if len(row) == width:
                        yield start, row
                    elif row:
                        bad = self._wrong_width(start, row)
                        if on_bad is None:
                            raise self._as_cut(reader, bad).error(self.name)
                        on_bad(bad)
                    start = reader.line_num + 1
            except csv.Error as error:
                raise _broken(self.name, start, error) from None
            except UnicodeError:
                raise InvalidData.at(self.name, start, None, "changed while it was read") from None
            except OSError as error:
                raise MachineFault(f"{self.name}: cannot be read ({error.strerror or error})") from error

    def _wrong_width(self, line: int, row: list[str]) -> BadRow:
        words = f"the row has {_cells(len(row))}, the header {len(self.headers)}"
        return BadRow(line, tuple(row), None, words)

    def _as_cut(self, reader: Reader, bad: BadRow) -> BadRow:
        """Return `bad`, saying that the file seems cut where it is the last row and too short."""
        if len(bad.cells) > len(self.headers) or next((row for row in reader if row), None) is not None:
            return bad
        words = f"{bad.reason}, and the file ends there: it seems to be cut"
        return BadRow(bad.line, bad.cells, None, words, f"Download or export it again. {SKIP_HINT}")


@contextmanager
def _reader(file: DelimitedFile) -> Iterator[Reader]:
    try:
        binary = file.open_bytes()
    except OSError as error:
        raise MachineFault(f"{file.name}: cannot be read ({error.strerror or error})") from error
    with io.TextIOWrapper(binary, encoding=file.encoding.codec, newline="") as text:
        yield csv.reader(text, delimiter=file.delimiter, strict=True)


def open_delimited(open_bytes: Opener, name: str, encoding: str | None = None) -> DelimitedFile:
    """Find out encoding, delimiter and headers of the file called `name`; `encoding` is what the user says.

    Raises InvalidData (no text, empty, a header that cannot be read), UsageError, MachineFault.
    """
    found = find_encoding(open_bytes, name, encoding)
    with open_bytes() as binary, io.TextIOWrapper(binary, encoding=found.codec, newline="") as text:
        head = text.read(_HEAD)
    if not head.strip():
        raise InvalidData.at(name, None, None, "is empty: there is no header", "Download or export it again.")
    said = _SEP_LINE.fullmatch(head.lstrip().split("\n", 1)[0].strip())
    delimiters = (said["delimiter"],) if said else DELIMITERS
    before, headers, delimiter = _best_header(head, name, delimiters, skip_first=said is not None)
    return DelimitedFile(name, open_bytes, found, delimiter, headers, before)


def _best_header(
    head: str, name: str, delimiters: tuple[str, ...], skip_first: bool
) -> tuple[int, tuple[str, ...], str]:
    """Read the header with each delimiter, and return the reading with the most cells."""
    readings: list[tuple[int, tuple[str, ...], str]] = []
    faults: list[InvalidData] = []
    for delimiter in delimiters:
        try:
            before, cells = _header(head, delimiter, skip_first)
        except csv.Error as error:
            faults.append(_broken(name, 1, error))
        else:
            readings.append((before, cells, delimiter))
    best = max(readings, key=lambda reading: len(reading[1]), default=None)  # the first of equals: the comma
    if best is None or (faults and len(best[1]) == 1):  # one cell: not its delimiter, the quotes are broken
        raise faults[0]
    if not any(best[1]):
        raise InvalidData.at(name, None, None, "has no header", "The first line names the columns.")
    return best


def _header(head: str, delimiter: str, skip_first: bool) -> tuple[int, tuple[str, ...]]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, strict=True)
    for count, record in enumerate(reader, 1):
        if skip_first and record:
            skip_first = False
        elif any(cell.strip() for cell in record):
            return count, tuple(cell.strip().lstrip("\ufeff") for cell in record)
    return 0, ()


def _broken(name: str, line: int, error: csv.Error) -> InvalidData:
    """Say what the csv module found, in the words of who has to mend it."""
    message = str(error)
    if "unexpected end of data" in message:
        words, hint = "a quote opens in this row and never closes; the file may be cut", _QUOTE_HINT
    elif "expected after" in message:
        words, hint = "there is text after a closing quote", _QUOTE_HINT
    elif "field larger" in message:
        words = f"a cell is larger than {_CELL_LIMIT}; most likely a quote opens in this row and never closes"
        hint = _QUOTE_HINT
    else:  # pragma: no cover - words of the csv module of another Python
        words, hint = f"the row cannot be read ({message})", SKIP_HINT
    return InvalidData.at(name, line, None, words, hint)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
