"""Plain values: what JSON can say of dates, instants, exact numbers and nested records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from partnerctl.clock import timestamp


def plain(value: Any) -> Any:
    """Return `value` in words of JSON: the encoder's ``default``, called for what it does not know.

    Dates are ISO, instants RFC 3339 in UTC with ``Z``, exact numbers are numbers (``cli.md``).
    Raises TypeError for a value that no record should hold.
    """
    write = _COMMON.get(type(value))
    if write is not None:
        return write(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    return _rare(value)


_COMMON: dict[type, Callable[[Any], str]] = {date: date.isoformat, datetime: timestamp}


def _rare(value: Any) -> Any:
    from collections.abc import Mapping, Set
    from decimal import Decimal
    from pathlib import PurePath

    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Set):
        return sorted(value)
    raise TypeError(f"a record holds a {type(value).__name__}, which has no form in the output")
