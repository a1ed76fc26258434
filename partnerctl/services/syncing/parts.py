"""What can be fetched from Webex, part by part, and what became of each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partnerctl.errors import UsageError

PARTS = ("organizations", "licenses", "tags", "admins", "locations", "devices", "numbers", "reports")
"""Every part, in the order in which they are told."""

BY_CUSTOMER = ("licenses", "admins", "locations", "devices", "numbers")
"""The parts that are asked for customer by customer, in the order in which they are asked."""

NEEDS: dict[str, tuple[str, ...]] = {"devices": ("locations", "numbers"), "numbers": ("locations",)}
"""What a part is asked together with: its rows name a device's phone number, a number's country."""

_LATER = "calls"


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
    """Return the parts that ``--only`` names, separated by commas or given several times; all without any.

    Raises UsageError for a part that there is not.
    """
    named = [word.strip() for text in words for word in text.split(",") if word.strip()]
    if not named and words:
        raise UsageError("--only: no part is named", f"choose from: {', '.join(PARTS)}")
    for word in named:
        if word == _LATER:
            raise UsageError(
                "--only: call records cannot be fetched by this version",
                "download them from Partner Hub or Control Hub",
            )
        if word not in PARTS:
            from partnerctl.domain.folding import did_you_mean

            raise UsageError(
                f"--only: there is no part {word!r}",
                did_you_mean(word, PARTS, f"choose from: {', '.join(PARTS)}"),
            )
    return tuple(part for part in PARTS if part in named or not named)


def asked_with(parts: Sequence[str]) -> tuple[str, ...]:
    """Return what is asked of each customer for `parts`: those, and what their rows name."""
    needed = {part for one in parts for part in (one, *NEEDS.get(one, ()))}
    return tuple(part for part in BY_CUSTOMER if part in needed)
