"""Dates in files: ISO, ISO date-times, and parts between slashes, dots or hyphens in one order per file.

The order is settled for a whole file before its first row is read (``reports.md``, Reading): what the
user says, else what a part above 12 shows, else day first in a Portuguese file. Only where nothing speaks
is it a guess, and then a note says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from partnerctl.errors import InvalidData

_CLOCK = r"[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?"
_ZONE = r" ?(?:Z|z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)"
_TIME = f"(?:{_CLOCK}(?:{_ZONE})?)?"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + _TIME, re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})" + _TIME, re.ASCII)
_PARTS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})" + _TIME, re.ASCII)


class DateOrder(Enum):
    """The order of day, month and year in dates whose year does not come first in four digits."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


class NoDate(ValueError):
    """The text is no date; the message says why."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The order of a file's dates, and a note where it is no more than a guess."""

    order: DateOrder
    note: str | None = None


def parse_date(text: str, order: DateOrder) -> date:
    """Return the day that `text` names, as it is written there: a time of day and its zone are left aside.

    Raises NoDate.
    """
    text = text.strip()
    match = _ISO.fullmatch(text) or _COMPACT.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    if match:
        return _day(text, match[1], match[2], match[3])
    match = _PARTS.fullmatch(text)
    if not match:
        raise NoDate(f"{text!r} is no date")
    first, second, third = match[1], match[3], match[4]
    if order is DateOrder.YMD and len(third) == 2:
        return _day(text, first, second, third)
    if order is DateOrder.MDY:
        return _day(text, third, first, second)
    return _day(text, third, second, first)


def _day(text: str, year: str, month: str, day: str) -> date:
    full_year = int(year) if len(year) == 4 else 2000 + int(year)
    try:
        return date(full_year, int(month), int(day))
    except ValueError:
        raise NoDate(f"{text!r} is no day of the calendar") from None


class DateScan:
    """What the dates of one file show about their order; fed with every date cell before the first row."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._day_first: tuple[int, str] | None = None
        self._month_first: tuple[int, str] | None = None
        self._example: str | None = None
        self._dotted = True

    def see(self, line: int, text: str) -> None:
        """Take in one date cell; what is no date is left for the reading to complain about."""
        if text in self._seen:
            return
        if len(self._seen) < 50_000:  # bounded: a file of a million different texts holds no more
            self._seen.add(text)
        match = _PARTS.fullmatch(text.strip())
        if not match:
            return
        first, second = int(match[1]), int(match[3])
        self._example = self._example or text.strip()
        self._dotted = self._dotted and match[2] == "."
        if first > 12 and self._day_first is None:
            self._day_first = (line, text.strip())
        if second > 12 and self._month_first is None:
            self._month_first = (line, text.strip())

    def settle(self, file: str, language: str) -> Settled:
        """Return the order of the whole file; raises InvalidData where its dates contradict each other."""
        if self._day_first and self._month_first:
            (line_a, text_a), (line_b, text_b) = sorted((self._day_first, self._month_first))
            raise InvalidData.at(
                file,
                line_b,
                None,
                f"{text_b!r} and {text_a!r} (line {line_a}) cannot be in the same order of day and month",
                "Correct the file, or say which order holds with --date-order dmy or --date-order mdy.",
            )
        if self._month_first:
            return Settled(DateOrder.MDY)
        if self._day_first or self._example is None or language == "pt":
            return Settled(DateOrder.DMY)
        order = DateOrder.DMY if self._dotted else DateOrder.MDY
        words = "day first" if order is DateOrder.DMY else "month first"
        return Settled(order, f"dates such as {self._example} read as {words}; --date-order settles it")
