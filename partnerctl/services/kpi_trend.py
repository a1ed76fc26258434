"""The trend of license distribution: one point per Saturday (PH-K2; ``kpis.md``, trend)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from partnerctl.domain.records import TrendPoint
from partnerctl.domain.units import families_of
from partnerctl.services.answers import Answer
from partnerctl.services.arranging import arranged
from partnerctl.services.questions import left_out_note, look_at, question_for
from partnerctl.services.rights import RUN_REPORTS, require

if TYPE_CHECKING:
    from partnerctl.services.kpis import Choice
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

WEEKS = 26
"""Points that the trend has, where nobody says how many."""

OLD_AFTER_DAYS = 14
"""Figures older than this, on the day of a point, are worth a note."""


def trend(store: Store, asked: Asked, choice: Choice, weeks: int = WEEKS) -> Answer[TrendPoint]:
    """Return what was bought, assigned and used on each of the last `weeks` Saturdays, oldest first.

    Each point says what was known on its day; query and region choose subscriptions by what is known on
    the day that is asked for. Raises UsageError for a bad query or sort, StaleData by age.
    """
    require(store, asked.me, RUN_REPORTS)
    known = look_at(store, asked)
    question = question_for(store, "subscriptions", replace(asked, sort=(), limit=None))
    saturdays = saturdays_until(question.today, weeks)
    found = store.trend(question, families_of(choice.product), saturdays, OLD_AFTER_DAYS)
    points = [TrendPoint(one.day, *one.figures, one.customers) for one in found.days]
    notes = list(known.notes)
    if found.left_out:
        notes.append(left_out_note(found.left_out, question.where.unknown_fields))
    notes += _old_note(found.old)
    answer = arranged(TrendPoint, points, asked.sort, asked.limit, tuple(notes), known.newest)
    return replace(answer, records=tuple(answer.records))


def saturdays_until(day: date, count: int) -> list[date]:
    """Return the last `count` Saturdays up to `day`, oldest first; `day` itself may be the last."""
    last = day.toordinal() - (day.weekday() - 5) % 7
    return [date.fromordinal(one) for one in range(last - 7 * (count - 1), last + 1, 7) if one >= 1]


def _old_note(days: tuple[date, ...]) -> list[str]:
    """Return the note on points that rest on old figures."""
    if not days:
        return []
    which = f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]} ({len(days)} points)"
    return [f"{which}: the newest figures were older than {OLD_AFTER_DAYS} days"]
