"""A run of a report as hooks get it: its record as JSON, as ``runs show --json`` has it."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from partnerctl.clock import timestamp
from partnerctl.domain.records import ReportRun


def record_json(run: ReportRun) -> bytes:
    """Return the record of a run as one JSON object, in UTF-8, with a line end."""
    record = {one.name: _plain(getattr(run, one.name)) for one in fields(run)}
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timestamp(value)
    return value.isoformat() if isinstance(value, date) else value
