"""Order and limit of lists that are at hand, not in the store: templates, roles, runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import TypeVar

from partnerctl.errors import UsageError
from partnerctl.services.answers import Answer

R = TypeVar("R")


def arranged(
    record_type: type[R],
    records: Iterable[R],
    sort: tuple[str, ...] = (),
    limit: int | None = None,
    notes: tuple[str, ...] = (),
    data_as_of: date | None = None,
) -> Answer[R]:
    """Return an answer of `records` in the order of `sort`: field names, ``-`` from high to low, nulls last.

    Without `sort`, and among ties, they keep the order in which they came. Raises UsageError for a field
    that is unknown or has no order.
    """
    found = list(records)
    for item in reversed(sort):  # a stable sort: the first field is sorted by last
        name = item.removeprefix("-").removeprefix("+")
        _check_field(record_type, name)
        known = [one for one in found if getattr(one, name) is not None]
        if any(isinstance(getattr(one, name), tuple) for one in known):
            raise UsageError(f"--sort: {name} is a list and has no order")
        unknown = [one for one in found if getattr(one, name) is None]
        known.sort(key=attrgetter(name), reverse=item.startswith("-"))
        found = known + unknown
    total = None if limit is None else len(found)
    return Answer(record_type, found[:limit], notes, total, data_as_of)


def _check_field(record_type: type, name: str) -> None:
    known = [field.name for field in fields(record_type)]
    if name in known:
        return
    from partnerctl.domain.folding import did_you_mean

    hint = did_you_mean(name, known, f"fields: {', '.join(known)}")
    raise UsageError(f"--sort: there is no field {name!r} to sort by", hint)
