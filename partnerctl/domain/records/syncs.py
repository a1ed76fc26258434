"""What a sync fetched from Webex, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class SyncedPart:
    """What came of one part of a sync; of reports, of one template in one region.

    `status`: ``done``, ``partly`` (some customers could not be fetched), ``failed``, ``skipped``.
    `customers` were fetched, `failed` could not be (None for a report); `rows` is how many things were
    fetched; `run_id` is None where nothing was stored.
    """

    part: str
    template: str | None
    region: str | None
    status: str
    day: date | None
    at: datetime
    customers: int | None
    failed: int | None
    rows: int
    run_id: int | None
    error: str | None
