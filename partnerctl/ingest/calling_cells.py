"""Cells of calling files, read by whole columns: millions of records have the same 86 of them.

A column is read at once, so that what is asked of every cell is asked in few words. Where one of them cannot
be read, CellProblem says why, and not which one it was: whoever asks reads that column cell by cell then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from partnerctl.domain.calling.kinds import USAGE, CallingField, CallingKind, Cell
from partnerctl.domain.identifiers import parse_org_id
from partnerctl.tabular.cells import CellProblem
from partnerctl.tabular.counts import NoNumber, parse_count, parse_number

ColumnReader = Callable[[Sequence[str]], list[str]]
"""Turns the cells of a column into their canonical texts, no value into an empty one. Raises CellProblem."""

LONGEST_ID = 200
MOST_DIGITS = 10
"""The digits of the largest count that is believed."""

_NOTHING: dict[str, str] = dict.fromkeys(("na", "NA"), "")
_REMEMBERED = 20_000  # texts per column whose value is kept at hand; all are forgotten once it is full
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(Z|[+-](?:0[0-9]|1[0-5]):?[0-5][0-9])?"
)
_WEBEX_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z"
_WEBEX_TIMES = re.compile(rf"(?:{_WEBEX_TIME})?(?:\n(?:{_WEBEX_TIME})?)*+")
_MOMENT = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
_YEARS = ("1900", "2999")
_COUNT = re.compile(r"([0-9]+)(?:\.0+)?")
_NUMBER = re.compile(r"([0-9]{1,15})(?:\.([0-9]{0,20}))?")
_CLOCK = re.compile(r"(?:([0-9]{1,4}):([0-5][0-9])|([0-9]{1,5})):([0-5][0-9])")
_FLAGS = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}
_CLOCKED = frozenset({"duration", "video_duration"})
_TIME_HINT = "Times are written as 2026-11-02T13:45:00.000Z; without a zone they are UTC."


def column_reader(kind: CallingKind, field: CallingField, language: str = "en") -> ColumnReader:
    """Return what reads the column of `field`; `language` matters to the numbers of Partner Hub's reports."""
    read = _reader(kind, field, language)
    if field.required and not field.blank:
        return lambda cells: _never_empty(read(cells))
    return read


def written(cells: Sequence[str]) -> Sequence[str]:
    """Return `cells` as they stand in CSV: those in quotes that need them."""
    joined = "".join(cells)
    if "," in joined or '"' in joined or "\n" in joined or "\r" in joined:
        return [_quoted(cell) for cell in cells]
    return cells


def _quoted(cell: str) -> str:
    if "," in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _reader(kind: CallingKind, field: CallingField, language: str) -> ColumnReader:
    if field.cell is Cell.TEXT:
        return _texts
    if field.cell is Cell.TIME:
        return _Times()
    if field.cell is Cell.ID:
        return _Memory(_org_id) if field.key == "org_id" else _ids
    if field.cell is Cell.FLAG:
        return _Memory(_flag)
    return _Memory(_parse_of(kind, field, language))


def _parse_of(kind: CallingKind, field: CallingField, language: str) -> Callable[[str], str]:
    count = field.cell is Cell.COUNT
    if kind is USAGE:
        return lambda text: _reported(text, count, language)
    parse = _count if count else _number
    if field.key.endswith("packet_loss"):
        return lambda text: parse(text.removesuffix("%").rstrip())
    if field.key.endswith("_seconds") or (field.key in _CLOCKED and not count):
        return lambda text: _seconds(text) or parse(text)
    return parse


def _never_empty(cells: list[str]) -> list[str]:
    if "" in cells:
        raise CellProblem("is empty, and every row needs it")
    return cells


def _texts(cells: Sequence[str]) -> list[str]:
    """Return texts as they stand, as DuckDB takes those of a plain file: not even blanks are cut."""
    if not any(cells):
        return list(cells)
    if "\0" in "".join(cells):
        raise CellProblem("holds a NUL character")
    return list(map(_NOTHING.get, cells, cells))


def _ids(cells: Sequence[str]) -> list[str]:
    found = [text.strip().lower() for text in _texts(list(map(str.strip, cells)))]
    if max(map(len, found), default=0) > LONGEST_ID:
        raise CellProblem(f"is longer than {LONGEST_ID} characters")
    return found


class _Memory(dict[str, str]):
    """The values of the texts of one column, read when they first come up."""

    def __init__(self, parse: Callable[[str], str]) -> None:
        super().__init__()
        self._parse = parse

    def __call__(self, cells: Sequence[str]) -> list[str]:
        return list(map(self.__getitem__, cells))

    def __missing__(self, text: str) -> str:
        bare = text.strip()
        value = self._parse(bare) if bare and bare not in _NOTHING else ""
        if len(self) >= _REMEMBERED:
            self.clear()
        self[text] = value
        return value


class _Hours(dict[str, str]):
    """The hours, such as ``2026-11-02T13``, that were looked at before."""

    def __missing__(self, text: str) -> str:
        day, hour = text.split("T")
        _clock(f"{hour}:00:00")
        self[text] = _day(day)
        return text


class _Times:
    """Reads times; a column of nothing but times as Webex writes them is read as one text."""

    def __init__(self) -> None:
        self._hours = _Hours()

    def __call__(self, cells: Sequence[str]) -> list[str]:
        joined = "\n".join(cells)
        if not _WEBEX_TIMES.fullmatch(joined):
            return list(map(_time, cells))
        for hour in {cell[:13] for cell in cells if cell}:
            self._hours[hour]
        times = joined.replace("T", " ").replace("Z", "000").split("\n")
        return times if len(times) == len(cells) else list(map(_time, cells))  # a cell has a line break


def _time(cell: str) -> str:
    text = cell.strip()
    if not text or text in _NOTHING:
        return ""
    match = _TIME.fullmatch(text)
    if not match:
        raise CellProblem(f"{_short(text)} is no time", _TIME_HINT)
    day, clock, part, zone = match.groups()
    whole = f"{_day(day)} {_clock(clock)}"
    if zone and zone != "Z":
        whole = _in_utc(whole, zone, text)
    return f"{whole}.{(part or '')[:6]:0<6}"


def _in_utc(whole: str, zone: str, text: str) -> str:
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    ahead = timedelta(minutes=-minutes if zone[0] == "-" else minutes)
    moment = (datetime.fromisoformat(whole) - ahead).isoformat(" ")
    if not _YEARS[0] <= moment[:4] <= _YEARS[1]:
        raise CellProblem(f"{_short(text)} is no time that a call can have", _TIME_HINT)
    return moment


def _day(text: str) -> str:
    """Return the day as it is, once it is one; `text` may be anything of 10 characters."""
    try:
        plain = date.fromisoformat(text).isoformat() == text  # not a day of a week, such as 2026-W45-1
    except ValueError:
        plain = False
    if not plain or not _YEARS[0] <= text[:4] <= _YEARS[1]:
        raise CellProblem(f"{_short(text)} is no day from {_YEARS[0]} to {_YEARS[1]}", _TIME_HINT)
    return text


def _clock(text: str) -> str:
    if not _MOMENT.fullmatch(text):
        raise CellProblem(f"{_short(text)} is no time of a day", _TIME_HINT)
    return text


def _org_id(text: str) -> str:
    org_id = parse_org_id(text)
    if org_id is None:
        hint = "Write its UUID, or Webex's base64 form of it."
        raise CellProblem(f"{_short(text)} is no organization id", hint)
    return org_id


def _flag(text: str) -> str:
    value = _FLAGS.get(text.lower())
    if value is None:
        raise CellProblem(
            f"{_short(text)} is neither true nor false", "Write true or false (also yes/no, 1/0)."
        )
    return value


def _count(text: str) -> str:
    match = _COUNT.fullmatch(text)
    if not match:
        hint = "Write digits only, or leave the cell empty."
        raise CellProblem(f"{_short(text)} is no whole number of 0 or more", hint)
    return _believed(match[1], text)


def _believed(digits: str, text: str) -> str:
    bare = digits.lstrip("0") or "0"
    if len(bare) > MOST_DIGITS:
        raise CellProblem(f"{_short(text)} is too large: a count has {MOST_DIGITS} digits at most")
    return bare


def _number(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    if not match:
        hint = "Write it with a decimal point and without separators, or leave the cell empty."
        raise CellProblem(f"{_short(text)} is no number of 0 or more", hint)
    return _decimal(match[1], match[2] or "")


def _decimal(whole: str, part: str) -> str:
    digits, after = whole.lstrip("0") or "0", part.rstrip("0")
    return f"{digits}.{after}" if after else digits


def _seconds(text: str) -> str | None:
    """Return the seconds of ``HH:MM:SS`` or ``MM:SS``, None for what is neither."""
    match = _CLOCK.fullmatch(text)
    if not match:
        return None
    hours, minutes, alone, seconds = (int(part or 0) for part in match.groups())
    return str(hours * 3600 + (minutes + alone) * 60 + seconds)


def _reported(text: str, count: bool, language: str) -> str:
    """Return a figure of one of Partner Hub's reports, which separate thousands as their language does."""
    try:
        if count:
            return _believed(str(parse_count(text, language)), text)
        value = parse_number(text, language)
    except NoNumber as error:
        raise CellProblem(str(error), "Write a number of 0 or more, or leave the cell empty.") from None
    if value < 0:
        raise CellProblem(f"{_short(text)} is negative", "Write a number of 0 or more.")
    whole, _, part = format(Decimal(repr(value)), "f").partition(".")
    return _decimal(whole, part)


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
