"""``import --complete``: what a file does not list is absent from its day on (``files.md``, Rules)."""

from itertools import permutations
from pathlib import Path

import pytest

from tests.commands.importing import ACME, BETA, ask, counts, details, notes, seen, stored, write
from tests.conftest import Cli

TEN = [f"S{i}" for i in range(10)]


def snapshot(tmp_path: Path, day: str, *ids: str, org_id: str = ACME) -> Path:
    return details(tmp_path / f"{day}{org_id[0]}.csv", *(seen(day, s, org_id) for s in ids))


def absent(home: Path) -> list[str]:
    return [
        s
        for (s,) in ask(home, "SELECT subscription_id FROM subscriptions WHERE status = 'absent' ORDER BY 1")
    ]


def test_without_it_what_is_missing_is_kept_and_counted(cli: Cli, tmp_path: Path, home: Path) -> None:
    cli("import", snapshot(tmp_path, "2026-11-01", *TEN))
    result = cli("import", snapshot(tmp_path, "2026-11-08", *TEN[1:]))

    assert notes(result.stderr, "does not list 1 of the 10 subscriptions known; they are kept")
    assert absent(home) == []


def test_it_closes_what_is_missing_and_a_later_sighting_reopens_it(
    cli: Cli, tmp_path: Path, home: Path
) -> None:
    cli("import", snapshot(tmp_path, "2026-11-01", *TEN))
    result = cli("import", snapshot(tmp_path, "2026-11-08", *TEN[1:]), "--complete")
    assert notes(result.stderr, "1 of 10 subscriptions closed as absent from 2026-11-08")
    assert absent(home) == ["S0"]

    cli("import", snapshot(tmp_path, "2026-11-15", *TEN))
    assert absent(home) == []


def test_a_region_limits_it(cli: Cli, tmp_path: Path, home: Path) -> None:
    cli("import", snapshot(tmp_path, "2026-11-01", *TEN), "--region", "EU")
    cli("import", snapshot(tmp_path, "2026-11-01", "B1", "B2", org_id=BETA), "--region", "US")
    cli("import", snapshot(tmp_path, "2026-11-08", *TEN[1:]), "--complete", "--region", "EU")

    assert absent(home) == ["S0"]


def test_over_a_tenth_needs_a_confirmation(cli: Cli, tmp_path: Path, home: Path) -> None:
    cli("import", snapshot(tmp_path, "2026-11-01", *TEN))
    before = stored(home)
    newer = snapshot(tmp_path, "2026-11-08", *TEN[2:])
    result = cli("import", newer, "--complete", expect=2)

    assert f"{newer} does not list 2 of 10 subscriptions. Close them?" in result.stderr
    assert stored(home) == before
    cli("import", newer, "--complete", "--yes")
    assert absent(home) == ["S0", "S1"]


def test_somebody_at_a_terminal_is_asked(cli: Cli, tmp_path: Path, home: Path) -> None:
    cli("import", snapshot(tmp_path, "2026-11-01", *TEN))
    newer = snapshot(tmp_path, "2026-11-08", *TEN[2:])

    cli("import", newer, "--complete", terminal=True, input="n\n", expect=130)
    assert absent(home) == []
    cli("import", newer, "--complete", terminal=True, input="y\n")
    assert absent(home) == ["S0", "S1"]


def test_what_was_stored_before_the_question_is_told(cli: Cli, tmp_path: Path, home: Path) -> None:
    first = snapshot(tmp_path, "2026-11-01", *TEN)
    result = cli("import", first, snapshot(tmp_path, "2026-11-08", "S0"), "--complete", "--json", expect=2)

    assert [r["file"] for r in result.json] == [str(first)]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "--complete with an empty file would close everything"),
        ([seen("2026-11-08", "S1"), seen("2026-11-09", "S2")], "--complete needs a file of one day"),
    ],
)
def test_it_refuses_what_is_no_snapshot(
    cli: Cli, tmp_path: Path, home: Path, rows: list[str], words: str
) -> None:
    cli("import", snapshot(tmp_path, "2026-11-01", *TEN))
    file = details(tmp_path / "d.csv", *rows)

    assert words in cli("import", file, "--complete", "--yes", expect=12).stderr
    assert absent(home) == []


def test_it_refuses_a_file_with_bad_rows(cli: Cli, tmp_path: Path, home: Path) -> None:
    cli("import", snapshot(tmp_path, "2026-11-01", *TEN))
    file = details(
        tmp_path / "d.csv", *(seen("2026-11-08", s) for s in TEN[1:]), "2026-11-08,Acme,none,S0,Active"
    )
    words = "--complete would close what the rejected rows list"

    assert words in cli("import", file, "--complete", "--yes", "--skip-bad-rows", expect=12).stderr
    assert absent(home) == []


def test_it_says_so_where_no_file_lists_subscriptions(cli: Cli, tmp_path: Path) -> None:
    file = write(tmp_path / "customers.csv", f"org_id,name\n{ACME},Acme\n")

    assert notes(cli("import", file, "--complete").stderr, "--complete had nothing to close")


def test_a_dry_run_closes_nothing(cli: Cli, tmp_path: Path, home: Path) -> None:
    cli("import", snapshot(tmp_path, "2026-11-01", *TEN))
    result = cli("import", snapshot(tmp_path, "2026-11-08", "S0"), "--complete", "--dry-run")

    assert notes(result.stderr, "9 of 10 subscriptions closed")
    assert absent(home) == []


def test_snapshots_in_any_order_give_the_same_store(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [
        snapshot(tmp_path, "2026-11-01", "S0", "S1"),
        snapshot(tmp_path, "2026-11-08", "S0"),
        snapshot(tmp_path, "2026-11-15", "S1", "S2"),
    ]
    found = []
    for number, order in enumerate(permutations(files)):
        home = tmp_path / f"home{number}"
        monkeypatch.setenv("PARTNERCTL_HOME", str(home))
        for file in order:
            cli("import", file, "--complete", "--yes")
        found.append(stored(home))

    assert all(one == found[0] for one in found)


def test_the_same_snapshot_again_changes_nothing(cli: Cli, tmp_path: Path, home: Path) -> None:
    cli("import", snapshot(tmp_path, "2026-11-01", *TEN))
    newer = snapshot(tmp_path, "2026-11-08", *TEN[1:])
    cli("import", newer, "--complete")
    before = stored(home)

    assert counts(cli, newer, "--complete") == [(9, 0, 0, 9, 0)]
    assert stored(home) == before
