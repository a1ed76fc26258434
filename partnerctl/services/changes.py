"""What changed, between two days or since somebody last looked (``cli.md``, changes)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from partnerctl.domain.change_kinds import summary
from partnerctl.domain.records import Change
from partnerctl.domain.units import days_from
from partnerctl.errors import UsageError
from partnerctl.services.questions import answer, question_for
from partnerctl.services.rights import RUN_REPORTS, require
from partnerctl.stores.terms import ChangeSpan

if TYPE_CHECKING:
    from partnerctl.services.answers import Answer
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store
    from partnerctl.stores.terms import Question

USUAL_DAYS = 7
"""Days of a period that has no beginning, its last one included."""


@dataclass(frozen=True, slots=True)
class WantedChanges:
    """Which changes are wanted; None leaves a side open.

    `since` and `until` are days, both included; without `since` they are the seven days up to `until`,
    without `until` those up to today. `after` asks instead for all that was learned after that number.
    `kinds`: any of them will do.
    """

    since: date | None = None
    until: date | None = None
    after: int | None = None
    kinds: tuple[str, ...] = ()


def list_changes(
    store: Store, asked: Asked, wanted: WantedChanges, *, summarized: bool = False
) -> Answer[Change]:
    """Return the changes of a period, by day; or those learned after a number, in the order of learning.

    With a number, a note tells the one to go on from; `summarized`, another counts them by kind. Raises
    UsageError for a bad query, for a period that ends before it begins, and for a number beyond the newest;
    StaleData by age.
    """
    require(store, asked.me, RUN_REPORTS)
    asked = replace(asked, options=(*asked.options, ("kind", "--kind", wanted.kinds)))
    question = question_for(store, "changes", asked)
    span = span_of(store, wanted, asked.today)
    notes: list[str] = []
    if summarized and (counts := store.change_counts(question, span)):
        period = "" if span.after is not None else f"{span.since} to {span.until}: "
        notes.append(period + summary(counts))
    found = store.changes(question, span)
    if span.after is not None:
        notes.append(_next(store, question, span, found.total))
    return answer(store, asked, question, Change, found, tuple(notes))


def span_of(store: Store, wanted: WantedChanges, today: date) -> ChangeSpan:
    """Return the span that is wanted on the day `today`; raises UsageError where it is none."""
    if wanted.after is not None:
        if wanted.since is not None or wanted.until is not None:
            raise UsageError(
                "--after and a period exclude each other",
                "give --after SEQ alone, or --since DAY and --until DAY",
            )
        newest = store.newest_change()
        if wanted.after > newest:
            raise UsageError(
                f"--after: {wanted.after} lies beyond the newest change, {newest}",
                "the store was restored, or made anew: begin again with --after 0",
            )
        return ChangeSpan(after=wanted.after, newest=newest)
    until = wanted.until or today
    if wanted.since is None:
        return ChangeSpan(days_from(until, 1 - USUAL_DAYS), until)
    if until < wanted.since:
        if wanted.until is None:
            raise UsageError(f"--since: {wanted.since} lies after today, {today}", "give --until DAY too")
        raise UsageError(
            f"--until: {until} lies before --since, {wanted.since}", "write the earlier day in --since"
        )
    return ChangeSpan(wanted.since, until)


def _next(store: Store, question: Question, span: ChangeSpan, total: int | None) -> str:
    """Return the note on the number from which to go on, so that nothing is missed and nothing told twice."""
    last = span.newest
    if question.limit is not None and total is not None and total > question.limit:
        if question.sort:
            return "--sort with --limit leaves out changes in between: there is no number to go on from"
        last = store.last_change(question, span)
    return f"next: partnerctl changes --after {last}"
