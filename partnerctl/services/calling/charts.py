"""Charts of calling analytics: quality by week and by endpoint type, features (PH-L2, PH-L3, PH-L5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from partnerctl.domain.calling.weeks import TREND_WEEKS
from partnerctl.domain.figures import pct
from partnerctl.output.chart import BarChart, Series
from partnerctl.services.calling.asking import WEEK, Span

if TYPE_CHECKING:
    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.domain.records import CallingFeature, CallingQuality
    from partnerctl.services.answers import Answer
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

QUALITIES = ("good", "poor", "unknown")
"""The parts of each bar of legs; unknown is a part of its own, never good."""

R = TypeVar("R")
H = TypeVar("H", bound="Heard")
K = TypeVar("K", bound=Hashable)
Service = Callable[["Store", "CallingPlace", "Asked", Span], "Answer[R]"]
"""What counts: one of the services of calling analytics."""


class Heard(Protocol):
    """A row that says how well legs were heard."""

    @property
    def good(self) -> int:
        """The good legs."""

    @property
    def poor(self) -> int:
        """The poor legs."""

    @property
    def unknown(self) -> int:
        """The legs that nothing measured."""


class HeardOn(Heard, Protocol):
    """Such a row of one endpoint type."""

    @property
    def endpoint(self) -> str:
        """The endpoint type."""


def chart_of(
    name: str,
    service: Service[Any],
    store: Store,
    place: CallingPlace,
    asked: Asked,
    span: Span,
    shown: Answer[Any],
) -> BarChart | None:
    """Return the chart of what `service`, called `name`, counts; None where there is nothing to draw.

    It is of every row, whatever ``--limit`` leaves of them in `shown`; of quality it is over the weeks,
    whatever the rows are about. Raises as the service does.
    """
    drawn = weekly_span(span) if name == "quality" else span
    rows = shown.records
    if drawn != span or asked.limit is not None:
        rows = service(store, place, replace(asked, sort=(), limit=None), drawn).records
    return _CHARTS[name](tuple(rows), drawn.resolved(asked.today), asked.region)


def weekly_span(span: Span) -> Span:
    """Return the weeks that a chart over time shows: those asked for with ``--by week``, else 8 or more."""
    if span.by == WEEK:
        return span
    return Span(span.week, max(span.weeks or TREND_WEEKS, TREND_WEEKS), WEEK)


def quality_chart(
    rows: Sequence[CallingQuality], weeks: Sequence[date], region: Sequence[str] = ()
) -> BarChart | None:
    """Return good, poor and unknown legs by week, from rows `by week`; None where no week has any.

    A week without a row is unknown. The name of a bar says how many of the measured legs were poor.
    """
    if not rows:
        return None
    sums = _sums(rows, lambda one: one.week)
    bars = [sums.get(week) for week in weeks]
    return BarChart(
        "Call quality, by week",
        subtitle(weeks, region),
        "legs",
        _label("week", bars),
        tuple(_named(week.isoformat(), legs) for week, legs in zip(weeks, bars, strict=True)),
        _parts(bars),
    )


def endpoints_chart(
    rows: Iterable[HeardOn], weeks: Sequence[date], region: Sequence[str] = ()
) -> BarChart | None:
    """Return good, poor and unknown legs by endpoint type, the most first; None where none has any.

    Types that Webex does not measure, or on which nobody answered, have no bar. The name of a bar says how
    many of the measured legs were poor.
    """
    sums = {endpoint: legs for endpoint, legs in _sums(rows, lambda one: one.endpoint).items() if any(legs)}
    if not sums:
        return None
    ordered = sorted(sums.items(), key=lambda item: (-sum(item[1]), item[0]))
    return BarChart(
        "Call quality, by endpoint type",
        subtitle(weeks, region),
        "legs",
        _label("endpoint", sums.values()),
        tuple(_named(endpoint, legs) for endpoint, legs in ordered),
        _parts([legs for _, legs in ordered]),
        horizontal=True,
    )


def features_chart(
    rows: Iterable[CallingFeature], weeks: Sequence[date], region: Sequence[str] = ()
) -> BarChart | None:
    """Return the calls that used each feature, the most first; None where none was used."""
    sums: dict[str, int] = defaultdict(int)
    for one in rows:
        sums[one.feature] += one.calls
    if not sums:
        return None
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return BarChart(
        "Features, by calls",
        subtitle(weeks, region),
        "calls",
        "feature",
        tuple(feature for feature, _ in ordered),
        (Series("calls", tuple(calls for _, calls in ordered)),),
        horizontal=True,
    )


_CHARTS: dict[str, Callable[..., BarChart | None]] = {
    "quality": quality_chart,
    "endpoints": endpoints_chart,
    "features": features_chart,
}


def subtitle(weeks: Sequence[date], region: Sequence[str]) -> str:
    """Return the line below a title: the first and the last day of the weeks, and where."""
    where = f"region {','.join(region)}" if region else "every region"
    return f"{weeks[0]} to {weeks[-1] + timedelta(days=6)} · {where}"


def _sums(rows: Iterable[H], key: Callable[[H], K]) -> dict[K, tuple[int, ...]]:
    sums: dict[K, tuple[int, ...]] = {}
    for one in rows:
        before = sums.get(key(one), (0, 0, 0))
        sums[key(one)] = tuple(a + b for a, b in zip(before, (one.good, one.poor, one.unknown), strict=True))
    return sums


def _poor_pct(legs: Sequence[int] | None) -> float | None:
    good, poor, _ = legs or (0, 0, 0)
    return pct(poor, good + poor)


def _named(name: str, legs: Sequence[int] | None) -> str:
    """Return the name of a bar, with the part of the measured legs that is poor where any was measured."""
    poor_pct = _poor_pct(legs)
    return name if poor_pct is None else f"{name}, {poor_pct} %"


def _label(name: str, bars: Iterable[Sequence[int] | None]) -> str:
    """Return the title of the axis of such names."""
    return name if all(_poor_pct(legs) is None for legs in bars) else f"{name}, poor"


def _parts(bars: Sequence[tuple[int, ...] | None]) -> tuple[Series, ...]:
    return tuple(
        Series(name, tuple(None if bar is None else bar[at] for bar in bars))
        for at, name in enumerate(QUALITIES)
    )
