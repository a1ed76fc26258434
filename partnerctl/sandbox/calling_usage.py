"""The Calling usage report: made figures of every location."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from partnerctl.demo.inventories import make_inventory
from partnerctl.demo.made import Demo
from partnerctl.demo.plans import LAST
from partnerctl.sandbox.ids import rng_of

_QUEUE = ("Total calls", "Timed out calls", "Overflowed calls", "Transferred calls", "Abandoned calls")
_KINDS = ("internal", "toll-free", "premium", "integrated audio", "national", "inbound", "operator", "Spark")
_MORE_KINDS = ("short code", "international", "mobile", "emergency", "unknown")

CALLING_HEADERS: tuple[str, ...] = (
    *("Customer name", "Organization ID", "Location", "Total calls", "Total call legs"),
    *("Total poor quality calls", "Call minutes", "Call minutes - Video"),
    *("Call legs - Audio", "Call legs - Video"),
    *("Call legs - Desk phone", "Call legs - Room device", "Call legs - Other devices"),
    *("Calls - Hunt group calls", "Calls - Auto attendant calls"),
    *(f"Call queue - {what}" for what in _QUEUE),
    *(f"Total {kind} calls" for kind in (*_KINDS, *_MORE_KINDS)),
)
"""The headers of its 33 columns."""


def calling_rows(demo: Demo) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the report, by customer: figures that are the same whenever they are asked for."""
    for plan in sorted(demo.plans(), key=lambda plan: (plan.name, plan.org_id)):
        if plan.gone != LAST:
            continue
        for location_id, _, name, _ in make_inventory(plan).locations:
            rng = rng_of("calling", location_id)
            calls = rng.randint(0, 40 * plan.users)
            legs = calls + rng.randint(0, calls)
            figures = [calls, legs, legs * rng.randint(0, 40) // 1000, legs * 3, legs // 5]
            shares = [legs * rng.randint(0, 150) // 1000 for _ in CALLING_HEADERS[8:]]
            yield (plan.name, plan.org_id, name, *figures, *shares)
