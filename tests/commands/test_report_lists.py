"""Every list is a report: the same rows in the same order, under headers for people (PH-R1, PH-R3)."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import pytest

from partnerctl import app
from partnerctl.clock import FixedClock
from partnerctl.reports.defaults import default_template
from partnerctl.reports.templates import LIST_NAMES
from tests.commands.analytics import ALFA, BRAVO, CHARLIE, analytics
from tests.conftest import Cli

__all__ = ["analytics"]

LISTS = {
    "added": ("kpis", "added"),
    "changes": ("changes",),
    "customers": ("customers", "list"),
    "expiring": ("kpis", "expiring"),
    "licenses": ("licenses", "list"),
    "low-assignment": ("kpis", "low-assignment"),
    "overage": ("kpis", "overage"),
    "renewing": ("kpis", "renewing"),
    "unassigned": ("kpis", "unassigned"),
}
"""The command that lists what a report holds."""

EXPIRING = f"""\
Customer name,Organization ID,Subscription ID,Product,Subscription or trial,Region,Start date,\
Expiry / renewal date,Auto-renewal enabled,Licenses bought,Licenses assigned,Used in the last 7 days,\
Used in the last 3 months,Used at least once,Licenses not assigned,Days left
Alfa Telecom,{ALFA},A2,calling,trial,US,2026-11-02,2026-11-25,true,10,5,,3,3,5,2
Alfa Telecom,{ALFA},A1,meetings,subscription,US,2026-01-10,2026-12-03,false,50,40,25,31,36,10,10
"""

REGIONS = "the data spans 2 regions (EU, US): --region picks one\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PARTNERCTL_TIMEZONE", "UTC")
    return folder


def body(text: str) -> list[list[str]]:
    """Return the rows of a csv text without its header."""
    return list(csv.reader(io.StringIO(text)))[1:]


def test_a_list_as_a_file_and_what_is_said_of_it(analytics: Cli, here: Path) -> None:
    result = analytics("reports", "run", "expiring")

    (path,) = here.iterdir()
    assert path.name.startswith("Expiring Subscriptions_")
    assert path.read_text("utf-8") == EXPIRING
    assert result.stdout == f"{path}\n"
    assert result.stderr == (
        REGIONS + "rows by region: US 2, unknown 0\nused_7d is unknown for 1 of 2: licenses.csv tells it\n"
    )


@pytest.mark.parametrize("name", sorted(LISTS))
def test_the_rows_are_those_of_the_list(analytics: Cli, name: str) -> None:
    keys = ",".join(column.key for column in default_template(name).layout.columns)
    listed = analytics(*LISTS[name], "-o", "csv", "--fields", keys, "-q").stdout

    assert body(analytics("reports", "run", name, "--stdout", "-q").stdout) == body(listed)
    assert body(listed) or name == "unassigned"


def test_today_tells_its_reasons_in_words(analytics: Cli) -> None:
    listed = analytics("today", "--json", "-q").json
    rows = body(analytics("reports", "run", "today", "--stdout", "-q").stdout)

    assert [row[3] for row in rows] == [
        ";".join(reason["text"] for reason in one["reasons"]) for one in listed
    ]
    assert [row[1] for row in rows] == [one["org_id"] for one in listed]


@pytest.mark.parametrize("name", LIST_NAMES)
def test_every_list_can_be_written_in_every_form_and_language(analytics: Cli, here: Path, name: str) -> None:
    counts = set()
    for form in ("csv", "xlsx", "html", "jsonl"):
        run = analytics("reports", "run", name, "--format", form, "--language", "pt", "--json", "-q").json
        path = Path(run["path"])
        assert path.name.startswith(f"{default_template(name).title_in('pt')}_")
        assert (path.suffix, path.stat().st_size) == (f".{form}", run["bytes"])
        counts.add(run["rows"])
    assert len(counts) == 1


def test_json_lines_are_typed(analytics: Cli) -> None:
    lines = analytics("reports", "run", "expiring", "--format", "jsonl", "--stdout", "-q").lines

    assert json.loads(lines[0]) == {
        "customer": "Alfa Telecom",
        "org_id": ALFA,
        "subscription_id": "A2",
        "product": "calling",
        "kind": "trial",
        "region": "US",
        "start_date": "2026-11-02",
        "end_date": "2026-11-25",
        "auto_renew": True,
        "total": 10,
        "assigned": 5,
        "used_7d": None,
        "used_3m": 3,
        "used_ever": 3,
        "available": 5,
        "days_left": 2,
    }


def test_days_product_where_and_region(analytics: Cli) -> None:
    def ids(*words: str) -> list[str]:
        return [row[2] for row in body(analytics("reports", "run", *words, "--stdout", "-q").stdout)]

    assert ids("expiring", "--days", "5") == ["A2"]
    assert ids("expiring", "--product", "meetings") == ["A1"]
    assert ids("expiring", "--where", "kind:subscription") == ["A1"]
    assert ids("renewing", "--region", "EU") == ["B1"]
    assert ids("renewing", "--region", "US") == []
    assert ids("expiring", "--days", "5", "--as-of", "2026-11-21") == ["A2"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("customers", "--days", "5"), "--days: customers has no horizon"),
        (("customers", "--product", "calling"), "--product: customers is not of one product"),
        (
            ("expiring", "--since", "-7d"),
            "--since: expiring looks some days ahead or back and has no date range",
        ),
        (("changes", "--as-of", "-7d"), "--as-of: changes covers a period"),
        (("changes", "--since", "2026-11-20", "--until", "2026-11-10"), "--until: 2026-11-10 lies before"),
        (("expiring", "--where", "dayz_left:5"), "dayz_left"),
        (("expiring", "--excel", "--format", "xlsx"), "--excel is for csv"),
        (("expiring", "--format", "pdf"), "'pdf'"),
    ],
)
def test_an_option_that_a_report_does_not_take(
    analytics: Cli, here: Path, words: tuple[str, ...], error: str
) -> None:
    assert error in analytics("reports", "run", *words, expect=2).stderr
    assert list(here.iterdir()) == []
    assert analytics("runs", "list", "--json").json == []


def test_a_period_of_changes_stands_in_the_record(analytics: Cli) -> None:
    period = ("--since", "2026-11-15", "--until", "2026-11-22")
    run = analytics("reports", "run", "changes", *period, "--json", "-q").json

    assert (run["since"], run["until"]) == ("2026-11-15", "2026-11-22")


def test_what_was_written_is_not_read_back_as_something_else(analytics: Cli, here: Path) -> None:
    """A folder of reports that is imported by mistake changes nothing that a report said otherwise."""
    before = analytics("subscriptions", "list", "--json", "-q").stdout
    for name in LIST_NAMES:
        analytics("reports", "run", name, "-q")
        (path,) = here.iterdir()
        moved = here.parent / f"{name}.csv"
        path.rename(moved)
        error = analytics("import", moved, "-q", expect=12).stderr
        assert (
            "is a list that partnerctl wrote as a report, and is not read back" in error or "line 1" in error
        )
    assert analytics("subscriptions", "list", "--json", "-q").stdout == before


def test_the_page_of_a_section_has_its_figures(analytics: Cli) -> None:
    page = analytics("reports", "run", "expiring", "--format", "html", "--stdout", "-q").stdout

    for text in ("Expiring Subscriptions", "2026-11-23 to 2027-02-21", "2026-11-22", "75", "Alfa Telecom"):
        assert text in page


def test_an_empty_store_writes_headers_and_says_what_to_do(cli: Cli, here: Path) -> None:
    result = cli("reports", "run", "expiring", "--stdout")

    assert result.stdout == EXPIRING.splitlines(keepends=True)[0]
    assert "import a file with `partnerctl import FILE`" in result.stderr
    assert cli("reports", "run", "expiring", "--skip-empty").stdout == ""
    assert list(here.iterdir()) == []


def test_rows_by_region_count_what_was_written(analytics: Cli) -> None:
    result = analytics("reports", "run", "customers", "--stdout")
    one = analytics("reports", "run", "customers", "--region", "EU", "--stdout")
    two = analytics("reports", "run", "customers", "--region", "EU", "--region", "unknown", "--stdout")

    assert "rows by region: EU 2, US 2, unknown 1\n" in result.stderr
    assert "rows by region" not in one.stderr
    assert "rows by region: EU 2, unknown 1\n" in two.stderr


@pytest.mark.parametrize("place", ["data/default.db", "data/default.db-wal", "config/config.toml"])
def test_no_report_takes_the_place_of_the_store_or_the_settings(
    analytics: Cli, home: Path, place: str
) -> None:
    analytics("config", "set", "language", "en")

    words = ("reports", "run", "today", "--file", home / place, "--overwrite")

    assert f"--file: {home / place} is partnerctl's own" in analytics(*words, expect=2).stderr
    assert analytics("customers", "list", "--json", "-q").json


@pytest.mark.parametrize(
    ("name", "error"),
    [("new/", "names a folder"), ("x.xlsx", "ends in .xlsx, and the format is csv"), ("-", "'-' is no file")],
)
def test_a_name_that_says_something_else(analytics: Cli, name: str, error: str) -> None:
    assert error in analytics("reports", "run", "today", "--file", name, expect=2).stderr


def test_the_days_of_the_usual_period_stand_in_the_record(analytics: Cli) -> None:
    run = analytics("reports", "run", "changes", "--json", "-q").json

    assert (run["since"], run["until"]) == ("2026-11-17", "2026-11-23")


def test_a_schedule_of_a_list_is_one_line(analytics: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    when = ("--weekly", "monday", "--at", "07:00", "--tz", "UTC")
    analytics("reports", "schedule", "expiring", *when, "--days", "60", "--where", f"org_id:{ALFA}")
    monkeypatch.setattr(app, "default_clock", FixedClock(datetime.fromisoformat("2026-11-30T07:00:00Z")))

    (run,) = analytics("schedules", "tick", "--json").json

    rows = body(Path(run["path"]).read_text("utf-8"))
    assert [(row[2], row[-1]) for row in rows] == [("A1", "3")]
    assert {BRAVO, CHARLIE}.isdisjoint(row[1] for row in rows)
