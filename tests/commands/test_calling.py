"""``calling`` at the command line: tables, what programs get, charts, what is refused (PH-L1 to PH-L7)."""

import sys
from pathlib import Path

import pytest

from tests.calling.made_records import record, write_csv
from tests.commands.calling_weeks import ALFA, BRAVO, calling
from tests.conftest import Cli
from tests.guards.house import ROOT, run_python

__all__ = ["calling"]

MISSING = "there are no call records of 4 of the 7 days: 2026-11-15, 2026-11-19, 2026-11-20, ...\n"

USAGE = """\
week        customer      calls  calls_change  calls_slope  legs  minutes  active_users
----------  ------------  -----  ------------  -----------  ----  -------  ------------
2026-11-15  Bravo GmbH        1            -2         -2.0     1      1.5             1
2026-11-15  Alfa Telecom      3             1          1.0     4      6.0             2

data as of 2026-11-18
"""


def test_calling_alone_is_the_usage_of_the_last_completed_week(calling: Cli) -> None:
    result = calling("calling")

    assert (result.stdout, result.stderr) == (USAGE, MISSING)
    assert calling("calling", "usage").stdout == USAGE
    assert calling("calling", "--week", "2026-11-21", "--by", "customer").stdout == USAGE


def test_a_narrow_terminal_has_fewer_columns(calling: Cli) -> None:
    assert calling("calling", terminal=True).lines[:3] == [
        "week        customer      calls  calls_change  calls_slope  active_users",
        "----------  ------------  -----  ------------  -----------  ------------",
        "2026-11-15  Bravo GmbH        1            -2         -2.0             1",
    ]


STRANGER = "00000000-0000-4000-8000-0000000000ff"


def test_a_customer_without_a_name_is_told_by_its_id_where_there_is_room(
    calling: Cli, tmp_path: Path
) -> None:
    cells = {"Org_UUID": STRANGER, "Start_time": "2026-11-18T12:00:00.000Z"}
    calling("import", write_csv(tmp_path / "more.csv", [record("more-1", **cells)]), "-q")

    wide = calling("calling", "features", "--by", "customer", "-q")
    mixed = calling("calling", "-q")
    narrow = calling("calling", "-q", terminal=True)
    alone = calling("calling", "quality", "--sort", "-customer", "--where", "alfa", "-q")

    assert "org_id" not in wide.stdout + narrow.stdout + alone.stdout  # every row of `wide` has a name
    assert [line.split()[1:-5] for line in mixed.lines[:5]] == [
        ["customer", "org_id", "calls"],
        ["-" * 12, "-" * 36, "-----"],
        ["Bravo", "GmbH", BRAVO, "1"],
        ["Alfa", "Telecom", ALFA, "3"],
        ["-", STRANGER, "1"],
    ]


def test_where_no_customer_has_a_name_a_narrow_table_has_ids_too(cli: Cli, tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    calls = [record("more-1", Org_UUID=STRANGER, Start_time="2026-11-18T12:00:00.000Z")]
    cli("import", write_csv(tmp_path / "calls.csv", calls), "-q")

    result = cli("calling", terminal=True)

    assert result.lines[0].split() == ["week", "org_id", "calls", "active_users"]
    assert result.lines[2].split() == ["2026-11-15", STRANGER, "1", "1"]
    assert "nothing is known of customer" in result.stderr


def test_json_has_every_key_whatever_the_rows_are_about(calling: Cli) -> None:
    keys = ("customer", "org_id", "region", "endpoint")
    figures = {
        "calls": 5,
        "legs": 5,
        "minutes": 7.5,
        "active_users": 2,
        "calls_change": None,
        "legs_change": None,
        "minutes_change": None,
        "active_users_change": None,
        "calls_slope": None,
    }
    by_week = calling("calling", "--by", "week", "--weeks", "2", "--json").json

    assert by_week[0] == {"week": "2026-11-08", **dict.fromkeys(keys), **figures}
    assert [one["week"] for one in by_week] == ["2026-11-08", "2026-11-15"]


def test_a_table_has_the_columns_of_what_its_rows_are_about(calling: Cli) -> None:
    def head(*words: str) -> list[str]:
        lines = calling("calling", *words, "-q").lines
        return next(line for line in lines if line.startswith("week   ") and " legs  " in line).split()

    assert head("usage", "--by", "week")[:2] == ["week", "calls"]
    assert head("usage", "--by", "endpoint")[:3] == ["week", "endpoint", "calls"]
    assert head("quality", "--by", "week")[:2] == ["week", "legs"]
    assert head("quality")[:3] == ["week", "customer", "legs"]
    assert head("endpoints", "--by", "week")[:3] == ["week", "endpoint", "legs"]
    assert head("endpoints", "--by", "customer")[:4] == ["week", "customer", "endpoint", "legs"]


def test_quality_is_drawn_over_the_weeks_above_its_table(calling: Cli) -> None:
    result = calling("calling", "quality", terminal=True)

    assert result.lines[:2] == ["Call quality, by week", "2026-09-27 to 2026-11-21 · every region"]
    assert [line.split()[-1] for line in result.lines[3:11]] == [*"------", "5", "4"]
    assert [line[:19].rstrip() for line in result.lines[8:11]] == [
        "2026-11-01",
        "2026-11-08, 100.0 %",
        "2026-11-15, 50.0 %",
    ]
    assert "█ good   ░ poor   ▓ unknown" in result.stdout
    assert result.lines[-6:] == [
        "week        customer      legs  good  poor  unknown  poor_pct",
        "----------  ------------  ----  ----  ----  -------  --------",
        "2026-11-15  Alfa Telecom     3     1     1        1      50.0",
        "2026-11-15  Bravo GmbH       1     0     0        1         -",
        "",
        "data as of 2026-11-18",
    ]


def test_endpoints_are_drawn_by_type_and_what_is_not_measured_has_no_bar(calling: Cli) -> None:
    result = calling("calling", "endpoints")

    assert result.stdout == (
        "Call quality, by endpoint type\n"
        "2026-11-15 to 2026-11-21 · every region\n"
        "endpoint, poor       legs\n"
        f"app, 0.0 %           {'█' * 32}{'▓' * 65} 3\n"
        f"desk_phone, 100.0 %  {'░' * 32} 1\n"
        "\n"
        "                     █ good   ░ poor   ▓ unknown\n"
        "\n"
        "week        endpoint    legs  legs_pct  minutes  active_users  good  poor  unknown  poor_pct\n"
        "----------  ----------  ----  --------  -------  ------------  ----  ----  -------  --------\n"
        "2026-11-15  app            3      60.0      4.5             2     1     0        2       0.0\n"
        "2026-11-15  analog         1      20.0      1.5             1     0     0        0         -\n"
        "2026-11-15  desk_phone     1      20.0      1.5             1     0     1        0     100.0\n"
        "\n"
        "data as of 2026-11-18\n"
    )


def test_csv_holds_what_a_row_is_about(calling: Cli) -> None:
    assert calling("calling", "endpoints", "--by", "customer", "-o", "csv").stdout == (
        "week,customer,org_id,region,endpoint,legs,legs_pct,minutes,active_users,good,poor,unknown,poor_pct\n"
        f"2026-11-15,Alfa Telecom,{ALFA},US,app,2,50.0,3.0,1,1,0,1,0.0\n"
        f"2026-11-15,Alfa Telecom,{ALFA},US,analog,1,25.0,1.5,1,0,0,0,\n"
        f"2026-11-15,Alfa Telecom,{ALFA},US,desk_phone,1,25.0,1.5,1,0,1,0,100.0\n"
        f"2026-11-15,Bravo GmbH,{BRAVO},EU,app,1,100.0,1.5,1,0,0,1,\n"
    )


def test_fields_limit_and_order_act_on_the_rows_and_not_on_the_chart(calling: Cli) -> None:
    words = ("--by", "customer", "--sort", "customer", "--limit", "1")
    result = calling("calling", "endpoints", *words)

    assert result.stderr.startswith("showing 1 of 4\n")
    assert [line.split()[-1] for line in result.lines[3:5]] == ["3", "1"]  # legs of both customers
    assert "Bravo" not in result.stdout
    fields = calling("calling", "quality", "--fields", "customer,excluded_analog", "-q")
    assert fields.lines[2:4] == ["Alfa Telecom                1", "Bravo GmbH                  0"]


def test_features_and_queues(calling: Cli) -> None:
    features = calling("calling", "features", "--by", "customer", "--json")
    queues = calling("calling", "queues")
    figures = ["calls", "answered", "abandoned", "abandoned_pct", "answer_seconds", "wait_seconds"]

    assert [(one["feature"], one["calls"]) for one in features.json] == [
        ("call_queue", 2),
        ("call_transfer", 1),
    ]
    assert [line.split() for line in (queues.lines[0], queues.lines[2])] == [
        ["week", "customer", *figures, "source"],
        ["2026-11-15", "Alfa", "Telecom", "2", "1", "1", "50.0", "30.0", "45.0", "records"],
    ]
    assert queues.stderr == (
        "in total: 2 calls, 1 answered, 1 abandoned (50.0 %), 30.0 s to answer, 45.0 s before abandoning\n"
        + MISSING
    )


def test_region_and_where_pick_customers(calling: Cli) -> None:
    def names(*words: str) -> list[str]:
        return [one["customer"] for one in calling("calling", *words, "--json").json]

    assert names("--region", "EU") == ["Bravo GmbH"]
    assert names("quality", "--where", "alfa") == ["Alfa Telecom"]
    assert calling("calling", "quality", "--region", "EU").lines[1].endswith(" · region EU")


def test_a_chart_becomes_a_picture(calling: Cli, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    target = tmp_path / "quality.svg"

    first = calling("calling", "quality", "--chart", target, "--json")
    taken = calling("calling", "features", "--chart", target, "--json", expect=6)
    calling("calling", "features", "--chart", target, "--overwrite", "-q")

    assert first.stderr == f"{MISSING}drawn: {target}\n"
    assert taken.stdout == ""
    assert "Features, by calls" in target.read_text(encoding="utf-8")


def test_nothing_to_draw_leaves_no_picture(calling: Cli, tmp_path: Path) -> None:
    target = tmp_path / "none.png"
    result = calling("calling", "features", "--week", "2026-10-01", "--chart", target, "-o", "csv")

    assert (len(result.lines), target.exists()) == (1, False)
    assert result.stderr.endswith(f"nothing to draw: {target} was not written\n")


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["usage", "--week", "2026-11-22"], 2, "error: --week: the week of 2026-11-22 has not ended\n"),
        (["usage", "--weeks", "0"], 2, "error: invalid value for '--weeks'"),
        (["usage", "--weeks", "521"], 2, "error: invalid value for '--weeks'"),
        (["features", "--by", "endpoint"], 2, "error: invalid value for '--by': 'endpoint'"),
        (["queues", "--by", "endpoint"], 2, "error: invalid value for '--by': 'endpoint'"),
        (["usage", "--as-of", "-7d"], 2, "error: no such option '--as-of'"),
        (["usage", "--chart", "a.svg"], 2, "error: no such option '--chart'"),
        (["queues", "--chart", "a.svg"], 2, "error: no such option '--chart'"),
        (["quality", "--chart", "a.gif"], 2, "error: --chart: a.gif is no kind of picture\n"),
        (["quality", "--sort", "calls"], 2, "error: --sort: there is no field 'calls' to sort by\n"),
        (["usage", "--fields", "call"], 2, "error: --fields: there is no field 'call'\n"),
        (["usage", "--where", "tier:gold"], 2, "error: there is no field 'tier'\n"),
        (["usage", "--max-age", "4d"], 11, "error: the newest call records are of 2026-11-18, more than 4"),
        (["usgae"], 2, "error: no such command: partnerctl calling usgae\nhint: did you mean usage?\n"),
    ],
)
def test_what_is_refused_leaves_stdout_empty(calling: Cli, words: list[str], code: int, reason: str) -> None:
    result = calling("calling", *words, expect=code)

    assert result.stdout == ""
    assert result.stderr.startswith(reason)


def test_help_shows_the_verbs_each_on_a_line(cli: Cli) -> None:
    text = cli("calling", "--help").stdout

    assert text[text.index("Commands:") :] == (
        "Commands:\n"
        "  usage      See who calls less than before: calls, minutes, users.\n"
        "  quality    See how well calls were heard: good, poor, unknown legs.\n"
        "  endpoints  See what people call on, and how well that is heard.\n"
        "  features   See which features calls use: queues, transfers, ...\n"
        "  queues     See who is answered in queues, who gives up, and when.\n"
        "\n"
        "Global options work here too, before or after the verb: partnerctl --help\n"
    )


def test_help_of_a_verb_says_what_it_takes(cli: Cli) -> None:
    text = " ".join(cli("calling", "quality", "--help").stdout.split())

    assert "--by [customer|week|endpoint] What a row is about." in text
    assert "--week DAY The week, Sunday to Saturday, that holds this day; default: the last full one." in text
    assert "--weeks N So many weeks, that one the last; default: 1, with --by week 8." in text
    assert "--chart FILE Also a picture of good, poor and unknown legs of 8 weeks" in text
    assert "--as-of" not in text


def test_without_the_extra_it_says_what_to_install(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)

    assert cli("calling", "usage", "--help").exit_code == 0
    assert "partnerctl[calling]" in cli("calling", "usage", expect=2).stderr


@pytest.mark.parametrize("words", [["calling", "usage", "--help"], ["calls", "prune", "--help"]])
def test_help_starts_without_the_engine(words: list[str]) -> None:
    code = f"""
import sys
from partnerctl.cli import main
assert main({words!r}) == 0
print("loaded:", {{"duckdb", "sqlite3", "pandas"}} & set(sys.modules))
"""
    assert run_python(code, folder=ROOT).endswith("loaded: set()\n")
