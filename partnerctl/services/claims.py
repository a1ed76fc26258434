"""A claim on a due time: a lease that is prolonged while its run lives, and may be lost to another tick."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partnerctl.errors import Locked

if TYPE_CHECKING:
    from partnerctl.clock import Clock
    from partnerctl.domain.slots import Slot
    from partnerctl.stores.contract import Store

LEASE = timedelta(minutes=5)
"""How long a claim holds without a word: a run that has died is taken over after that."""

RENEWED_EVERY = timedelta(minutes=1)
"""How often a run that is writing says that it lives."""


NO_TIME = timedelta(0)


class ClaimLost(Exception):
    """Another tick has taken a due time over, or nobody can tell: whoever had it stops, and ends nothing."""


@dataclass(slots=True)
class Claim:
    """The claim of `owner` on a slot; `until` is when its lease is over."""

    store: Store
    clock: Clock
    slot: Slot
    owner: str
    until: datetime
    renewed: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.renewed = self.clock.now()

    def keep_path(self, path: str | None) -> None:
        """Write down where the file will stand, before a byte does: whoever takes over replaces it.

        Raises ClaimLost where the claim is lost, or where the store cannot be written just now.
        """
        try:
            self._renew(LEASE, path)
        except Locked as fault:
            raise ClaimLost from fault

    def stay(self) -> None:
        """Prolong it where a minute has passed; raises ClaimLost."""
        if self.clock.now() - self.renewed >= RENEWED_EVERY:
            self.make_sure()

    def make_sure(self, longer: timedelta = LEASE, needed: timedelta = NO_TIME) -> None:
        """Prolong it by `longer`; raises ClaimLost where it is lost.

        Where the store cannot be written just now, it holds as long as its lease does: for `needed` at least,
        else it counts as lost.
        """
        try:
            self._renew(longer, None)
        except Locked as fault:
            if self.clock.now() + needed >= self.until:
                raise ClaimLost from fault

    def _renew(self, longer: timedelta, path: str | None) -> None:
        now = self.clock.now()
        with self.store.slots() as slots:
            held = slots.renew(self.slot.run_id, self.owner, now + longer, path)
        if not held:
            raise ClaimLost
        self.renewed, self.until = now, now + longer
