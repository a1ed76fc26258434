"""One cell's text to one value, per kind of cell (``files.md``, ``reports.md``: Reading).

An empty cell is None. What cannot be read raises CellProblem, which names the text but not the place:
whoever reads the file knows file, line and column. What is readable but implausible comes as Kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from partnerctl.domain.entities import Kind
from partnerctl.domain.identifiers import parse_org_id
from partnerctl.domain.regions import REGIONS, parse_region
from partnerctl.tabular.countries import parse_country
from partnerctl.tabular.counts import NoNumber, parse_count, parse_number
from partnerctl.tabular.dates import DateOrder, NoDate, parse_date
from partnerctl.tabular.words import parse_boolean, parse_manager, parse_offer, parse_product, parse_status

Value = str | int | float | bool | date | None
"""What a cell holds once it is read. Only `Kind.NUMBER` gives a float."""


class CellProblem(ValueError):
    """A cell that cannot be read: `reason` names its text, `hint` says what to write instead."""

    def __init__(self, reason: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that is kept though it is implausible, and the warning it deserves."""

    value: Value
    warning: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of one file are read: its language (``en``, ``pt``) and the order of its dates.

    `guarded`: a text may carry the ``'`` that ``--excel`` puts before formulas; it is taken off again.
    """

    language: str = "en"
    date_order: DateOrder = DateOrder.DMY
    guarded: bool = False


Parser = Callable[[str], "Value | Kept"]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula (``reports.md``, Cells)."""

PLAIN_TEXT = frozenset({Kind.TEXT, Kind.NAME, Kind.PHONE})
"""Kinds whose text is kept as it stands."""


def parser(kind: Kind, reading: Reading) -> Parser:
    """Return the function that reads the cells of one column; it raises CellProblem."""
    if kind in PLAIN_TEXT:
        return _unguarded if reading.guarded else _text
    if kind is Kind.DATE:
        return _stripped(lambda text: _date(text, reading.date_order))
    if kind is Kind.COUNT:
        return _stripped(lambda text: _count(text, reading.language))
    if kind is Kind.NUMBER:
        return _stripped(lambda text: _number(text, reading.language))
    return _stripped(_PARSERS[kind])


def parse_cell(kind: Kind, text: str, reading: Reading | None = None) -> Value | Kept:
    """Read one cell; raises CellProblem. For whole columns, ask for the `parser` once."""
    return parser(kind, reading or Reading())(text)


def _text(text: str) -> Value:
    return text.strip() or None


def _unguarded(text: str) -> Value:
    if text.startswith("'") and text[1:].startswith(FORMULA_STARTS):
        text = text[1:]
    return text.strip() or None


def _stripped(parse: Parser) -> Parser:
    def read(text: str) -> Value | Kept:
        text = text.strip()
        return parse(text) if text else None

    return read


def _date(text: str, order: DateOrder) -> Value:
    try:
        return parse_date(text, order)
    except NoDate as error:
        hint = f"Dates are YYYY-MM-DD, or with slashes or dots (read as {order.value}; see --date-order)."
        raise CellProblem(str(error), hint) from None


def _count(text: str, language: str) -> Value:
    try:
        return parse_count(text, language)
    except NoNumber as error:
        raise CellProblem(str(error), "Write a whole number, 0 or more, or leave the cell empty.") from None


def _number(text: str, language: str) -> Value:
    try:
        return parse_number(text, language)
    except NoNumber as error:
        raise CellProblem(str(error), "Write a number, or leave the cell empty.") from None


def _boolean(text: str) -> Value:
    value = parse_boolean(text)
    if value is None:
        raise CellProblem(
            f"{_short(text)} is neither yes nor no", "Write true or false (also Yes/No, Sim/Não)."
        )
    return value


def _org_id(text: str) -> Value:
    org_id = parse_org_id(text)
    if org_id is None:
        raise CellProblem(
            f"{_short(text)} is no organization id", "Write its UUID, or Webex's base64 form of it."
        )
    return org_id


def _email(text: str) -> Value:
    name, _, domain = text.partition("@")
    if not name or not domain or "@" in domain or any(c.isspace() for c in text):
        raise CellProblem(f"{_short(text)} is no e-mail address", "Write it as name@acme.example.")
    return text.lower()


def _region(text: str) -> Value:
    region = parse_region(text)
    if region is None:
        raise CellProblem(f"{_short(text)} is no region", f"Regions are {', '.join(REGIONS)}.")
    return region


def _country(text: str) -> Value | Kept:
    code = parse_country(text)
    if code is None:
        kept = text.upper() if len(text) == 2 else text
        return Kept(kept, "is no country code of ISO 3166-1; kept as it stands")
    return code


def _status(text: str) -> Value | Kept:
    status = parse_status(text)
    if status is None:
        return Kept(text, "is no known status; kept as it stands, and not counted as running")
    return status


def _product(text: str) -> Value:
    return parse_product(text) or text


def _offer(text: str) -> Value:
    kind = parse_offer(text)
    if kind is None:
        raise CellProblem(f"{_short(text)} is neither subscription nor trial", "Write subscription or trial.")
    return kind


def _manager(text: str) -> Value:
    manager = parse_manager(text)
    if manager is None:
        raise CellProblem(f"{_short(text)} is neither partner nor external", "Write partner or external.")
    return manager


def _words(text: str) -> Value:
    return ";".join(word for part in text.split(";") if (word := part.strip())) or None


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


_PARSERS: dict[Kind, Parser] = {
    Kind.BOOLEAN: _boolean,
    Kind.ORG_ID: _org_id,
    Kind.EMAIL: _email,
    Kind.REGION: _region,
    Kind.COUNTRY: _country,
    Kind.STATUS: _status,
    Kind.PRODUCT: _product,
    Kind.OFFER: _offer,
    Kind.MANAGER: _manager,
    Kind.WORDS: _words,
    Kind.INSTANT: str,  # no file that is read has one
}
