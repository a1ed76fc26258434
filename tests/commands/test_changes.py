"""``changes``: what changed in a week, and the feed that scripts follow."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.commands.importing import ACME, BETA, GAMA, details, seen, write
from tests.conftest import Cli

TERMS = "subscription_id,org_id,kind,status,end_date,auto_renew"
FIGURES = "subscription_id,product,total,assigned,used_7d"
_numbers = itertools.count()

LAST_WEEK = {
    "customers": f"org_id,name,region\n{ACME},Acme,US\n{BETA},Beta,EU\n",
    "subscriptions": (
        f"{TERMS}\nS1,{ACME},subscription,active,2026-12-01,false\n"
        f"S2,{BETA},subscription,active,2026-11-20,false\nS3,{BETA},trial,active,2026-12-24,\n"
    ),
    "licenses": f"{FIGURES}\nS1,meetings,100,90,40\nS2,calling_standard,10,10,8\n",
    "tags": f"org_id,subscription_id,tag\n{ACME},,Gold\n{ACME},S1,renew\n",
    "admins": "email,name,role\nana@partner.example,Ana,full_admin\nrui@partner.example,Rui,admin\n",
    "assignments": f"email,org_id\nana@partner.example,{ACME}\n",
}
THIS_WEEK = {
    "customers": f"org_id,name,region\n{ACME},Acme,US\n{BETA},Beta Ltd,EU\n{GAMA},Gama,\n",
    "subscriptions": (
        f"{TERMS}\nS1,{ACME},subscription,active,2027-12-01,true\n"
        f"S2,{BETA},subscription,expired,2026-11-20,false\nS3,{BETA},trial,suspended,2026-12-04,\n"
        f"S4,{GAMA},subscription,active,2027-06-30,true\n"
    ),
    "licenses": f"{FIGURES}\nS1,meetings,150,90,\nS4,messaging,20,0,0\n",
    "tags": f"org_id,subscription_id,tag\n{ACME},,Gold\n{ACME},,Key\n",
    "assignments": f"email,org_id\nana@partner.example,{ACME}\nrui@partner.example,{ACME}\n",
}


def give(cli: Cli, folder: Path, day: str, files: dict[str, str], *words: str) -> list[int]:
    """Import files as those of one day; return their runs."""
    place = folder / f"{day}-{next(_numbers)}"
    for name, text in files.items():
        write(place / f"{name}.csv", text)
    return [r["run_id"] for r in cli("import", place, "--as-of", day, "--json", *words).json]


def told(cli: Cli, *words: str) -> list[Any]:
    """Return the changes in short: day, whom, kind, field, before, after."""
    return [
        (c["day"][5:], c["subscription_id"] or c["customer"], c["kind"], c["field"], c["before"], c["after"])
        for c in cli("changes", *words, "--json").json
    ]


def next_seq(cli: Cli, *words: str) -> str:
    """Return the number from which the feed goes on, as the note tells it."""
    (line,) = [x for x in cli("changes", *words, "-o", "jsonl").stderr.splitlines() if x.startswith("next:")]
    return line.removeprefix("next: partnerctl changes --after ")


@pytest.fixture
def weeks(cli: Cli, tmp_path: Path) -> Cli:
    """Return the program; its store knows two weeks."""
    give(cli, tmp_path, "2026-11-15", LAST_WEEK)
    give(cli, tmp_path, "2026-11-22", THIS_WEEK)
    return cli


MONDAY = """\
day         customer  subscription_id  kind                    field               before               after
----------  --------  ---------------  ----------------------  ------------------  -------------------  ----------------------------------------
2026-11-22  Acme      -                admins_changed          admins              ana@partner.example  ana@partner.example, rui@partner.example
2026-11-22  Acme      -                tags_changed            tags                Gold                 Gold, Key
2026-11-22  Acme      S1               subscription_extended   end_date            2026-12-01           2027-12-01
2026-11-22  Acme      S1               renewal_switched        auto_renew          no                   yes
2026-11-22  Acme      S1               licenses_bought         meetings.total      100                  150
2026-11-22  Acme      S1               licenses_used           meetings.used_7d    40                   -
2026-11-22  Acme      S1               tags_changed            tags                renew                -
2026-11-22  Beta Ltd  -                customer_changed        name                Beta                 Beta Ltd
2026-11-22  Beta Ltd  S2               subscription_ended      status              active               expired
2026-11-22  Beta Ltd  S3               status_changed          status              active               suspended
2026-11-22  Beta Ltd  S3               subscription_shortened  end_date            2026-12-24           2026-12-04
2026-11-22  Gama      -                customer_new            name                -                    Gama
2026-11-22  Gama      S4               subscription_added      subscription_id     -                    S4
2026-11-22  Gama      S4               licenses_bought         messaging.total     -                    20
2026-11-22  Gama      S4               licenses_assigned       messaging.assigned  -                    0

data as of 2026-11-22
"""  # noqa: E501 - a wide table, as on a wide terminal
SUMMARY = (
    "2026-11-17 to 2026-11-23: customers new 1 · changed 1 · subscriptions added 1 · ended 1 · extended 1"
    " · shortened 1 · renewal switched 1 · status changed 1 · licenses bought 2 · assigned 1 · used 1"
    " · tags changed 2 · administrators changed 1\n"
)


def test_a_monday_morning(weeks: Cli) -> None:
    result = weeks("changes")

    assert result.stdout == MONDAY
    assert result.stderr == SUMMARY


def test_a_narrow_terminal_shows_no_ids(weeks: Cli) -> None:
    result = weeks("changes", "--kind", "subscription_ended", terminal=True)

    assert result.lines[0].split() == ["day", "customer", "kind", "field", "before", "after"]


def test_scripts_get_the_records_alone(weeks: Cli) -> None:
    result = weeks("changes", "--kind", "renewal_switched", "--kind", "admins-changed", "--json")

    assert result.stderr == ""
    assert result.json == [
        {
            "seq": 304,
            "day": "2026-11-22",
            "learned_at": "2026-11-23T12:00:00Z",
            "customer": "Acme",
            "org_id": ACME,
            "subscription_id": None,
            "kind": "admins_changed",
            "field": "admins",
            "before": ["ana@partner.example"],
            "after": ["ana@partner.example", "rui@partner.example"],
        },
        {
            "seq": 214,
            "day": "2026-11-22",
            "learned_at": "2026-11-23T12:00:00Z",
            "customer": "Acme",
            "org_id": ACME,
            "subscription_id": "S1",
            "kind": "renewal_switched",
            "field": "auto_renew",
            "before": False,
            "after": True,
        },
    ]


def test_csv_joins_lists(weeks: Cli) -> None:
    words = ("--where", "acme kind:tags_changed,renewal_switched", "-o", "csv")

    assert weeks("changes", *words, "--fields", "subscription_id,field,before,after").stdout == (
        "subscription_id,field,before,after\n,tags,Gold,Gold;Key\nS1,auto_renew,false,true\nS1,tags,renew,\n"
    )


def test_the_feed_tells_everything_in_the_order_of_learning(weeks: Cli) -> None:
    result = weeks("changes", "--after", "0", "-o", "jsonl")

    assert result.stderr == "next: partnerctl changes --after 351\n"
    assert told(weeks, "--after", "0")[:14] == [
        ("11-15", "Acme", "customer_new", "name", None, "Acme"),
        ("11-15", "Beta Ltd", "customer_new", "name", None, "Beta"),
        ("11-15", "S1", "subscription_added", "subscription_id", None, "S1"),
        ("11-15", "S2", "subscription_added", "subscription_id", None, "S2"),
        ("11-15", "S3", "subscription_added", "subscription_id", None, "S3"),
        ("11-15", "S1", "licenses_bought", "meetings.total", None, 100),
        ("11-15", "S1", "licenses_assigned", "meetings.assigned", None, 90),
        ("11-15", "S2", "licenses_bought", "calling_standard.total", None, 10),
        ("11-15", "S2", "licenses_assigned", "calling_standard.assigned", None, 10),
        ("11-15", "Acme", "admins_changed", "admins", [], ["ana@partner.example"]),
        ("11-15", "Acme", "tags_changed", "tags", [], ["Gold"]),
        ("11-15", "S1", "tags_changed", "tags", [], ["renew"]),
        ("11-22", "Beta Ltd", "customer_changed", "name", "Beta", "Beta Ltd"),
        ("11-22", "Gama", "customer_new", "name", None, "Gama"),
    ]


def test_a_script_that_goes_on_hears_everything_once(cli: Cli, tmp_path: Path) -> None:
    give(cli, tmp_path, "2026-11-15", LAST_WEEK)
    going_on = next_seq(cli, "--after", "0")
    columns = ("-o", "csv", "--no-header", "--fields", "seq,day,org_id,subscription_id,field,before,after")
    first = cli("changes", "--after", "0", *columns).lines

    assert told(cli, "--after", going_on) == []
    assert next_seq(cli, "--after", going_on) == going_on
    give(cli, tmp_path, "2026-11-22", THIS_WEEK)
    second = cli("changes", "--after", going_on, *columns).lines
    assert first + second == cli("changes", "--after", "0", *columns).lines


def test_the_feed_in_pieces_is_the_feed(weeks: Cli) -> None:
    whole, pieces, after = told(weeks, "--after", "0"), [], "0"
    while piece := told(weeks, "--after", after, "--limit", "4"):
        pieces += piece
        after = next_seq(weeks, "--after", after, "--limit", "4")

    assert pieces == whole
    assert next_seq(weeks, "--after", "0", "--limit", "0") == "0"
    result = weeks("changes", "--after", "0", "--limit", "4", "--sort", "day", "--json")
    assert "there is no number to go on from" in result.stderr


def test_a_late_file_is_told_when_it_comes_and_stands_where_it_belongs(weeks: Cli, tmp_path: Path) -> None:
    after = next_seq(weeks, "--after", "0")
    late = {"licenses": f"{FIGURES}\nS1,meetings,120,90,44\n"}
    give(weeks, tmp_path, "2026-11-18", late)

    assert told(weeks, "--after", after) == [
        ("11-18", "S1", "licenses_bought", "meetings.total", 100, 120),
        ("11-18", "S1", "licenses_used", "meetings.used_7d", 40, 44),
    ]
    assert told(weeks, "--where", "product:meetings") == [
        ("11-18", "S1", "licenses_bought", "meetings.total", 100, 120),
        ("11-18", "S1", "licenses_used", "meetings.used_7d", 40, 44),
        ("11-22", "S1", "licenses_bought", "meetings.total", 120, 150),
        ("11-22", "S1", "licenses_used", "meetings.used_7d", 44, None),
    ]


def test_an_older_file_lets_things_be_there_from_its_day_on(weeks: Cli, tmp_path: Path) -> None:
    after = next_seq(weeks, "--after", "0")
    give(weeks, tmp_path, "2026-11-18", {"customers": f"org_id,name\n{GAMA},Gama Lda\n"})

    assert told(weeks, "--after", after) == [
        ("11-18", "Gama", "customer_changed", "first_seen", "2026-11-22", "2026-11-18"),
        ("11-18", "Gama", "customer_changed", "name", None, "Gama Lda"),
    ]
    assert told(weeks, "--where", "gama kind:customer_new,customer_changed") == [
        ("11-18", "Gama", "customer_new", "name", None, "Gama Lda"),
        ("11-22", "Gama", "customer_changed", "name", "Gama Lda", "Gama"),
    ]


def test_what_is_undone_is_taken_back_in_the_feed_and_gone_from_the_period(cli: Cli, tmp_path: Path) -> None:
    give(cli, tmp_path, "2026-11-15", LAST_WEEK)
    runs = give(cli, tmp_path, "2026-11-22", THIS_WEEK)
    after = next_seq(cli, "--after", "0")
    for run in reversed(runs):
        cli("undo", str(run))

    assert told(cli) == []
    taken_back = told(cli, "--after", after)
    assert ("11-22", "S1", "subscription_shortened", "end_date", "2027-12-01", "2026-12-01") in taken_back
    assert ("11-22", "S4", "subscription_withdrawn", "subscription_id", "S4", None) in taken_back
    assert ("11-22", "S1", "licenses_bought", "meetings.total", 150, 100) in taken_back
    (gama,) = cli("changes", "--after", "0", "--kind", "customer_withdrawn", "--json").json
    assert (gama["org_id"], gama["customer"], gama["before"], gama["after"]) == (GAMA, None, "Gama", None)
    (s4,) = cli("changes", "--after", "0", "--kind", "subscription_withdrawn", "--json").json
    assert s4["org_id"] == GAMA
    assert cli("store", "check", "--json").json == []

    give(cli, tmp_path, "2026-11-22", THIS_WEEK)
    assert ("11-22", "Gama", "customer_new", "name", None, "Gama") in told(cli)


def test_of_two_files_of_one_day_the_later_import_counts(weeks: Cli, tmp_path: Path) -> None:
    after = next_seq(weeks, "--after", "0")
    corrected = {
        "subscriptions": (
            f"{TERMS}\nS1,{ACME},subscription,active,2028-12-01,true\n"
            f"S4,{GAMA},subscription,active,2027-12-31,true\n"
        )
    }
    give(weeks, tmp_path, "2026-11-22", corrected)

    assert told(weeks, "--after", after) == [
        ("11-22", "S1", "subscription_extended", "end_date", "2026-12-01", "2028-12-01"),
        ("11-22", "S4", "subscription_changed", "end_date", None, "2027-12-31"),
    ]
    period = told(weeks, "--where", "field:end_date subscription_id:s1,s4")
    assert period == [("11-22", "S1", "subscription_extended", "end_date", "2026-12-01", "2028-12-01")]


def test_the_same_files_again_tell_nothing(weeks: Cli, tmp_path: Path) -> None:
    after = next_seq(weeks, "--after", "0")
    give(weeks, tmp_path, "2026-11-22", THIS_WEEK)
    give(weeks, tmp_path, "2026-11-15", LAST_WEEK)

    assert told(weeks, "--after", after) == []


def snapshot(cli: Cli, folder: Path, day: str, *rows: str, complete: bool = True) -> None:
    words = ("--complete", "--yes") if complete else ()
    cli("import", details(folder / f"{day}-{next(_numbers)}.csv", *rows), *words)


def of_beta(day: str, subscription_id: str) -> str:
    return seen(day, subscription_id, BETA, name="Beta")


def test_a_customer_whose_last_subscription_is_absent_is_gone_until_one_is_seen_again(
    cli: Cli, tmp_path: Path
) -> None:
    snapshot(
        cli,
        tmp_path,
        "2026-11-18",
        *(of_beta("2026-11-18", s) for s in ("B1", "B2")),
        seen("2026-11-18", "A1"),
    )
    snapshot(cli, tmp_path, "2026-11-19", of_beta("2026-11-19", "B1"), seen("2026-11-19", "A1"))
    snapshot(cli, tmp_path, "2026-11-20", seen("2026-11-20", "A1"))
    snapshot(cli, tmp_path, "2026-11-22", of_beta("2026-11-22", "B3"), complete=False)

    assert told(cli, "--since", "2026-11-19") == [
        ("11-19", "B2", "subscription_ended", "status", "active", "absent"),
        ("11-20", "Beta", "customer_gone", "absent", False, True),
        ("11-20", "B1", "subscription_ended", "status", "active", "absent"),
        ("11-22", "Beta", "customer_back", "absent", True, False),
        ("11-22", "B3", "subscription_added", "subscription_id", None, "B3"),
    ]

    # a late file that lists B1 on the day on which it was closed
    snapshot(cli, tmp_path, "2026-11-20", of_beta("2026-11-20", "B1"), complete=False)
    assert told(cli, "--kind", "customer_gone", "--kind", "customer_back") == []
    assert told(cli, "--after", "0", "--kind", "customer_back")[-1] == (
        ("11-20", "Beta", "customer_back", "absent", True, False)
    )


def test_a_customer_is_back_where_an_absent_subscription_is_active_again(cli: Cli, tmp_path: Path) -> None:
    snapshot(cli, tmp_path, "2026-11-18", of_beta("2026-11-18", "B1"), seen("2026-11-18", "A1"))
    snapshot(cli, tmp_path, "2026-11-20", seen("2026-11-20", "A1"))
    snapshot(cli, tmp_path, "2026-11-22", of_beta("2026-11-22", "B1"), complete=False)

    assert told(cli, "--where", "beta", "--since", "2026-11-20") == [
        ("11-20", "Beta", "customer_gone", "absent", False, True),
        ("11-20", "B1", "subscription_ended", "status", "active", "absent"),
        ("11-22", "Beta", "customer_back", "absent", True, False),
        ("11-22", "B1", "status_changed", "status", "absent", "active"),
    ]


def test_an_expired_subscription_that_is_listed_no_more_ends_once(cli: Cli, tmp_path: Path) -> None:
    snapshot(cli, tmp_path, "2026-11-18", seen("2026-11-18", "A1"), seen("2026-11-18", "A2"))
    snapshot(
        cli, tmp_path, "2026-11-19", seen("2026-11-19", "A1"), seen("2026-11-19", "A2", status="Expired")
    )
    snapshot(cli, tmp_path, "2026-11-20", seen("2026-11-20", "A1"))

    assert told(cli, "--where", "subscription_id:A2", "--since", "2026-11-19") == [
        ("11-19", "A2", "subscription_ended", "status", "active", "expired"),
        ("11-20", "A2", "status_changed", "status", "expired", "absent"),
    ]


def test_a_merged_customer_goes_and_what_it_had_is_the_other_ones(cli: Cli, tmp_path: Path) -> None:
    give(cli, tmp_path, "2026-11-22", LAST_WEEK)
    after = next_seq(cli, "--after", "0")
    cli("customers", "merge", BETA, ACME, "--yes")
    (run, *_) = cli("audit", "list", "--action", "customers merge", "--json").json

    assert told(cli, "--after", after) == [
        ("11-22", "Beta", "customer_gone", "merged_into", None, ACME),
        ("11-22", "S2", "subscription_changed", "org_id", None, ACME),
        ("11-22", "S3", "subscription_changed", "org_id", None, ACME),
    ]
    assert {c["customer"] for c in cli("changes", "--json").json} == {"Acme"}
    assert [c[1] for c in told(cli, "--kind", "customer_new")] == ["Acme"]

    after = next_seq(cli, "--after", "0")
    cli("undo", str(run["run_id"]))
    assert told(cli, "--after", after)[0] == ("11-22", "Beta", "customer_back", "merged_into", ACME, None)
    assert [c[1] for c in told(cli, "--kind", "customer_new")] == ["Acme", "Beta"]


def test_license_figures_that_end_and_stand_again(cli: Cli, tmp_path: Path) -> None:
    give(cli, tmp_path, "2026-11-15", LAST_WEEK)
    triple = ",Meetings license (available),Meetings license (assigned),Meetings license (used)"
    for day, figures in (("2026-11-18", ",,"), ("2026-11-20", "10,4,2")):
        cli("import", details(tmp_path / f"{day}.csv", f"{seen(day, 'S1')},{figures}", more=triple))

    assert told(
        cli, "--kind", "licenses_ended", "--kind", "licenses_bought", "--kind", "licenses_assigned"
    ) == [
        ("11-18", "S1", "licenses_ended", "meetings.ended", False, True),
        ("11-20", "S1", "licenses_bought", "meetings.total", None, 10),
        ("11-20", "S1", "licenses_assigned", "meetings.assigned", None, 4),
    ]


def test_a_field_known_for_the_first_time_was_always_so(weeks: Cli) -> None:
    after = next_seq(weeks, "--after", "0")
    weeks("customers", "set", "Acme", "--country", "DE")

    assert told(weeks, "--kind", "customer_changed", "--where", "field:country") == []
    assert told(weeks, "--after", after) == [("11-15", "Acme", "customer_changed", "country", None, "DE")]

    weeks("customers", "set", "Acme", "--country", "AT")
    assert told(weeks, "--where", "field:country") == [
        ("11-23", "Acme", "customer_changed", "country", "DE", "AT")
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind:customer-new", {"Gama"}),
        ("-kind:licenses_bought,licenses_used product:meetings", set()),
        ("product:messaging", {"S4"}),
        ("product:calling", set()),
        ("subscription_id:S3", {"S3"}),
        ("field:end_date", {"S1", "S3"}),
        ("field:*.total", {"S1", "S4"}),
        ("day:2026-11-22 gama", {"Gama", "S4"}),
        ("day:..2026-11-21", set()),
        ("beta kind:status_changed", {"S3"}),
        ("region:unknown", {"Gama", "S4"}),
        ("region:eu", {"Beta Ltd", "S2", "S3"}),
        (f"org_id:{GAMA}", {"Gama", "S4"}),
        ("tags:key kind:licenses_bought", {"S1"}),
        ("statuses:suspended", {"Beta Ltd", "S2", "S3"}),
        ("managed_by:partner", set()),
        ("country:unknown kind:renewal_switched", {"S1"}),
        ("learned_at:today field:name", {"Beta Ltd", "Gama"}),
    ],
)
def test_queries(weeks: Cli, query: str, expected: set[str]) -> None:
    assert {change[1] for change in told(weeks, "--where", query)} == expected


def test_region_sort_and_limit(weeks: Cli) -> None:
    assert {c[1] for c in told(weeks, "--region", "EU")} == {"Beta Ltd", "S2", "S3"}
    result = weeks("changes", "--sort", "-seq", "--limit", "2", "--json")
    assert [c["seq"] for c in result.json] == [336, 320]
    assert result.stderr == "showing 2 of 15\n"


def test_periods(weeks: Cli) -> None:
    assert told(weeks, "--since", "2026-11-23") == []
    assert len(told(weeks, "--since", "2026-11-22", "--until", "2026-11-22")) == 15
    assert len(told(weeks, "--until", "2026-11-21")) == 12
    assert told(weeks, "--until", "2026-11-14") == []
    assert len(told(weeks, "--since", "-30d")) == 27


REFUSED = [
    (("--since", "-7d", "--after", "0"), "--after and a period exclude each other"),
    (("--until", "today", "--after", "0"), "--after and a period exclude each other"),
    (("--since", "today", "--until", "yesterday"), "--until: 2026-11-22 lies before --since, 2026-11-23"),
    (("--since", "tomorrow"), "--since: 2026-11-24 lies after today, 2026-11-23"),
    (("--after", "352"), "--after: 352 lies beyond the newest change, 351"),
    (("--after", "-1"), "-1 is not in the range"),
    (("--after", "x"), "'x' is not a whole number"),
    (("--kind", "customer"), "'customer' is no value of kind"),
    (("--where", "colour:red"), "there is no field 'colour'"),
    (("--fields", "who"), "there is no field 'who'"),
]


@pytest.mark.parametrize(("words", "reason"), REFUSED, ids=[" ".join(words) for words, _ in REFUSED])
def test_refusals(weeks: Cli, words: tuple[str, ...], reason: str) -> None:
    result = weeks("changes", *words, expect=2)

    assert result.stdout == ""
    assert reason in result.stderr


def test_old_data_is_refused_where_that_is_asked(weeks: Cli) -> None:
    assert weeks("changes", "--max-age", "1d").stdout == MONDAY
    assert weeks("changes", "--max-age", "0d", expect=11).stdout == ""


def test_an_empty_store_has_no_changes(cli: Cli, home: Path) -> None:
    result = cli("changes", "--json")
    feed = cli("changes", "--after", "0", "--json")

    assert (result.json, feed.json) == ([], [])
    assert "the store is empty" in result.stderr
    assert feed.stderr.splitlines()[0] == "next: partnerctl changes --after 0"
    assert not home.exists()


def test_the_demo_has_changes(cli: Cli) -> None:
    cli("demo", "--customers", "20", "--seed", "7")

    found = cli("changes", "--profile", "demo", "--json").json
    assert {c["kind"] for c in found} >= {"licenses_used", "licenses_assigned"}
    assert cli("changes", "--profile", "demo").stdout.endswith("DEMO\n")
    cli("demo", "--customers", "20", "--seed", "7")
    assert cli("changes", "--profile", "demo", "--json").json == found
    assert cli("store", "check", "--profile", "demo", "--json").json == []


def test_a_dry_run_is_not_told(weeks: Cli, tmp_path: Path) -> None:
    after = next_seq(weeks, "--after", "0")
    give(weeks, tmp_path, "2026-11-23", LAST_WEEK, "--dry-run")

    assert told(weeks, "--after", after) == []
