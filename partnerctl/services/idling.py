"""Idling: how a tick knows, without reading the schedules, that nothing is due (``cli.md``, tick).

The last tick that looked at everything leaves a word in the store: what the schedules file was like, and
until when nothing will be due. A tick that finds both true ends at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partnerctl.clock import timestamp

if TYPE_CHECKING:
    from partnerctl.scheduling.entries import Schedule
    from partnerctl.stores.contract import Slots, Store

FACT = "tick.idle"
"""The fact of the store that holds the word."""

LONGEST = timedelta(hours=1)
"""How long a tick may rely on it: time zones are changed by law, and files of zones are replaced."""


def is_idle(store: Store, mark: str, now: datetime) -> bool:
    """Tell whether nothing is due, by the word of an earlier tick; `mark` is what the file is like now."""
    said, _, until = (store.fact(FACT) or "").rpartition(" ")
    return said == mark and timestamp(now) < until


def keep_word(slots: Slots, schedules: Iterable[Schedule], mark: str, now: datetime) -> datetime:
    """Write until when nothing will be due, as things stand in this transaction, and return it."""
    from partnerctl.scheduling.times import next_due

    instants = [now + LONGEST]
    instants += (slot.lease_until or slot.retry_at or now for slot in slots.open())
    for schedule in schedules:
        due = next_due(schedule.expression(), schedule.zone, now, now + LONGEST)
        if due is not None:
            instants.append(due)
    until = min(instants)
    slots.set_fact(FACT, f"{mark} {timestamp(until)}")
    return until
