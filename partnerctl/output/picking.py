"""Picking and ordering the fields of a record type: ``--fields a,b,c``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from partnerctl.errors import UsageError

Row = tuple[Any, ...]
"""The values of one record's chosen fields, in their order."""


def field_names(record_type: type) -> tuple[str, ...]:
    """Return the names of a record type's fields, in the order of their definition."""
    return tuple(f.name for f in fields(record_type))


def pick_fields(record_type: type, chosen: Sequence[str] | None) -> tuple[str, ...]:
    """Return the fields to write: those `chosen`, in that order and once each, or all of them.

    Raises UsageError, with the nearest names, where one of them is no field of the record type.
    """
    known = field_names(record_type)
    if chosen is None:
        return known
    for name in chosen:
        if name not in known:
            raise _unknown(name, known)
    if not chosen:
        raise UsageError("--fields names no field", f"choose from: {', '.join(known)}")
    return tuple(dict.fromkeys(chosen))


def _unknown(name: str, known: tuple[str, ...]) -> UsageError:
    from partnerctl.domain.folding import did_you_mean

    hint = did_you_mean(name, known, f"choose from: {', '.join(known)}")
    return UsageError(f"--fields: there is no field {name!r}", hint)


def row_getter(names: tuple[str, ...]) -> Callable[[Any], Row]:
    """Return the function that reads those attributes of a record as one tuple, at the speed of C."""
    if len(names) == 1:
        one = attrgetter(names[0])
        return lambda record: (one(record),)
    getter: Callable[[Any], Row] = attrgetter(*names)
    return getter
