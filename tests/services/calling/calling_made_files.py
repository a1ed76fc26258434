"""Made data as files: records as CSV, JSON lines or JSON; the other kinds as CSV, one file per period."""

from __future__ import annotations

import csv
import json
import random
import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.services.calling.calling_oracle_data import Data, Row

ROOT = Path(__file__).resolve().parents[3]

HEADERS = (
    *("Start time", "Answer time", "Duration", "Calling number", "Called number", "User", "Correlation ID"),
    *("Location", "Direction", "Call type", "Client type", "Sub client type", "Model", "Answered"),
    *("Original reason", "Related reason", "Redirect reason", "User type", "User UUID", "Org UUID"),
    *("Report ID", "Site UUID", "Releasing party", "Redirecting number", "Transfer related call ID"),
    *("User number", "Release time", "Report time", "Call Recording Result", "Public Calling IP Address"),
    *("Public Called IP Address", "Auto Attendant Key Pressed"),
)
MEDIA_HEADERS = {
    "org_id": "Org UUID",
    "start_time": "Start time",
    "location": "Location",
    "user_name": "User name",
    "client_type": "Client type",
    "model": "Model",
    "call_quality": "Call quality",
    "duration": "Duration (s)",
    "audio_jitter": "Audio jitter (ms)",
    "audio_latency": "Audio latency (ms)",
    "audio_packet_loss": "Audio packet loss (%)",
    "video_jitter": "Video jitter (ms)",
    "video_latency": "Video latency (ms)",
    "video_packet_loss": "Video packet loss (%)",
    "video_duration": "Video duration (s)",
}
STATS_HEADERS = {
    "org_id": "Org UUID",
    "queue": "Call Queue",
    "location": "Location",
    "total_wait_seconds": "Total Wait Time",
    "avg_wait_seconds": "Avg Wait Time",
    "answered_calls": "Answered Calls",
    "abandoned_calls": "Abandoned Calls",
    "avg_abandoned_seconds": "Avg Abandoned Time",
    "total_abandoned_seconds": "Total Abandoned Time",
    "total_calls": "Total Calls",
    "calls_overflowed": "Calls Overflowed",
    "calls_timed_out": "Calls Timed Out",
    "calls_transferred": "Calls Transferred",
}


def write_records_csv(path: Path, records: Sequence[Row], seed: int = 0) -> Path:
    """Write records as CSV: the columns shuffled, the headers in odd case."""
    rng = random.Random(seed)
    headers = list(HEADERS)
    rng.shuffle(headers)
    shown = [rng.choice((str, str, str.upper, str.lower, str.title))(header) for header in headers]
    _write(path, shown, [[record.get(header) or "" for header in headers] for record in records])
    return path


def write_records_lines(path: Path, records: Sequence[Row]) -> Path:
    """Write records as JSON lines; durations are numbers, and a field without a value may be absent."""
    lines = [json.dumps(_json(record), ensure_ascii=False) for record in records]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def write_records_items(path: Path, records: Sequence[Row]) -> Path:
    """Write records as one document, as the API answers: ``{"items": []}``."""
    path.write_text(json.dumps({"items": [_json(record) for record in records]}), encoding="utf-8")
    return path


def _json(record: Row) -> Row:
    duration = record.get("Duration", "")
    return {**record, "Duration": int(duration)} if str(duration).isdigit() else dict(record)


def write_media(path: Path, data: Data) -> Path:
    """Write the measured legs as one Calling Media Quality file."""
    _write(
        path, list(MEDIA_HEADERS.values()), [[_text(r.get(key)) for key in MEDIA_HEADERS] for r in data.media]
    )
    return path


def write_queue_stats(folder: Path, data: Data) -> list[tuple[Path, date, date]]:
    """Write a Call Queue Stats file per period; returns each with the first and the last day of it."""
    written = []
    for since, until in _periods(data.queue_stats):
        path = folder / f"queues-{since}-{until}.csv"
        rows = [r for r in data.queue_stats if (r["since"], r["until"]) == (since, until)]
        _write(
            path, list(STATS_HEADERS.values()), [[_text(r.get(key)) for key in STATS_HEADERS] for r in rows]
        )
        written.append((path, since, until))
    return written


def usage_headers() -> dict[str, str]:
    """Return the English headers of the template calling-usage, by key."""
    template = tomllib.loads((ROOT / "templates" / "calling-usage.toml").read_text(encoding="utf-8"))
    return {column["key"]: column["en"] for column in template["columns"]}


def write_usage(folder: Path, data: Data) -> list[tuple[Path, date, date]]:
    """Write a file of Partner Hub's Calling usage per period; returns each with its first and last day."""
    headers, written = usage_headers(), []
    for since, until in _periods(data.usage):
        path = folder / f"usage-{since}-{until}.csv"
        rows = [r for r in data.usage if (r["since"], r["until"]) == (since, until)]
        named = [{**row, "customer": data.name(row["org_id"])} for row in rows]
        _write(path, list(headers.values()), [[_text(row.get(key)) for key in headers] for row in named])
        written.append((path, since, until))
    return written


def _periods(rows: list[Row]) -> list[tuple[date, date]]:
    return sorted({(row["since"], row["until"]) for row in rows})


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat(timespec="milliseconds") + "Z" if isinstance(value, datetime) else str(value)


def _write(path: Path, headers: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows(rows)
