"""``schedules`` and ``reports schedule`` at the command line (PH-R2)."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path

import pytest

from partnerctl import app
from partnerctl.clock import FixedClock
from partnerctl.reports.filenames import file_token
from tests.commands.estate import import_estate
from tests.conftest import NOW, Cli

SEVEN = "2026-11-24T07:00:00Z"
"""The due time after NOW of what is due at seven, UTC."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def estate(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Return the program with the small estate imported; it lives in UTC."""
    monkeypatch.setenv("TZ", "UTC")
    import_estate(cli, tmp_path / "in")
    return cli


@pytest.fixture
def daily(estate: Cli) -> Cli:
    """Return it with one schedule: phone numbers, every day at seven."""
    estate("reports", "schedule", "phone-numbers", "--daily", "--at", "07:00", "--tz", "UTC")
    return estate


def at(monkeypatch: pytest.MonkeyPatch, instant: str) -> None:
    """Let it be that instant for every command from now on."""
    monkeypatch.setattr(app, "default_clock", FixedClock(datetime.fromisoformat(instant)))


def entry(home: Path) -> str:
    return (home / "config" / "schedules.toml").read_text("utf-8")


def test_a_schedule_is_an_entry_of_the_file(estate: Cli, home: Path, tmp_path: Path) -> None:
    estate("config", "set", "mail.from", "reports@acme.example")
    result = estate(
        *("reports", "schedule", "expiring", "--name", "sales", "--weekly", "mon", "--at", "7:05"),
        *("--tz", "Europe/Lisbon", "--days", "60", "--where", "tag:gold", "--region", "EU"),
        *("--dir", tmp_path, "--format", "xlsx", "--language", "pt", "--max-age", "8d"),
        *("--catchup", "all", "--start-deadline", "6h", "--retries", "0", "--skip-empty"),
        *("--mail-to", "ana@acme.example", "--mail-to", "rui@acme.example"),
        *("--on-success", "curl -fsS 'https://hc.acme.example/a b'"),
    )

    assert entry(home) == (
        "[schedules.sales]\n"
        'template = "expiring"\n'
        'cron = "5 7 * * 1"\n'
        'tz = "Europe/Lisbon"\n'
        f'dir = "{tmp_path}"\n'
        'region = ["EU"]\n'
        'where = "tag:gold"\n'
        "days = 60\n"
        'max_age = "8d"\n'
        'format = "xlsx"\n'
        'language = "pt"\n'
        "skip_empty = true\n"
        'catchup = "all"\n'
        'start_deadline = "6h"\n'
        "retries = 0\n"
        'on_success = ["curl", "-fsS", "https://hc.acme.example/a b"]\n'
        'mail_to = ["ana@acme.example", "rui@acme.example"]\n'
    )
    assert result.lines[:5] == [
        "name      sales",
        "template  expiring",
        "cron      5 7 * * 1",
        "tz        Europe/Lisbon",
        "next_run  2026-11-30T07:05:00Z",
    ]


@pytest.mark.parametrize(
    ("words", "cron"),
    [
        (("--daily", "--at", "23:59"), "59 23 * * *"),
        (("--weekly", "Sunday", "--at", "07:00"), "0 7 * * 0"),
        (("--monthly", "28", "--at", "07:00"), "0 7 28 * *"),
        (("--monthly", "last", "--at", "07:00"), "0 7 L * *"),
        (("--cron", "*/10 8-18 * * mon-fri"), "*/10 8-18 * * mon-fri"),
    ],
)
def test_when_it_is_due(estate: Cli, words: tuple[str, ...], cron: str) -> None:
    made = estate("reports", "schedule", "devices", *words, "--json").json

    assert (made["name"], made["cron"], made["tz"]) == ("devices", cron, "UTC")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ((), "it has no time"),
        (("--daily",), "--daily needs a time"),
        (("--daily", "--weekly", "monday", "--at", "7:00"), "--daily and --weekly exclude each other"),
        (("--daily", "--at", "24:00"), "--at: '24:00' is not a time"),
        (("--weekly", "m", "--at", "7:00"), "--weekly: 'm' is not a day of the week"),
        (("--monthly", "29", "--at", "7:00"), "--monthly: '29' is not a day that every month has"),
        (("--cron", "0 7 * * *", "--at", "7:00"), "--at and --cron exclude each other"),
        (("--daily", "--at", "7:00", "--tz", "Lisbon"), "--tz: 'Lisbon' is not a time zone"),
        (("--daily", "--at", "7:00", "--on-success", "a 'b"), '--on-success: "a \'b": No closing quotation'),
        (("--daily", "--at", "7:00", "--since", "-7d"), "--since: devices is an inventory as it is now"),
        (("--daily", "--at", "7:00", "--days", "7"), "--days: devices has no horizon"),
        (("--daily", "--at", "7:00", "--where", "nam:x"), "nam:x"),
        (("--daily", "--at", "7:00", "--name", "a/b"), "'a/b' is no name for a schedule"),
        (("--daily", "--at", "7:00", "--dir", "/nowhere"), "there is no folder /nowhere"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(
    estate: Cli, home: Path, words: tuple[str, ...], error: str
) -> None:
    result = estate("reports", "schedule", "devices", *words, expect=2)

    assert error in result.stderr
    assert not (home / "config" / "schedules.toml").exists()


def test_a_cron_expression_that_is_none_names_the_forms(estate: Cli) -> None:
    result = estate("reports", "schedule", "devices", "--cron", "every day", expect=2)

    assert result.stderr == (
        "error: --cron: 'every day' is not a cron expression\n"
        "hint: write five fields: minute hour day-of-month month day-of-week,"
        " such as '0 7 * * 1', or @daily\n"
    )


def test_an_unknown_template_and_a_taken_name(daily: Cli) -> None:
    words = ("--daily", "--at", "7:00")
    assert "no report template" in daily("reports", "schedule", "devces", *words, expect=5).stderr
    taken = daily("reports", "schedule", "devices", *words, "--name", "phone-numbers", expect=6)
    assert "there is a schedule 'phone-numbers' already" in taken.stderr
    second = daily("reports", "schedule", "phone-numbers", *words, "--json").json
    assert second["name"] == "phone-numbers-2"


def test_a_dry_run_writes_nothing(estate: Cli, home: Path) -> None:
    result = estate("reports", "schedule", "devices", "--daily", "--at", "7:00", "--dry-run")

    assert "dry run: nothing was written" in result.stderr
    assert not (home / "config" / "schedules.toml").exists()


def test_list_shows_the_fields_of_the_contract(daily: Cli) -> None:
    (one,) = daily("schedules", "list", "--json").json

    assert one == {
        "name": "phone-numbers",
        "template": "phone-numbers",
        "cron": "0 7 * * *",
        "tz": "UTC",
        "next_run": SEVEN,
        "last_run": None,
        "last_status": None,
        "paused": False,
        "profile": "default",
        "error": None,
    }


def test_next_shows_both_clocks_and_days_on_which_clocks_are_set(estate: Cli) -> None:
    estate("reports", "schedule", "devices", "--cron", "30 2 * * *", "--tz", "America/New_York")

    spring = estate(
        "schedules", "next", "devices", "--count", "2", "--after", "2026-03-08T00:00:00Z", "--json"
    )
    autumn = estate(
        "schedules", "next", "devices", "--count", "1", "--after", "2026-11-01T05:00:00Z", "--json"
    )

    assert spring.json == [
        {
            "local": "2026-03-08T03:00-04:00",
            "utc": "2026-03-08T07:00:00Z",
            "note": "moved: the clock skips the hour in which it was due",
        },
        {"local": "2026-03-09T02:30-04:00", "utc": "2026-03-09T06:30:00Z", "note": None},
    ]
    assert autumn.json[0]["note"] is None  # 02:30 comes once; 01:30 would come twice


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("soon", "is not an instant"),
        ("2026-11-23T07:00:00", "has no time zone"),
        ("2026-11-23", "write 2026-11-23T00:00:00Z for UTC"),
        ("0001-01-01T00:00:00Z", "lies outside the years 1970 to 9000"),
    ],
)
def test_an_instant_has_a_time_zone(daily: Cli, text: str, error: str) -> None:
    assert error in daily("schedules", "next", "phone-numbers", "--after", text, expect=2).stderr


def test_a_tick_runs_what_is_due_once(daily: Cli, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert daily("schedules", "tick", "--json").json == []
    at(monkeypatch, "2026-11-24T07:00:20Z")

    (run,) = daily("schedules", "tick", "--json").json
    again = daily("schedules", "tick", "--json").json

    (path,) = (home / "reports").iterdir()
    assert run == {
        "run_id": run["run_id"],
        "template": "phone-numbers",
        "schedule": "phone-numbers",
        "due": SEVEN,
        "status": "done",
        "path": str(path),
        "rows": 4,
        "bytes": run["bytes"],
        "sha256": run["sha256"],
        "region": None,
        "since": None,
        "until": None,
        "data_as_of": "2026-11-22",
        "started": "2026-11-24T07:00:20Z",
        "finished": "2026-11-24T07:00:20Z",
        "error": None,
    }
    token = file_token(f"phone-numbers\n{SEVEN}".encode())
    assert path.name == f"Phone Numbers_{token}_2026-11-24.csv"
    assert again == []
    assert daily("runs", "show", str(run["run_id"]), "--json").json == run


def test_a_tick_by_hand_says_what_it_did(daily: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, "2026-11-24T07:00:20Z")

    result = daily("schedules", "tick")

    assert result.stdout == ""
    assert result.stderr.startswith("phone-numbers: done ")


def test_after_downtime_the_newest_runs_and_older_ones_are_missed(
    daily: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "2026-11-26T12:00:00Z")
    daily("schedules", "tick")

    runs = daily("runs", "list", "--sort", "due", "--json").json

    assert [(run["due"][:10], run["status"], run["error"]) for run in runs] == [
        ("2026-11-24", "missed", "a later due time ran instead"),
        ("2026-11-25", "missed", "a later due time ran instead"),
        ("2026-11-26", "done", None),
    ]
    assert Path(runs[-1]["path"]).name.endswith("_2026-11-26.csv")


def test_a_failure_is_a_row_and_exit_3(daily: Cli, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, "2026-11-24T07:00:00Z")
    (home / "reports").rmdir()
    (home / "reports").write_text("in the way", "utf-8")

    result = daily("schedules", "tick", expect=3)

    (run,) = daily("runs", "list", "--json").json
    assert (run["status"], run["path"]) == ("failed", None)
    assert run["error"] in result.stderr


def test_words_mean_the_due_time_also_when_it_is_caught_up(
    estate: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    when = ("--daily", "--at", "7:00", "--since", "-7d", "--until", "yesterday")
    estate("reports", "schedule", "changes", *when)
    at(monkeypatch, "2026-11-24T22:00:00Z")

    (run,) = estate("schedules", "tick", "--json").json

    assert (run["since"], run["until"]) == ("2026-11-17", "2026-11-23")


def test_stale_data_says_so_instead_of_running(estate: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    estate("reports", "schedule", "devices", "--daily", "--at", "7:00", "--max-age", "8d")
    at(monkeypatch, "2026-12-10T07:00:00Z")

    result = estate("schedules", "tick", expect=3)

    run = estate("runs", "list", "--limit", "1", "--json").json[0]
    assert run["status"] == "stale"
    assert "the newest data is of 2026-11-22, more than 8 days before 2026-12-10" in result.stderr


def test_paused_it_is_not_due_and_resumed_it_counts_from_then(
    daily: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert daily("schedules", "pause", "phone-numbers").stderr == "phone-numbers is paused\n"
    at(monkeypatch, "2026-11-25T12:00:00Z")
    assert daily("schedules", "tick", "--json").json == []
    assert daily("schedules", "list", "--json").json[0]["next_run"] is None

    assert "runs again" in daily("schedules", "resume", "phone-numbers").stderr
    at(monkeypatch, "2026-11-26T07:00:00Z")
    (run,) = daily("schedules", "tick", "--json").json

    assert run["due"] == "2026-11-26T07:00:00Z"
    assert [one["due"] for one in daily("runs", "list", "--json").json] == ["2026-11-26T07:00:00Z"]


def test_removing_leaves_the_history(daily: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, "2026-11-24T07:00:00Z")
    daily("schedules", "tick")

    assert "needs a confirmation" in daily("schedules", "remove", "phone-numbers", expect=2).stderr
    daily("schedules", "remove", "phone-numbers", "--yes")

    assert daily("schedules", "list", "--json").json == []
    assert [run["status"] for run in daily("runs", "list", "--json").json] == ["done"]
    assert daily("schedules", "tick", "--json").json == []


def test_run_by_hand_belongs_to_no_due_time(daily: Cli) -> None:
    printed = daily("schedules", "run", "phone-numbers").stdout.rstrip()

    (run,) = daily("runs", "list", "--json").json
    assert (run["schedule"], run["due"], run["path"]) == ("phone-numbers", None, printed)


def test_run_again_replaces_the_file_of_that_due_time(daily: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, "2026-11-24T07:00:00Z")
    (first,) = daily("schedules", "tick", "--json").json
    at(monkeypatch, "2026-11-24T08:00:00Z")

    again = daily("schedules", "run", "phone-numbers", "--due", SEVEN, "--json").json

    assert again == {**first, "started": "2026-11-24T08:00:00Z", "finished": "2026-11-24T08:00:00Z"}
    assert len(daily("runs", "list", "--json").json) == 1
    Path(first["path"]).write_text("notes of mine", "utf-8")
    refused = daily("schedules", "run", "phone-numbers", "--due", SEVEN, expect=6)
    assert "was changed since it was written" in refused.stderr


def test_run_for_a_time_at_which_it_is_not_due(daily: Cli) -> None:
    result = daily("schedules", "run", "phone-numbers", "--due", "2026-11-23T07:01:00Z", expect=2)

    assert result.stderr == (
        "error: --due: phone-numbers is not due then\n"
        "hint: it is due at 2026-11-23T07:00:00Z and 2026-11-24T07:00:00Z\n"
    )
    assert "yet to come" in daily("schedules", "run", "phone-numbers", "--due", SEVEN, expect=2).stderr


def test_a_fault_of_a_run_by_hand_is_its_exit_code(estate: Cli) -> None:
    estate("reports", "schedule", "devices", "--daily", "--at", "7:00", "--max-age", "1d")
    assert estate("schedules", "run", "devices", "--due", "2026-11-23T07:00:00Z").stdout
    estate("config", "set", "me", "nobody@acme.example")

    assert "error:" in estate("schedules", "run", "devices", expect=4).stderr


def test_a_bad_entry_is_listed_and_stops_no_other(
    daily: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "config" / "schedules.toml"
    path.write_text(
        entry(home) + '\n[schedules.bad]\ntemplate = "devices"\ncron = "daily"\ntz = "UTC"\n', "utf-8"
    )
    at(monkeypatch, "2026-11-24T07:00:00Z")

    ticked = daily("schedules", "tick", "--json", expect=3)

    assert [run["status"] for run in ticked.json] == ["done"]
    assert (
        f"schedule bad: {path}, line 8: schedules.bad.cron: 'daily' is not a cron expression" in ticked.stderr
    )
    assert [(one["name"], one["last_status"]) for one in daily("schedules", "list", "--json").json] == [
        ("bad", "invalid"),
        ("phone-numbers", "done"),
    ]


def test_a_file_that_is_no_toml_is_exit_12_and_nothing_is_lost(
    daily: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = entry(home)
    path = home / "config" / "schedules.toml"
    path.write_text(good + "[half", "utf-8")
    at(monkeypatch, "2026-11-24T07:00:00Z")

    assert "is not valid TOML" in daily("schedules", "tick", expect=12).stderr
    assert daily("runs", "list", "--json").json == []
    path.write_text(good, "utf-8")
    at(monkeypatch, "2026-11-24T07:01:00Z")
    assert [run["due"] for run in daily("schedules", "tick", "--json").json] == [SEVEN]


def test_status_tells_what_monitoring_should_know(
    daily: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = daily("schedules", "status", "--json").json
    at(monkeypatch, "2026-11-24T07:00:00Z")
    daily("schedules", "tick")
    well = daily("schedules", "status", "--exit-code")
    at(monkeypatch, "2026-11-27T08:00:00Z")

    result = daily("schedules", "status", "--exit-code", "--json", expect=10)

    assert before == [
        {"name": None, "problem": "no tick has come yet: see `partnerctl schedules export`", "since": None}
    ]
    assert (well.stdout, well.stderr) == ("", "all is well\n")
    assert result.json == [
        {"name": None, "problem": "the last tick was 3 days ago", "since": "2026-11-24T07:00:00Z"}
    ]


@pytest.mark.skipif(os.name == "nt", reason="the hook is a shell script")
def test_hooks_get_the_record(estate: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())"
    for option, name in (("--on-success", "good"), ("--on-failure", "bad")):
        hook = f'"{sys.executable}" -c "{copy}" "{tmp_path / name}"'
        words = ("--name", name, "--daily", "--at", "7:00", option, hook)
        age = () if name == "good" else ("--max-age", "1d")
        estate("reports", "schedule", "devices", *words, *age)
    at(monkeypatch, "2026-12-01T07:00:00Z")

    estate("schedules", "tick", expect=3)

    records = [json.loads((tmp_path / name).read_text("utf-8")) for name in ("good", "bad")]
    assert [(one["schedule"], one["status"]) for one in records] == [("good", "done"), ("bad", "stale")]
    listed = {run["run_id"]: run for run in estate("runs", "list", "--json").json}
    assert records == [listed[one["run_id"]] for one in records]


def test_prune_by_age_and_by_number(daily: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, "2026-11-28T12:00:00Z")
    daily("schedules", "tick")  # four are missed, one is done
    at(monkeypatch, "2027-11-28T12:00:00Z")

    assert "give --older-than 400d" in daily("runs", "prune", expect=2).stderr
    assert "0 runs to remove" in daily("runs", "prune", "--older-than", "400d").stderr
    assert "needs a confirmation: remove 3 runs" in daily("runs", "prune", "--keep", "2", expect=2).stderr
    assert daily("runs", "prune", "--keep", "2", "--yes").stderr == "removed 3 runs\n"
    assert len(daily("runs", "list", "--json").json) == 2
    assert daily("runs", "prune", "--older-than", "30d", "--dry-run").stderr == (
        "dry run: 2 runs to remove; nothing was changed\n"
    )
    assert daily("runs", "prune", "--older-than", "30d", "--yes").stderr == "removed 2 runs\n"


def test_mail_without_a_sender_is_told_when_the_schedule_is_made(estate: Cli, home: Path) -> None:
    words = ("reports", "schedule", "devices", "--daily", "--at", "7:00", "--mail-to", "ana@acme.example")

    assert "the mail has no sender" in estate(*words, expect=2).stderr
    assert not (home / "config" / "schedules.toml").exists()


def test_a_file_that_would_be_there_from_the_second_run_on_is_refused(estate: Cli, tmp_path: Path) -> None:
    words = ("reports", "schedule", "devices", "--daily", "--at", "7:00", "--file")

    assert "would be there from the second run on" in estate(*words, tmp_path / "d.csv", expect=2).stderr
    assert estate(*words, tmp_path / "d-{date}.csv", "--name", "one").exit_code == 0
    assert estate(*words, tmp_path / "d.csv", "--overwrite", "--name", "two").exit_code == 0


def test_a_schedule_of_another_profile_is_left_to_that_one(daily: Cli) -> None:
    for verb in ("run", "pause", "resume", "remove"):
        result = daily("schedules", verb, "phone-numbers", "--profile", "work", expect=2)
        assert result.stderr == (
            "error: the schedule 'phone-numbers' is of the profile 'default', and this is 'work'\n"
            "hint: give --profile default\n"
        )


def test_an_entry_that_could_not_run_is_told_before_it_is_due(
    daily: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "config" / "schedules.toml"
    bad = '\n[schedules.bad]\ntemplate = "devces"\ncron = "@daily"\ntz = "UTC"\n'
    path.write_text(entry(home) + bad, "utf-8")
    daily("schedules", "tick")

    listed = {one["name"]: one["error"] for one in daily("schedules", "list", "--json").json}
    health = daily("schedules", "status", "--exit-code", "--json", expect=10).json

    assert listed == {"bad": "no report template is called 'devces'", "phone-numbers": None}
    assert health == [
        {"name": "bad", "problem": "could not run: no report template is called 'devces'", "since": None}
    ]


def test_removing_leaves_the_comments_of_the_others(daily: Cli, home: Path) -> None:
    path = home / "config" / "schedules.toml"
    other = '[schedules.b]\ntemplate = "devices"\ncron = "@daily"\ntz = "UTC"\n'
    path.write_text(f"# of the first\n{entry(home)}\n# of b\n{other}", "utf-8")

    daily("schedules", "remove", "phone-numbers", "--yes")

    assert path.read_text("utf-8") == f"# of b\n{other}"


@pytest.mark.skipif(os.name == "nt", reason="Windows makes links for administrators alone")
def test_a_schedules_file_that_is_a_link_stays_one(estate: Cli, home: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.toml"
    target.write_text("# mine\n", "utf-8")
    path = home / "config" / "schedules.toml"
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(target)

    estate("reports", "schedule", "devices", "--daily", "--at", "7:00")

    assert path.is_symlink()
    assert "[schedules.devices]" in target.read_text("utf-8")


def test_now_is_a_monday() -> None:
    assert NOW.isoformat() == "2026-11-23T12:00:00+00:00"
