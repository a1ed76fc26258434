"""What can be fetched from Webex, part by part, and what became of each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partnerctl.errors import UsageError

PARTS = ("organizations", "licenses", "tags", "admins", "locations", "devices", "numbers", "reports")
"""Every part that a plain sync fetches, in the order in which they are told."""

CALLS = "calls"
"""The part that is fetched where it is named alone: it takes long."""

EVERY_PART = (*PARTS, CALLS)
"""Every part that there is, in the order in which they are told."""

BY_CUSTOMER = ("licenses", "admins", "locations", "devices", "numbers")
"""The parts that are asked for customer by customer, in the order in which they are asked."""

NEEDS: dict[str, tuple[str, ...]] = {"devices": ("locations", "numbers"), "numbers": ("locations",)}
"""What a part is asked together with: its rows name a device's phone number, a number's country."""


@dataclass(slots=True)
class Outcome:
    """What becomes of one part while it is fetched. `error` is why the first customer that failed did.

    `off`: nobody is asked any more, for it is refused. `left` are customers that were not reached.
    """

    customers: int = 0
    failed: int = 0
    rows: int = 0
    error: str | None = None
    off: bool = False
    left: int = 0

    @property
    def status(self) -> str:
        """The status, as records have it."""
        if self.failed or self.off or self.left:
            return "partly" if self.customers else "failed"
        return "done"


def read_parts(words: Sequence[str]) -> tuple[str, ...]:
    """Return the parts that ``--only`` names, separated by commas or given several times; without any, PARTS.

    Raises UsageError for a part that there is not.
    """
    named = [word.strip() for text in words for word in text.split(",") if word.strip()]
    if not named and words:
        raise UsageError("--only: no part is named", f"choose from: {', '.join(EVERY_PART)}")
    for word in named:
        if word not in EVERY_PART:
            from partnerctl.domain.folding import did_you_mean

            raise UsageError(
                f"--only: there is no part {word!r}",
                did_you_mean(word, EVERY_PART, f"choose from: {', '.join(EVERY_PART)}"),
            )
    return tuple(part for part in EVERY_PART if part in named) or PARTS


def asked_with(parts: Sequence[str]) -> tuple[str, ...]:
    """Return what is asked of each customer for `parts`: those, and what their rows name."""
    needed = {part for one in parts for part in (one, *NEEDS.get(one, ()))}
    return tuple(part for part in BY_CUSTOMER if part in needed)
