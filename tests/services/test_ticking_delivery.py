"""What ticks do with a report when it is written: hooks hear of it, mail goes out, and is tried again."""

from __future__ import annotations

import email
import email.message
import email.policy
import json
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.kill_tick import ROOT
from tests.services.ticking_desk import SEVEN, Desk, script, unix
from tests.services.ticking_world import World, border_at_flushes, entry

START = datetime(2026, 11, 23, 12, tzinfo=UTC)

# --- hooks ---


@unix
@pytest.mark.parametrize(
    ("hook", "words"),
    [
        ("exit 3", "exited with 3"),
        ("cat > heard; echo oh no >&2; exit 1", "exited with 1: oh no"),
        ("kill -9 $$", "was killed by SIGKILL"),
        (None, "there is no program"),
    ],
)
def test_a_hook_that_fails_changes_nothing_of_the_run(
    desk: Desk, tmp_path: Path, hook: str | None, words: str
) -> None:
    program = script(tmp_path / "hook", hook) if hook else tmp_path / "nowhere"
    desk.write(entry("daily", "0 7 * * *", f'on_success = ["{program}", "a b"]'))

    (run,), told = desk.at(SEVEN).tick()

    assert told.startswith(f"warning: schedule daily: the hook '{program}' failed: ")
    assert words in told
    assert (run["status"], run["error"], Path(run["path"]).is_file()) == ("done", None, True)
    assert desk.rows() == [("daily", SEVEN, "done", None)]


@unix
def test_a_hook_gets_its_words_as_they_are_and_the_record_of_its_run(desk: Desk, tmp_path: Path) -> None:
    hook = script(tmp_path / "hook", 'printf "%s|" "$@" > words; cat > "$1"')
    name = f'on_success = ["{hook}", "good $HOME; ls", "*"]\non_failure = ["{hook}", "bad"]'
    desk.write(entry("good", "0 7 * * *", name), entry("bad", "0 7 * * *", name, 'max_age = "1d"'))

    runs, _ = desk.at("2026-11-25T07:00:00Z").tick(expect=3)

    records = [json.loads((tmp_path / name).read_text("utf-8")) for name in ("bad", "good $HOME; ls")]
    assert [record["status"] for record in records] == ["stale", "done"]
    assert records == runs
    assert (tmp_path / "words").read_text() == "good $HOME; ls|*|"


@unix
def test_who_waits_for_failures_hears_of_a_run_that_died(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    border_at_flushes(monkeypatch)
    hook = script(tmp_path / "hook", "cat > heard")
    world = World.made(tmp_path / "home", START)
    world.write(entry("daily", "0 7 * * *", f'on_failure = ["{hook}"]'))
    world.tick()
    world.clock.move(hours=19)
    course = world.course()
    while not world.rows() or world.rows()[0].status != "running":
        course.step()
    course.kill()
    world.clock.move(days=1)

    done = world.tick()

    assert done is not None
    assert done.faulty  # exit 3: one failed
    assert world.warnings == ["schedule daily: failed: interrupted: the run that had it died"]
    record = json.loads((tmp_path / "heard").read_text("utf-8"))
    assert (record["due"], record["status"]) == ("2026-11-24T07:00:00Z", "failed")


# --- mail ---


@pytest.fixture
def mailing(desk: Desk, tmp_path: Path) -> Desk:
    """Return a desk whose sendmail keeps each mail in a file, and exits as the file `code` says."""
    folder = tmp_path / "mail"
    folder.mkdir()
    program = script(
        folder / "sendmail",
        "n=$(ls | grep -c '^mail'); printf '%s\\n' \"$@\" > words; cat > mail$n; exit $(cat code)",
    )
    desk.set("mail.transport", f"sendmail:{program}")
    desk.set("mail.from", "reports@acme.example")
    answer(desk, 0)
    return desk


def answer(desk: Desk, code: int) -> None:
    """Let sendmail answer with that exit code from now on."""
    (desk.home.parent / "mail" / "code").write_text(f"{code}\n", "utf-8")


def mails(desk: Desk) -> list[email.message.EmailMessage]:
    """Return the mails that sendmail was given, in order."""
    paths = sorted((desk.home.parent / "mail").glob("mail*"), key=lambda path: int(path.name[4:]))
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]


MAILED = entry("daily", "0 7 * * *", 'mail_to = ["ana@acme.example"]')


@unix
def test_a_report_is_mailed_once(mailing: Desk) -> None:
    mailing.write(MAILED)

    (run,), told = mailing.at(SEVEN).tick()
    mailing.at("2026-11-24T07:01:00Z").tick()

    (mail,) = mails(mailing)
    (attached,) = mail.iter_attachments()
    assert (run["status"], told) == ("done", "")
    assert mail["To"] == "ana@acme.example"
    assert mail["Subject"] == "Devices 2026-11-24 (daily)"
    assert attached.get_payload(decode=True) == Path(run["path"]).read_bytes()


@unix
def test_a_mail_that_fails_for_now_is_tried_again_with_more_and_more_time_between(
    mailing: Desk, tmp_path: Path
) -> None:
    hook = script(tmp_path / "hook", "cat >> heard; echo >> heard")
    mailing.write(entry("daily", "0 7 * * *", 'mail_to = ["ana@acme.example"]', f'on_failure = ["{hook}"]'))
    answer(mailing, 75)
    tried = []
    for minute in range(40):
        tick = mailing.at(f"2026-11-24T07:{minute:02}:00Z")
        before = len(mails(mailing))
        runs, _ = tick.tick(expect=3 if minute in (0, 1, 6, 21) else 0)
        if len(mails(mailing)) > before:
            tried.append((minute, [run["status"] for run in runs]))

    assert tried == [(0, ["retrying"]), (1, ["retrying"]), (6, ["retrying"]), (21, ["failed"])]
    ((name, due, status, error),) = mailing.rows()
    assert (name, due, status) == ("daily", SEVEN, "failed")
    assert "cannot send mail now" in str(error)
    (heard,) = (tmp_path / "heard").read_text("utf-8").split("\n\n")[:1]
    assert json.loads(heard)["status"] == "failed"
    (path,) = mailing.reports()
    (run,) = mailing.cli("runs", "list", "--json").json
    assert run["path"] == str(path)  # the report itself is there


@unix
def test_a_mail_that_is_sent_the_second_time_goes_with_the_file_of_the_first(mailing: Desk) -> None:
    mailing.write(MAILED)
    answer(mailing, 75)
    ((first,), told) = mailing.at(SEVEN).tick(expect=3)
    (path,) = mailing.reports()
    before = path.stat()
    answer(mailing, 0)

    early = mailing.at("2026-11-24T07:00:59Z").tick()
    ((second,), _) = mailing.at("2026-11-24T07:01:00Z").tick()

    assert "schedule daily: retrying: " in told
    assert (first["status"], early) == ("retrying", ([], ""))
    assert second == {
        **first,
        "status": "done",
        "error": None,
        "started": "2026-11-24T07:01:00Z",
        "finished": "2026-11-24T07:01:00Z",
    }
    after = mailing.reports()[0].stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len({mail["Message-ID"] for mail in mails(mailing)}) == 1
    assert len(mails(mailing)) == 2


@unix
def test_a_file_that_somebody_changed_meanwhile_is_neither_sent_nor_replaced(mailing: Desk) -> None:
    mailing.write(MAILED)
    answer(mailing, 75)
    mailing.at(SEVEN).tick(expect=3)
    (path,) = mailing.reports()
    path.write_text("notes of mine", "utf-8")
    answer(mailing, 0)

    _, told = mailing.at("2026-11-24T07:01:00Z").tick(expect=3)

    assert f"{path} was changed since it was written: it would be replaced" in told
    assert path.read_text("utf-8") == "notes of mine"
    assert len(mails(mailing)) == 1


@unix
def test_a_newer_due_time_ends_the_retries_of_the_one_before(mailing: Desk) -> None:
    mailing.write(MAILED.replace("0 7", "*/3 7"))
    answer(mailing, 75)
    mailing.at(SEVEN).tick(expect=3)
    mailing.at("2026-11-24T07:01:00Z").tick(expect=3)
    answer(mailing, 0)

    runs, _ = mailing.at("2026-11-24T07:03:00Z").tick(expect=3)

    assert [run["due"] for run in runs if run["status"] == "done"] == ["2026-11-24T07:03:00Z"]
    (first, second) = mailing.rows()
    assert first[1:3] == (SEVEN, "failed")
    assert str(first[3]).endswith("cannot send mail now; a later due time ran instead")
    assert second == ("daily", "2026-11-24T07:03:00Z", "done", None)


@unix
def test_a_mail_that_is_refused_is_not_tried_again(mailing: Desk) -> None:
    mailing.write(MAILED)
    answer(mailing, 67)

    (run,), _ = mailing.at(SEVEN).tick(expect=3)
    answer(mailing, 0)
    mailing.at("2026-11-24T08:00:00Z").tick()

    assert (run["status"], run["path"]) == ("failed", str(mailing.reports()[0]))
    assert "refused the mail" in run["error"]
    assert len(mails(mailing)) == 1


@unix
def test_without_retries_the_first_failure_is_the_last(mailing: Desk) -> None:
    mailing.write(MAILED + "retries = 0\n")
    answer(mailing, 75)

    assert [run["status"] for run in mailing.at(SEVEN).tick(expect=3)[0]] == ["failed"]
    mailing.at("2026-11-24T08:00:00Z").tick()
    assert len(mails(mailing)) == 1


@unix
@pytest.mark.slow
def test_a_mail_that_takes_longer_than_a_lease_is_sent_once(mailing: Desk) -> None:
    """While it is on its way, six minutes by the clock, another tick comes: from within the program."""
    folder = mailing.home.parent / "mail"
    tick = [sys.executable, "-m", "benchmarks.kill_tick", "--as", "2026-11-24T07:06:00Z", "schedules", "tick"]
    script(
        folder / "sendmail",
        "n=$(ls | grep -c '^mail'); cat > mail$n\n"
        f"if [ $n = 0 ]; then cd {shlex.quote(str(ROOT))}; {shlex.join(tick)} > {folder}/nested 2>&1; fi",
    )
    mailing.write(MAILED)

    (run,), _ = mailing.at(SEVEN).tick()
    mailing.at("2026-11-24T07:12:00Z").tick()

    assert len(mails(mailing)) == 1, (folder / "nested").read_text()
    assert (run["status"], mailing.rows()) == ("done", [("daily", SEVEN, "done", None)])
