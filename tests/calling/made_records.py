"""Call detail records for tests: made ones, as Webex writes them, and what a folder of them holds."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

ORG = "11111111-1111-4111-8111-111111111111"

HEADERS = (
    *("Start time", "Answer time", "Duration", "Correlation ID", "Location", "Direction", "Call type"),
    *("Client type", "Model", "Answered", "User type", "User UUID", "Org UUID", "Report ID", "Site UUID"),
    *("Releasing party", "Release time", "Report time", "User", "Original reason", "Related reason"),
)
"""Some columns of the Calling Detailed Call History."""


def record(report_id: str, **cells: str) -> dict[str, str]:
    """Return a record with usual values; `cells` are other ones, by header with _ for blanks."""
    usual = {
        "Start time": "2026-11-23T10:00:00.000Z",
        "Answer time": "2026-11-23T10:00:05.000Z",
        "Duration": "60",
        "Correlation ID": f"call-{report_id}",
        "Location": "Head office",
        "Direction": "ORIGINATING",
        "Call type": "SIP_ENTERPRISE",
        "Client type": "WXC_CLIENT",
        "Model": "NA",
        "Answered": "true",
        "User type": "User",
        "User UUID": "user-1",
        "Org UUID": ORG,
        "Report ID": report_id,
        "Site UUID": "site-1",
        "Report time": "2026-11-23T10:02:00.000Z",
    }
    return usual | {name.replace("_", " "): value for name, value in cells.items()}


def write_csv(path: Path, records: Iterable[Mapping[str, str]], headers: Iterable[str] = HEADERS) -> Path:
    """Write records as a Calling Detailed Call History; return the path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(headers), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    return path


def kept(root: Path, columns: str = "report_id, duration", kind: str = "calls") -> list[tuple[Any, ...]]:
    """Return the records that any reader of Parquet finds in the folder, in the order of `columns`."""
    files = root / kind / "day=*" / f"{kind}.parquet"
    if not list((root / kind).glob(f"day=*/{kind}.parquet")):
        return []
    return duckdb.execute(f"SELECT {columns} FROM read_parquet('{files}') ORDER BY ALL").fetchall()
