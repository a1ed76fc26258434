"""Low assignment: which units have few licenses assigned, compared with the partner's others (PH-K6).

Exact: the shares are compared as whole numbers, never as binary fractions (``kpis.md``, low).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Protocol


class Share(Protocol):
    """A unit, or what it had on some day: of what was bought, the share that is assigned counts."""

    @property
    def total(self) -> int | None:
        """How many licenses were bought, None where unknown."""

    @property
    def assigned(self) -> int | None:
        """How many are assigned, None where unknown."""


LEAST_UNITS = 4
"""Fewer units with licenses than this, and none of them is low: there is nothing to compare with."""

_BITS = 128
# Distinct shares of totals below 2**64 differ by more than 2**-128, so cut off there they keep their order.


def share_key(unit: Share) -> int:
    """Return a whole number that orders units by assigned / total, equal only where the shares are.

    Raises ValueError where the share is unknown.
    """
    assigned, total = _known(unit)
    return (assigned << _BITS) // total


def typical_share(units: Iterable[Share]) -> Fraction | None:
    """Return the median of the shares of running units of one family.

    None where fewer than `LEAST_UNITS` have licenses, or none of them has a known share.
    """
    bought = [unit for unit in units if unit.total]
    shares = sorted([unit for unit in bought if unit.assigned is not None], key=share_key)
    if len(bought) < LEAST_UNITS or not shares:
        return None
    middle = len(shares) // 2
    upper = _share(shares[middle])
    return upper if len(shares) % 2 else (_share(shares[middle - 1]) + upper) / 2


def low_threshold(typical: Fraction | None, factor: Decimal) -> Fraction | None:
    """Return the share below which a running unit of one family is low: `factor` times the typical share."""
    return None if typical is None else Fraction(factor) * typical


def is_low(unit: Share, threshold: Fraction | None) -> bool:
    """Tell whether a unit's share lies below the threshold of its family, strictly."""
    if threshold is None or not unit.total or unit.assigned is None:
        return False
    return unit.assigned * threshold.denominator < threshold.numerator * unit.total


def _share(unit: Share) -> Fraction:
    return Fraction(*_known(unit))


def _known(unit: Share) -> tuple[int, int]:
    if unit.assigned is None or not unit.total:
        raise ValueError("a share is unknown where the licenses are, or none was bought")
    return unit.assigned, unit.total
