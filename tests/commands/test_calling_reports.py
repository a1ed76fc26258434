"""The reports on calling records: written, scheduled, read back; by templates of one's own (PH-R5)."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import pytest

from partnerctl import app
from partnerctl.clock import FixedClock
from partnerctl.reports.defaults import default_template
from tests.commands.calling_weeks import ALFA, BRAVO, calling
from tests.conftest import Cli

__all__ = ["calling"]

USAGE = f"""\
Alfa Telecom,{ALFA},Head office,3,4,1,6.0,0.0,2,0,2,0,0,0,0,2,,,0,1,3,0,0,0,0,2,0,,0,0,0,0,0
Bravo GmbH,{BRAVO},Head office,1,1,,1.5,,,,0,0,0,0,0,0,,,0,0,1,0,0,0,0,0,0,,0,0,0,0,0
"""
"""The rows of the last completed week: what no record tells is empty."""

BY_CUSTOMER = USAGE.replace(f"{ALFA},Head office", f"{ALFA},US,1").replace(
    f"{BRAVO},Head office", f"{BRAVO},EU,1"
)

WEEK_BEFORE = ("--since", "2026-11-08", "--until", "2026-11-14")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PARTNERCTL_TIMEZONE", "UTC")
    return folder


def head(name: str, language: str = "en") -> str:
    """Return the line of headers of a report."""
    text = io.StringIO()
    headers = [column.header(language) for column in default_template(name).layout.columns]
    csv.writer(text, lineterminator="\n").writerow(headers)
    return text.getvalue()


def test_the_report_is_of_the_last_completed_week(calling: Cli, here: Path) -> None:
    result = calling("reports", "run", "calling-usage")

    (path,) = here.iterdir()
    assert path.name.startswith("Calling Usage_")
    assert path.name.endswith("_2026-11-23.csv")
    assert path.read_text("utf-8") == head("calling-usage") + USAGE
    assert result.stderr == (
        "the data spans 2 regions (EU, US): --region picks one\n"
        "rows by region: EU 1, US 1, unknown 0\n"
        "there are no call records of 4 of the 7 days: 2026-11-15, 2026-11-19, 2026-11-20, ...\n"
        "columns that no record tells are empty for customers without Calling Media Quality, Call Queue Stats"
        " or Calling usage files of exactly this period\n"
    )


def test_the_run_has_the_period_and_the_age_of_the_records(calling: Cli) -> None:
    usual = calling("reports", "run", "calling-usage", "--json", "-q").json
    other = calling("reports", "run", "calling-by-customer", *WEEK_BEFORE, "--json", "-q").json

    assert (usual["since"], usual["until"], usual["data_as_of"]) == ("2026-11-15", "2026-11-21", "2026-11-18")
    assert (other["since"], other["until"], other["rows"]) == ("2026-11-08", "2026-11-14", 2)


def test_by_customer_has_a_row_for_each(calling: Cli) -> None:
    result = calling("reports", "run", "calling-by-customer", "--stdout", "-q")

    assert result.stdout == head("calling-by-customer") + BY_CUSTOMER


def test_region_and_where_pick_customers(calling: Cli) -> None:
    alfa, bravo = USAGE.splitlines(keepends=True)

    def rows(*words: str) -> str:
        return calling("reports", "run", "calling-usage", *words, "--stdout", "-q").stdout.partition("\n")[2]

    assert rows("--region", "EU") == bravo
    assert rows("--where", f"org_id:{ALFA}") == alfa


def test_it_is_written_in_portuguese_for_excel(calling: Cli) -> None:
    result = calling("reports", "run", "calling-usage", "--language", "pt", "--excel", "--stdout", "-q")

    lines = result.stdout.split("\r\n")
    assert lines[0] == "\ufeff" + head("calling-usage", "pt").rstrip("\n").replace(",", ";")
    assert lines[1].startswith(f"Alfa Telecom;{ALFA};Head office;3;4;1;6")


@pytest.mark.parametrize("name", ["calling-usage", "calling-by-customer"])
def test_every_format_has_the_same_rows(calling: Cli, name: str) -> None:
    counts = set()
    for form in ("csv", "xlsx", "html", "jsonl"):
        run = calling("reports", "run", name, "--format", form, "--language", "pt", "--json", "-q").json
        assert Path(run["path"]).name.startswith(f"{default_template(name).title_in('pt')}_")
        counts.add(run["rows"])
    assert counts == {2}


def test_json_lines_are_typed(calling: Cli) -> None:
    lines = calling("reports", "run", "calling-usage", "--format", "jsonl", "--stdout", "-q").lines

    first = json.loads(lines[0])
    assert (first["call_minutes"], first["total_calls"], first["spark_calls"]) == (6.0, 3, None)


def test_a_period_without_records_is_an_empty_report_or_none(calling: Cli, here: Path) -> None:
    early = ("--since", "2026-09-01", "--until", "2026-09-30")

    result = calling("reports", "run", "calling-usage", *early, "--stdout", "-q")
    skipped = calling("reports", "run", "calling-usage", *early, "--skip-empty")

    assert result.stdout == head("calling-usage")
    assert (skipped.stdout, list(here.iterdir())) == ("", [])


@pytest.mark.parametrize("language", ["en", "pt"])
def test_what_is_written_can_be_read_back_without_the_records(
    calling: Cli, here: Path, language: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    form = ("--language", language, "--file", "usage.csv")
    calling("reports", "run", "calling-usage", *WEEK_BEFORE, *form, "-q")
    written = (here / "usage.csv").read_text("utf-8")
    monkeypatch.setenv("PARTNERCTL_CALLING_PATH", str(tmp_path / "elsewhere"))

    calling("import", here / "usage.csv", *WEEK_BEFORE, "-q")
    again = calling("reports", "run", "calling-usage", *WEEK_BEFORE, "--language", language, "--stdout")

    assert again.stdout == written
    assert "nothing is known for this report yet" not in again.stderr


def test_a_template_of_one_s_own(calling: Cli) -> None:
    words = ("--base", "calling-usage", "--columns", "customer,total_calls,region")
    assert "there is no column 'region'" in calling("reports", "add", "Calls", *words, expect=2).stderr

    few = ("--base", "calling-by-customer", "--columns", "customer,total_calls", "--sort", "total_calls")
    calling("reports", "add", "Few calls", *few, "--region", "US", "--region", "EU", "-q")

    result = calling("reports", "run", "few-calls", "--stdout", "-q")
    assert result.stdout == "Customer name,Total calls\nBravo GmbH,1\nAlfa Telecom,3\n"


def test_a_schedule_means_the_last_week_of_its_due_time(
    calling: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    when = ("--weekly", "sunday", "--at", "07:00", "--tz", "UTC")
    calling("reports", "schedule", "calling-usage", *when)
    monkeypatch.setattr(app, "default_clock", FixedClock(datetime.fromisoformat("2026-11-29T07:00:00Z")))

    (run,) = calling("schedules", "tick", "--json").json

    assert (run["status"], run["since"], run["until"]) == ("done", "2026-11-22", "2026-11-28")
    rows = Path(run["path"]).read_text("utf-8").splitlines()
    assert len(rows) == 1  # nobody has called in that week


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("--since", "2026-10-01", "--until", "2026-11-01"), 2, "are 32 days: the most is 31"),
        (("--since", "2026-11-10", "--until", "2026-11-01"), 2, "--since 2026-11-10 is after --until"),
        (("--until", "2026-11-30"), 2, "--until 2026-11-30 is yet to come"),
        (("--as-of", "2026-11-20"), 2, "--as-of: calling-usage covers a period"),
        (("--days", "7"), 2, "--days: calling-usage has no horizon"),
        (("--product", "calling"), 2, "--product: calling-usage is not of one product"),
        (("--where", "tier:gold"), 2, "there is no field 'tier'"),
        (("--max-age", "4d"), 11, "the newest data is of 2026-11-18"),
    ],
)
def test_what_is_refused_leaves_no_file(
    calling: Cli, here: Path, words: tuple[str, ...], code: int, error: str
) -> None:
    assert error in calling("reports", "run", "calling-usage", *words, expect=code).stderr
    assert list(here.iterdir()) == []
