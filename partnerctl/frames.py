"""Frames: the only place where pandas is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

    Frame: TypeAlias = pd.DataFrame


def frame(record_type: type[Any], records: Iterable[Any]) -> Frame:
    """Return a frame with one column per field of `record_type`, in order, and one row per record.

    Whole numbers and booleans with unknowns stay what they are (pandas' nullable types); days are
    ``date`` objects, lists tuples.
    """
    import pandas as pd

    names = [f.name for f in fields(record_type)]
    made = pd.DataFrame(([getattr(r, n) for n in names] for r in records), columns=names, dtype=object)
    return made.convert_dtypes(convert_string=False, convert_floating=False)
