"""The schedules file: read entry by entry, changed with its comments kept."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from partnerctl.errors import Conflict, InvalidData, NotFound
from partnerctl.scheduling.entries import ReportOptions, Schedule
from partnerctl.scheduling.file import (
    add_schedule,
    read_schedules,
    remove_schedule,
    set_paused,
)
from partnerctl.scheduling.mark import mark_of

posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")

FULL = """\
# what sales wants on Monday
[schedules.monday]
template = "renewing"
cron = "0 7 * * 1"    # before the meeting
tz = "Europe/Lisbon"
profile = "emea"
since = "-7d"
region = ["eu", "unknown"]
where = "tag:gold"
days = 60
product = "calling"
max_age = "8d"
file = "/srv/links/{title}.xlsx"
overwrite = true
format = "xlsx"
language = "pt"
skip_empty = true
catchup = "all"
start_deadline = "6h"
retries = 0
on_success = ["/usr/local/bin/tell", "sales"]
mail_to = ["sales@acme.example"]

[schedules.other]
template = "devices"
cron = "@daily"
tz = "UTC"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "schedules.toml"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


def test_an_entry_and_everything_that_it_may_say(path: Path) -> None:
    monday, other = read_schedules(write(path, FULL)).schedules

    assert monday == Schedule(
        name="monday",
        template="renewing",
        cron="0 7 * * 1",
        tz="Europe/Lisbon",
        profile="emea",
        options=ReportOptions(
            since="-7d",
            region=("EU", "unknown"),
            where="tag:gold",
            days=60,
            product="calling",
            max_age="8d",
            file="/srv/links/{title}.xlsx",
            overwrite=True,
            format="xlsx",
            language="pt",
            skip_empty=True,
        ),
        catchup="all",
        start_deadline=timedelta(hours=6),
        retries=0,
        on_success=("/usr/local/bin/tell", "sales"),
        mail_to=("sales@acme.example",),
    )
    assert other == Schedule("other", "devices", "@daily", "UTC")


def test_no_file_holds_nothing(path: Path) -> None:
    assert read_schedules(path).schedules == ()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('cron = "0 7 * *"', "line 3: schedules.bad.cron: '0 7 * *' is not a cron expression"),
        ('tz = "Europe/Lisboa"', "line 4: schedules.bad.tz: 'Europe/Lisboa' is not a time zone"),
        ('since = "someday"', "line 5: schedules.bad.since: 'someday' is not a day"),
        ('max_age = "8"', "line 5: schedules.bad.max_age: '8' is not an age"),
        ('start_deadline = "soon"', "line 5: schedules.bad.start_deadline: 'soon' is not a duration"),
        ('catchup = "some"', "line 5: schedules.bad.catchup: 'some' is none of latest, none, all"),
        ('format = "pdf"', "line 5: schedules.bad.format: 'pdf' is none of csv, xlsx, html, jsonl"),
        ('region = ["XX"]', "line 5: schedules.bad.region: 'XX' is not a region"),
        ("days = -1", "line 5: schedules.bad.days: needs a whole number, 0 to 36500"),
        ("days = true", "line 5: schedules.bad.days: needs a whole number, 0 to 36500"),
        ("retries = 99", "line 5: schedules.bad.retries: needs a whole number, 0 to 20"),
        ("paused = 1", "line 5: schedules.bad.paused: needs true or false"),
        ('on_success = "echo"', "line 5: schedules.bad.on_success: needs a list of texts"),
        ('mail_to = ["nobody"]', "line 5: schedules.bad.mail_to: 'nobody' is not an address"),
        ('dir = "/a"\nfile = "b"', "line 5: schedules.bad.dir: excludes file"),
        ('colour = "red"', "line 5: schedules.bad.colour: is not known here"),
        ('where = "tag:"', "line 5: schedules.bad.where:"),
    ],
)
def test_a_bad_entry_is_told_by_name_line_and_field_and_hides_no_other(
    path: Path, line: str, problem: str
) -> None:
    lines = ["[schedules.bad]", 'template = "devices"', 'cron = "@daily"', 'tz = "UTC"']
    key = line.split(" ", maxsplit=1)[0]
    lines = [line if one.startswith(f"{key} ") else one for one in lines]
    lines += [] if line in lines else [line]
    good = '\n[schedules.good]\ntemplate = "devices"\ncron = "@daily"\ntz = "UTC"\n'

    entries = read_schedules(write(path, "\n".join(lines) + "\n" + good))

    assert [one.name for one in entries.schedules] == ["good"]
    ((name, fault),) = entries.faults
    assert name == "bad"
    assert fault.reason.startswith(f"{path}, {problem}")


def test_what_a_hint_says_of_a_key_that_is_mistyped(path: Path) -> None:
    text = '[schedules.bad]\ntemplate = "devices"\ncron = "@daily"\ntz = "UTC"\nmax_ages = "8d"\n'

    ((_, fault),) = read_schedules(write(path, text)).faults

    assert fault.hint == "did you mean max_age?"


@pytest.mark.parametrize("text", ["[schedules\n", "schedules = 3\n", "[tables.a]\n"])
def test_a_file_that_is_none_is_refused_as_a_whole(path: Path, text: str) -> None:
    with pytest.raises(InvalidData):
        read_schedules(write(path, text))


@posix_only
def test_hooks_in_a_file_that_others_may_write_are_refused(path: Path) -> None:
    write(path, FULL).chmod(0o620)

    with pytest.raises(InvalidData) as caught:
        read_schedules(path)

    assert caught.value.reason == f"{path}: others may write it, and it names programs to run: refused"
    assert caught.value.hint == f"take the right away: chmod go-w {path}"
    write(path, FULL.replace("on_success", "# on_success")).chmod(0o666)
    assert len(read_schedules(path).schedules) == 2


def test_a_new_entry_leaves_comments_and_others_as_they_are(path: Path) -> None:
    write(path, FULL)

    made = add_schedule(path, "new one", {"template": "today", "cron": "0 8 * * *", "tz": "UTC"}, 1)

    assert made == Schedule("new one", "today", "0 8 * * *", "UTC")
    assert path.read_text("utf-8") == FULL + (
        '\n[schedules."new one"]\ntemplate = "today"\ncron = "0 8 * * *"\ntz = "UTC"\n'
    )


@posix_only
def test_a_new_file_is_for_the_owner_alone(path: Path) -> None:
    add_schedule(path, "a", {"template": "today", "cron": "0 8 * * *", "tz": "UTC"}, 1)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text("utf-8") == '[schedules.a]\ntemplate = "today"\ncron = "0 8 * * *"\ntz = "UTC"\n'


def test_an_entry_that_is_taken_or_bad_leaves_the_file_as_it_is(path: Path) -> None:
    write(path, FULL)

    with pytest.raises(Conflict, match="there is a schedule 'other' already"):
        add_schedule(path, "other", {"template": "today", "cron": "@daily", "tz": "UTC"}, 1)
    with pytest.raises(InvalidData, match="is not a cron expression"):
        add_schedule(path, "b", {"template": "today", "cron": "daily", "tz": "UTC"}, 1)
    assert path.read_text("utf-8") == FULL


def test_pausing_and_resuming(path: Path) -> None:
    write(path, FULL)

    assert set_paused(path, "other", True, 1) is True
    assert set_paused(path, "other", True, 1) is False
    assert read_schedules(path).find("other").paused
    assert set_paused(path, "other", False, 1) is True
    assert path.read_text("utf-8") == FULL


def test_removing_leaves_the_others(path: Path) -> None:
    write(path, FULL)

    remove_schedule(path, "other", 1)

    assert [one.name for one in read_schedules(path).schedules] == ["monday"]
    assert "# before the meeting" in path.read_text("utf-8")


def test_an_unknown_name_is_told_with_the_nearest(path: Path) -> None:
    write(path, FULL)

    with pytest.raises(NotFound) as caught:
        remove_schedule(path, "mondy", 1)

    assert (caught.value.reason, caught.value.hint) == (
        "there is no schedule 'mondy'",
        "did you mean monday?",
    )


@posix_only
def test_the_mark_changes_with_content_and_rights(path: Path) -> None:
    assert mark_of(path) == "-"
    first = mark_of(write(path, FULL))
    assert mark_of(path) == first
    path.chmod(0o644)
    second = mark_of(path)
    path.write_text(FULL + "#", "utf-8")
    assert len({first, second, mark_of(path)}) == 3
