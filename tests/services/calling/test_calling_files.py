"""Files of calling as users bring them: again, in pieces, of odd days, cut, packed, wrong."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from tests.calling.made_records import ORG, kept, record, write_csv
from tests.conftest import Cli

USAGE = "Customer name,Organization ID,Location,Total calls\n"


def root(tmp_path: Path) -> Path:
    return tmp_path / "home" / "data" / "default-calling"


def test_usage_of_a_period_that_comes_again_replaces_what_was_known_of_it(cli: Cli, tmp_path: Path) -> None:
    """A location that the newer file no longer names is gone; other periods and customers stay."""
    other = ORG.replace("1111-4111", "2222-4111")
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(f"{USAGE}Acme,{ORG},Lisbon,5\nAcme,{ORG},Porto,7\nBeta,{other},Rome,3\n", "utf-8")
    second.write_text(f"{USAGE}Acme,{ORG},LISBON,6\n", "utf-8")
    week = ("--since", "2026-11-15", "--until", "2026-11-21")
    cli("import", str(first), *week)
    cli("import", str(first), "--since", "2026-11-01", "--until", "2026-11-07")
    done = cli("import", str(second), *week, "--json")
    assert (done.json[0]["inserted"], done.json[0]["updated"]) == (0, 1)
    assert kept(root(tmp_path), "day, org_id, location, total_calls", "usage")[3:] == [
        (_day("2026-11-15"), ORG, "LISBON", 6),
        (_day("2026-11-15"), other, "Rome", 3),
    ]
    assert len(kept(root(tmp_path), "location", "usage")) == 5


def _day(text: str) -> object:
    from datetime import date

    return date.fromisoformat(text)


def test_days_far_in_the_past_and_the_future_are_kept_with_a_note(cli: Cli, tmp_path: Path) -> None:
    times = ("1999-12-31T23:59:59.000Z", "2026-11-23T10:00:00.000Z", "2031-01-01T00:00:00.000Z")
    rows = [record(f"r{i}", Start_time=time) for i, time in enumerate(times)]
    done = cli("import", str(write_csv(tmp_path / "records.csv", rows)))
    assert [line.partition(": ")[2] for line in done.stderr.splitlines()] == [
        "has records of long ago (from 1999-12-31); kept",
        "dated in the future (2031-01-01); kept",
    ]
    assert [str(day) for (day,) in kept(root(tmp_path), "day")] == ["1999-12-31", "2026-11-23", "2031-01-01"]


def test_overlapping_pieces_in_any_packing_make_one_whole(cli: Cli, tmp_path: Path) -> None:
    rows = [record(f"r{i}", Duration=str(i)) for i in range(30)]
    plain = write_csv(tmp_path / "a.csv", rows[:20])
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(write_csv(tmp_path / "b", rows[10:]).read_bytes()))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.write(write_csv(tmp_path / "c", rows[5:25][::-1]), "c.csv")
    done = cli("import", str(packed), str(tmp_path / "c.zip"), str(plain), "--json")
    assert sum(one["inserted"] for one in done.json) == 30
    assert sum(one["unchanged"] for one in done.json) == 30
    assert kept(root(tmp_path), "count(*), count(DISTINCT report_id), sum(duration)") == [
        (30, 30, sum(range(30)))
    ]


@pytest.mark.parametrize(
    ("header", "cell", "words"),
    [
        ("Duration", "-6", "line 3: duration (Duration): '-6' is no whole number of 0 or more"),
        ("Start time", "yesterday", "line 3: start_time (Start time): 'yesterday' is no time"),
        ("Org UUID", "acme", "line 3: org_id (Org UUID): 'acme' is no organization id"),
        ("Report ID", "", "line 3: report_id (Report ID): is empty, and every row needs it"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_stored(
    cli: Cli, tmp_path: Path, header: str, cell: str, words: str
) -> None:
    path = write_csv(tmp_path / "records.csv", [record("a"), record("b") | {header: cell}])
    done = cli("import", str(path), expect=12)
    assert done.stderr.splitlines()[0] == f"error: {path}, {words}"
    assert kept(root(tmp_path)) == []


def test_good_rows_can_be_stored_without_the_bad_ones(cli: Cli, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "records.csv", [record("a"), record("b", Duration="x"), record("c")])
    cli("import", str(path), "--skip-bad-rows", expect=3)
    assert [row[0] for row in kept(root(tmp_path))] == ["a", "c"]
    rejected = (tmp_path / "records.rejected.csv").read_text("utf-8").splitlines()
    assert len(rejected) == 2
    assert rejected[1].endswith("3,duration (Duration): 'x' is no whole number of 0 or more")


@pytest.mark.parametrize("cut", [10, 300])
def test_a_gzip_that_was_cut_is_refused(cli: Cli, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "records.csv.gz"
    whole = gzip.compress(write_csv(tmp_path / "b", [record(f"r{i}") for i in range(200)]).read_bytes())
    path.write_bytes(whole[:-cut])
    done = cli("import", str(path), expect=12)
    assert "cut" in done.stderr
    assert kept(root(tmp_path)) == []


def test_records_are_not_taken_back(cli: Cli, tmp_path: Path) -> None:
    run = cli("import", str(write_csv(tmp_path / "records.csv", [record("a")])), "--json").json[0]["run_id"]
    done = cli("undo", str(run), "--yes", expect=6)
    assert "the folder of calling records, which keeps no older state" in done.stderr
    assert cli("audit", "list", "--json").json[0]["action"] == "import"


def test_a_name_that_is_a_pattern_means_that_file_alone(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "calls [2026]*"
    folder.mkdir()
    write_csv(folder / "recent.csv", [record("other")])
    path = write_csv(folder / "rec*.csv", [record("a"), record("b")])
    cli("config", "set", "calling.path", str(folder / "kept?"))
    cli("import", str(path))
    assert cli("calls", "info", "-o", "csv", "--fields", "kind,records").stdout.splitlines()[1] == "calls,2"
    assert cli("calling", "usage", "-o", "csv", "--fields", "legs", "--week", "2026-11-15").stdout == "legs\n"
    again = write_csv(folder / "again.csv", [record("b"), record("c")])
    assert cli("import", str(again), "--json").json[0]["inserted"] == 1


def test_a_week_before_all_records_is_refused(cli: Cli) -> None:
    done = cli("calling", "usage", "--week", "0001-01-01", expect=2)
    assert done.stderr.startswith("error: --week: there were no calls in 1\n")
