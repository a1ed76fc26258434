"""Charts of license analytics: the trend, what ends by month, who is over the limit (PH-K2, PH-K4, PH-K7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from partnerctl.domain.products import FAMILY_NAMES
from partnerctl.domain.records import Section, TrendPoint, UnitRow
from partnerctl.domain.records.kpis import OverageRow
from partnerctl.domain.units import families_of, sum_of
from partnerctl.output.chart import BarChart, Chart, LineChart, Series

MOST_CUSTOMERS = 20
"""Customers that a chart shows at most."""

_LONGEST_ROW_OF_MONTHS = 60
_ENDING = {"expiring": "Licenses that expire, by month", "renewing": "Licenses that renew, by month"}


def trend_chart(points: Sequence[TrendPoint], product: str, region: str | None) -> LineChart:
    """Return the chart of the trend: bought, assigned and used licenses over the Saturdays."""
    measures = {
        "bought": "total",
        "assigned": "assigned",
        "used in 7 days": "used_7d",
        "ever used": "used_ever",
    }
    return LineChart(
        "License distribution trend",
        subtitle(product, region, points[-1].week_ending if points else None),
        "licenses",
        tuple(point.week_ending for point in points),
        tuple(Series(name, tuple(getattr(p, measure) for p in points)) for name, measure in measures.items()),
    )


def section_chart(section: Section, rows: Sequence[UnitRow]) -> Chart | None:
    """Return the chart of all the rows of a section; None where a picture says no more than they do."""
    if not rows:
        return None
    if section.section in _ENDING:
        return _ends_by_month(section, rows)
    return _overage_by_customer(section, rows) if section.section == "overage" else None


def subtitle(product: str, region: str | None, as_of: date | None) -> str:
    """Return the line below a title: what is counted, where, and when."""
    families = " and ".join(FAMILY_NAMES[family] for family in families_of(product))
    words = [families, f"region {region}" if region else "every region"]
    return " · ".join([*words, f"as of {as_of}"] if as_of else words)


def _ends_by_month(section: Section, every_row: Sequence[UnitRow]) -> BarChart:
    months: dict[str, list[UnitRow]] = {month: [] for month in _months(every_row)}
    for row in every_row:
        if row.end_date is not None:
            months.setdefault(f"{row.end_date:%Y-%m}", []).append(row)
    parts = {
        "assigned": [_sum(rows, "assigned") for rows in months.values()],
        "not assigned": [_sum(rows, "available") for rows in months.values()],
    }
    return BarChart(
        _ENDING[section.section],
        subtitle(section.product, section.region, section.as_of),
        "licenses",
        "month",
        tuple(months),
        tuple(Series(name, tuple(values)) for name, values in parts.items()),
    )


def _months(rows: Iterable[UnitRow]) -> list[str]:
    """Return every month from the first end to the last; only those of the ends where there were too many."""
    ends = sorted({(row.end_date.year, row.end_date.month) for row in rows if row.end_date is not None})
    if not ends:
        return []
    first, last = (year * 12 + month - 1 for year, month in (ends[0], ends[-1]))
    if last - first >= _LONGEST_ROW_OF_MONTHS:
        return [f"{year:04}-{month:02}" for year, month in ends]
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(first, last + 1)]


def _sum(rows: list[UnitRow], measure: str) -> int | None:
    return sum_of(getattr(row, measure) for row in rows)


def _overage_by_customer(section: Section, rows: Sequence[UnitRow]) -> BarChart:
    over: dict[tuple[str, str], int] = {}
    for row in rows:
        if isinstance(row, OverageRow):
            key = row.customer or row.org_id, row.org_id
            over[key] = over.get(key, 0) + row.overage
    most = sorted(over.items(), key=lambda item: (-item[1], item[0]))[:MOST_CUSTOMERS]
    shown = f" ({len(most)} of {len(over)})" if len(most) < len(over) else ""
    return BarChart(
        f"Licenses over the limit, by customer{shown}",
        subtitle(section.product, section.region, section.as_of),
        "licenses over the limit",
        "customer",
        tuple(name for (name, _), _ in most),
        (Series("over the limit", tuple(count for _, count in most)),),
        horizontal=True,
    )
