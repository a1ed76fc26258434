"""Reading one entry of ``schedules.toml``: everything is checked, an error names file, line and field."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from partnerctl.documents.reading import Document
from partnerctl.domain.addresses import check_address
from partnerctl.domain.days import parse_day, parse_max_age
from partnerctl.domain.folding import did_you_mean
from partnerctl.domain.products import FAMILY_CHOICES
from partnerctl.domain.regions import parse_chosen
from partnerctl.domain.report_words import FORMATS, LANGUAGES, LONGEST_HORIZON
from partnerctl.errors import InvalidData, PartnerctlError, UsageError
from partnerctl.queries.parser import parse
from partnerctl.scheduling.cron import parse_cron
from partnerctl.scheduling.entries import CATCHUPS, ReportOptions, Schedule
from partnerctl.scheduling.zones import check_zone

T = TypeVar("T")

TABLE = "schedules"
"""The table that holds the entries, each under its name."""

_NAME = re.compile(r"[^\W_][\w .+@-]{0,63}")
_DEADLINE = re.compile(r"([0-9]{1,6})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_OPTIONS = tuple(one.name for one in fields(ReportOptions))
_OWN = tuple(one.name for one in fields(Schedule) if one.name not in ("name", "options"))
_SOME_DAY = date(2026, 1, 1)


def read_entry(document: Document, name: str) -> Schedule:
    """Return the schedule of that name; raises InvalidData that names file, line and field."""
    return _EntryReader(document, name).read()


def check_name(name: str) -> str:
    """Return the name of a schedule; raises UsageError for one that no file and no terminal likes."""
    if not _NAME.fullmatch(name) or name != name.strip():
        raise UsageError(
            f"{name!r} is no name for a schedule", "use up to 64 letters, digits, spaces and . _ - + @"
        )
    return name


def read_deadline(text: str) -> timedelta:
    """Return the duration that ``6h``, ``90m``, ``2d`` means; raises UsageError."""
    match = _DEADLINE.fullmatch(text.strip().lower())
    if match is None or not int(match[1]):
        raise UsageError(f"{text!r} is not a duration", "write it as 90m, 6h or 2d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _absolute(text: str) -> None:
    if not Path(text).expanduser().is_absolute():
        raise UsageError(f"{text!r} is not a whole path", "write it from the root on, or with ~")


def _day(text: str) -> date:
    return parse_day(text, _SOME_DAY)


class _EntryReader:
    def __init__(self, document: Document, name: str) -> None:
        self.document = document
        self.name = name
        self.table: dict[str, Any] = {}

    def read(self) -> Schedule:
        table = self.document.tables[TABLE][self.name]
        if not isinstance(table, dict):
            raise self._error(None, "is not a table")
        self.table = table
        self._asked(lambda: check_name(self.name), None)
        for key in table:
            if key not in (*_OPTIONS, *_OWN):
                hint = did_you_mean(key, (*_OPTIONS, *_OWN), "see `partnerctl help scheduling`")
                raise self._error(key, "is not known here", hint)
        schedule = Schedule(
            name=self.name,
            template=self._text("template"),
            cron=self._text("cron"),
            tz=self._text("tz"),
            profile=self._text("profile") if "profile" in table else "default",
            options=self._options(),
            catchup=self._one_of("catchup", CATCHUPS, CATCHUPS[0]) or CATCHUPS[0],
            start_deadline=self._deadline(),
            retries=self._number("retries", 20, 3) or 0,
            on_success=self._words("on_success"),
            on_failure=self._words("on_failure"),
            mail_to=self._addresses(),
            paused=self._flag("paused"),
        )
        self._asked(lambda: parse_cron(schedule.cron), "cron")
        self._asked(lambda: check_zone(schedule.tz), "tz")
        return schedule

    def _options(self) -> ReportOptions:
        if "dir" in self.table and "file" in self.table:
            raise self._error("dir", "excludes file", "give one of them")
        return ReportOptions(
            since=self._checked("since", _day),
            until=self._checked("until", _day),
            as_of=self._checked("as_of", _day),
            region=self._regions(),
            where=self._checked("where", parse),
            days=self._number("days", LONGEST_HORIZON, None),
            product=self._one_of("product", FAMILY_CHOICES, None),
            max_age=self._checked("max_age", parse_max_age),
            dir=self._checked("dir", _absolute),
            file=self._checked("file", _absolute),
            overwrite=self._flag("overwrite"),
            format=self._one_of("format", FORMATS, FORMATS[0]) or FORMATS[0],
            excel=self._flag("excel"),
            language=self._one_of("language", LANGUAGES, None),
            skip_empty=self._flag("skip_empty"),
        )

    def _checked(self, key: str, read: Callable[[str], object]) -> str | None:
        """Return the text of a key, None where it is not there; `read` raises where it is not in order."""
        if key not in self.table:
            return None
        text = self._text(key)
        self._asked(lambda: read(text), key)
        return text

    def _regions(self) -> tuple[str, ...]:
        found = []
        for word in self._words("region"):
            code = parse_chosen(word)
            if code is None:
                raise self._error("region", f"{word!r} is not a region")
            found.append(code)
        return tuple(found)

    def _addresses(self) -> tuple[str, ...]:
        words = self._words("mail_to")
        for word in words:
            self._asked(partial(check_address, word), "mail_to")
        return words

    def _deadline(self) -> timedelta | None:
        if "start_deadline" not in self.table:
            return None
        text = self._text("start_deadline")
        return self._asked(lambda: read_deadline(text), "start_deadline")

    def _text(self, key: str) -> str:
        value = self.table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._error(key, "needs a text")
        return value.strip()

    def _one_of(self, key: str, known: tuple[str, ...], default: str | None) -> str | None:
        if key not in self.table:
            return default
        text = self._text(key)
        if text not in known:
            raise self._error(key, f"{text!r} is none of {', '.join(known)}")
        return text

    def _number(self, key: str, most: int, default: int | None) -> int | None:
        value = self.table.get(key, default)
        if value is not None and (type(value) is not int or not 0 <= value <= most):
            raise self._error(key, f"needs a whole number, 0 to {most}")
        return value

    def _flag(self, key: str) -> bool:
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            raise self._error(key, "needs true or false")
        return value

    def _words(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if isinstance(value, str) and key in ("region", "mail_to"):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
            raise self._error(key, "needs a list of texts")
        return tuple(value)

    def _asked(self, read: Callable[[], T], key: str | None) -> T:
        """Return what `read` returns; what it raises names the place in the file."""
        try:
            return read()
        except PartnerctlError as fault:
            raise self._error(key, fault.reason, fault.hint) from fault

    def _error(self, key: str | None, problem: str, hint: str | None = None) -> InvalidData:
        where = (TABLE, self.name) if key is None else (TABLE, self.name, key)
        return self.document.error(where, problem, hint)
