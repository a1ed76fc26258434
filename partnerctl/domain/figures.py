"""Exact arithmetic on license figures (``kpis.md``, Words): percentages, what is available and wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

WANTS_MORE_PCT = 95
"""A customer who has assigned at least this share of what it bought wants more (PH-S4)."""


def tenths_pct(part: int | None, whole: int | None) -> int | None:
    """Return 100 * part / whole in tenths of a percent, rounded half to even; None where unknown or of 0."""
    if part is None or not whole:
        return None
    quotient, rest = divmod(part * 1000, whole)
    twice = 2 * rest
    return quotient + (twice > whole or (twice == whole and quotient % 2 == 1))


def pct(part: int | None, whole: int | None) -> float | None:
    """Return 100 * part / whole to one decimal, rounded half to even; None where unknown or of 0.

    The float is the one nearest to the exact decimal, so it prints as that decimal.
    """
    tenths = tenths_pct(part, whole)
    return None if tenths is None else tenths / 10


def tenths(value: Fraction) -> float:
    """Return an exact number to one decimal, rounded half to even, as the float that prints as it."""
    return round(value * 10) / 10


def available(total: int | None, assigned: int | None) -> int | None:
    """Return how many bought licenses are not assigned, never below 0; None where unknown."""
    if total is None or assigned is None:
        return None
    return max(total - assigned, 0)


def overage(total: int | None, assigned: int | None) -> int:
    """Return how many more licenses are assigned than were bought; 0 where that is unknown."""
    return max(assigned - total, 0) if total is not None and assigned is not None else 0


def wants_more(total: int | None, assigned: int | None) -> bool | None:
    """Tell whether nearly all that was bought is assigned; None where unknown or nothing was bought."""
    if total is None or assigned is None or total == 0:
        return None
    return assigned * 100 >= WANTS_MORE_PCT * total
