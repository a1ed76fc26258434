"""``sync --only calls`` from the sandbox into the folder of calling records, and once more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.webex import made_webex
from tests.conftest import Cli


def kept_ids(folder: Path) -> set[str]:
    """Return the ids of the records that a folder of calling records holds."""
    import duckdb

    files = [str(path) for path in (folder / "calls").rglob("*.parquet")]
    found = duckdb.read_parquet(files).select("report_id").distinct().fetchall()
    return {str(one) for (one,) in found}


def test_call_records_from_webex_into_the_folder(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "calling"
    monkeypatch.setenv("PARTNERCTL_CALLING_PATH", str(folder))
    made_webex(monkeypatch, customers=3)
    done = cli("sync", "--only", "calls", "--since", "2026-11-22", "--json")
    (part,) = done.json
    assert (part["part"], part["status"], part["rows"]) == ("calls", "done", 2240)
    ids = kept_ids(folder)
    assert len(ids) == 2150  # one a minute, from the 22nd 00:00 to the 23rd 11:50; 90 of them came twice
    again = cli("sync", "--only", "calls", "--since", "2026-11-22", "--json")
    assert again.json[0]["status"] == "done"
    assert kept_ids(folder) == ids
