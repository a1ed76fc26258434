"""Frames: the only place where pandas is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

    Frame: TypeAlias = pd.DataFrame


_DTYPES = {"int": "Int64", "bool": "boolean", "float": "float64"}


def frame(record_type: type[Any], records: Iterable[Any]) -> Frame:
    """Return a frame with one column per field of `record_type`, in order, and one row per record.

    Whole numbers and booleans with unknowns stay what they are (pandas' nullable types), whatever the
    records hold; days are ``date`` objects, lists tuples.
    """
    import pandas as pd

    names = [f.name for f in fields(record_type)]
    made = pd.DataFrame(([getattr(r, n) for n in names] for r in records), columns=names, dtype=object)
    kinds = {f.name: str(f.type).removesuffix(" | None") for f in fields(record_type)}
    return made.astype({name: _DTYPES[kind] for name, kind in kinds.items() if kind in _DTYPES})
