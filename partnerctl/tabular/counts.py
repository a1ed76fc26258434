"""Numbers in files: thousands separators by language, and nothing guessed where a text has two readings.

``2.500`` is 2500 in a Portuguese file; in an English one it could be two and a half, so it is refused
(``reports.md``, Reading).
"""

from __future__ import annotations

import re

LARGEST = 999_999_999_999_999
"""The largest count that is believed: everything above is a mistake, and would not fit a spreadsheet."""

_PLAIN = re.compile(r"\+?[0-9]+")
_SPACES = "[ \u00a0\u202f\u2009']"
_GROUPED = re.compile(
    rf"(?P<whole>[0-9]{{1,3}}(?:(?P<sep>{_SPACES}|[.,])[0-9]{{3}}(?:(?P=sep)[0-9]{{3}})*)?|[0-9]+)"
    r"(?:(?P<point>[.,])(?P<part>[0-9]+))?"
)
_MINUS = ("-", "\u2212", "\u2013")


class NoNumber(ValueError):
    """The text is no such number; the message says why."""


def parse_count(text: str, language: str = "en") -> int:
    """Return the whole number in `text`, 0 or more; `language` is ``en`` or ``pt``. Raises NoNumber."""
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return _small(text.lstrip("+"), text)
    if text.startswith(_MINUS) and _GROUPED.fullmatch(text[1:].lstrip()):
        raise NoNumber(f"{text!r} is negative; a count is 0 or more")
    whole, part = _split(text, language)
    if part.strip("0"):
        raise NoNumber(f"{text!r} is no whole number")
    return _small(whole, text)


def parse_number(text: str, language: str = "en") -> int | float:
    """Return the number in `text`, whole where it is whole; `language` as above. Raises NoNumber."""
    text = text.strip()
    negative = text.startswith(_MINUS)
    whole, part = _split(text[1:].lstrip() if negative else text.removeprefix("+"), language)
    number = _small(whole, text)
    value: int | float = number + float(f"0.{part}") if part.strip("0") else number
    return -value if negative else value


def _small(digits: str, text: str) -> int:
    if len(digits.lstrip("0")) > len(str(LARGEST)):
        raise NoNumber(f"{text[:40]!r} is too large")
    return int(digits)


def _split(text: str, language: str) -> tuple[str, str]:
    """Return the digits before and after the decimal point, once it is clear which mark is which."""
    match = _GROUPED.fullmatch(text)
    if not match:
        raise NoNumber(f"{text[:40]!r} is no number")
    whole, sep, part = match["whole"], match["sep"], match["part"] or ""
    if sep is not None and sep == match["point"]:
        raise NoNumber(f"{text!r} is no number")
    if sep in (".", ",") and not part and whole.count(sep) == 1:
        _refuse_two_readings(text, sep, whole, language)
    return re.sub("[^0-9]", "", whole), part


def _refuse_two_readings(text: str, sep: str, whole: str, language: str) -> None:
    thousands = "." if language == "pt" else ","
    if sep != thousands or whole.startswith("0"):
        plain = whole.replace(sep, "")
        raise NoNumber(f"{text!r} could be a fraction or {plain}; write it without separators")
