"""Batches: rows of one entity that all speak of one day, on their way into the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from partnerctl.domain.entities import Entity

Cell: TypeAlias = str | int | bool | date | None
"""A typed value; None is unknown."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of `entity` observed on `day`; each row holds its cells in the order of `columns`."""

    entity: Entity
    day: date
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
