"""Idling: how a tick knows, without reading the schedules, that nothing is due (``cli.md``, tick).

The last tick that looked at everything leaves a word in the store: what the schedules file was like, and
until when nothing will be due. A tick that finds both true ends at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partnerctl.clock import timestamp

if TYPE_CHECKING:
    from partnerctl.services.settling import Settled
    from partnerctl.stores.contract import Slots, Store

FACT = "tick.idle."
"""What the fact of the store is called that holds the word, before the name of the profile."""

LONGEST = timedelta(hours=1)
"""How long a tick may rely on it: time zones are changed by law, and files of zones are replaced."""


def is_idle(store: Store, profile: str, mark: str, now: datetime) -> bool:
    """Tell whether nothing is due, by the word of an earlier tick; `mark` is what the file is like now."""
    said = (store.fact(f"{FACT}{profile}") or "").split(" ")
    # a clock that was years ahead when that was written must not silence the years between
    return len(said) == 3 and said[0] == mark and said[1] <= timestamp(now) < said[2]


def keep_word(slots: Slots, settled: Settled, profile: str, mark: str, now: datetime) -> datetime:
    """Write until when nothing will be due, as things stand in this transaction, and return it."""
    from partnerctl.scheduling.times import next_due

    instants = [now + LONGEST]
    instants += (
        slot.lease_until or slot.retry_at or now
        for slot in slots.open()
        if slot.schedule not in settled.others
    )
    for schedule in settled.running:
        due = next_due(schedule.expression(), schedule.zone, now, now + LONGEST)
        if due is not None:
            instants.append(due)
    until = min(instants)
    slots.set_fact(f"{FACT}{profile}", f"{mark} {timestamp(now)} {timestamp(until)}")
    return until
