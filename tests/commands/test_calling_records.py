"""``calls``: what the folder of calling records holds, and deleting what is old."""

from pathlib import Path

import pytest

from tests.commands.calling_weeks import calling
from tests.conftest import Cli

__all__ = ["calling"]

KEPT = """\
kind,since,until,days,records
calls,2026-11-10,2026-11-18,6,12
media,2026-11-10,2026-11-16,2,3
queue_stats,,,0,0
usage,,,0,0
"""

PRUNED = """\
kind,before,days,records
calls,2026-11-14,3,5
media,2026-11-14,1,1
queue_stats,2026-11-14,0,0
usage,2026-11-14,0,0
"""


def kept(calling: Cli) -> str:
    return calling("calls", "info", "-o", "csv", "--fields", "kind,since,until,days,records").stdout


def test_info_tells_what_there_is_of_each_kind(calling: Cli, home: Path) -> None:
    assert kept(calling) == KEPT
    (calls, *_) = calling("calls", "info", "--json").json
    files = (home / "data" / "default-calling" / "calls").rglob("*.parquet")
    assert calls["path"] == str(home / "data" / "default-calling" / "calls")
    assert calls["bytes"] == sum(file.stat().st_size for file in files)


def test_prune_deletes_old_days_once_it_is_confirmed(calling: Cli) -> None:
    words = ("calls", "prune", "--older-than", "9d", "-o", "csv", "--fields", "kind,before,days,records")

    rehearsed = calling(*words, "--dry-run")
    refused = calling(*words, expect=2)

    assert (rehearsed.stdout, rehearsed.stderr) == (PRUNED, "dry run: nothing was deleted\n")
    assert refused.stdout == ""
    assert "6 records of 4 days before 2026-11-14 are deleted for good" in refused.stderr
    assert kept(calling) == KEPT

    assert calling(*words, "--yes").stdout == PRUNED
    assert "calls,2026-11-16,2026-11-18,3,7\n" in kept(calling)
    (entry,) = [one for one in calling("audit", "list", "--json").json if one["action"] == "calls prune"]
    assert entry["object"] == "calling records"


def test_nobody_at_the_terminal_agrees(calling: Cli) -> None:
    result = calling("calls", "prune", "--older-than", "9d", input="n\n", terminal=True, expect=130)

    assert "Go on? [y/N]" in result.stderr
    assert kept(calling) == KEPT


def test_nothing_old_needs_no_confirmation(calling: Cli) -> None:
    result = calling("calls", "prune", "--older-than", "400d")

    assert result.stderr == "nothing is older than 2025-10-19\n"
    assert kept(calling) == KEPT


def test_an_empty_folder_is_told_as_such(cli: Cli) -> None:
    pytest.importorskip("duckdb")

    found = cli("calls", "info", "--json").json

    assert [(one["kind"], one["days"], one["since"]) for one in found] == [
        (kind, 0, None) for kind in ("calls", "media", "queue_stats", "usage")
    ]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["prune"], "error: missing option '--older-than'\n"),
        (["prune", "--older-than", "soon"], "error: --older-than: "),
        (["info", "--limit", "1"], "error: no such option '--limit'"),
    ],
)
def test_what_is_refused(cli: Cli, words: list[str], reason: str) -> None:
    assert cli("calls", *words, expect=2).stderr.startswith(reason)
