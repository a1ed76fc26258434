"""Sending reports and tests: the settings decide how, the run decides what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from partnerctl.clock import FixedClock
from partnerctl.config.folders import find_folders
from partnerctl.config.loading import load_settings
from partnerctl.config.settings import Settings
from partnerctl.delivery.refusing import TooLarge
from partnerctl.domain.records import ReportRun
from partnerctl.errors import PartlyDone, UsageError
from partnerctl.services.mailing import MailSent, send_report, send_test
from tests.conftest import NOW
from tests.delivery.smtp_server import Server, serving
from tests.loopback import open_loopback

CLOCK = FixedClock(NOW)
TO = ("ana@acme.example", "rui@acme.example")
ROWS = b"a,b\n1,2\n"


@pytest.fixture
def run(tmp_path: Path) -> ReportRun:
    """Return the run of a schedule that wrote a file, at half past eleven at night in Lisbon."""
    path = tmp_path / "Devices.csv"
    path.write_bytes(ROWS)
    due = datetime(2026, 8, 22, 23, 30, tzinfo=UTC)
    return ReportRun(
        run_id=7,
        template="devices",
        schedule="nightly",
        due=due,
        status="done",
        path=str(path),
        rows=1,
        bytes=len(ROWS),
        sha256=None,
        region=None,
        since=None,
        until=None,
        data_as_of=None,
        started=due + timedelta(minutes=1),
        finished=due + timedelta(minutes=2),
        error=None,
    )


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    open_loopback(monkeypatch)


def settings(server: Server | None = None, **mail: str) -> Settings:
    """Return settings that send to that server, which is on this machine."""
    transport = {"PARTNERCTL_MAIL_TRANSPORT": f"smtp://localhost:{server.port}"} if server else {}
    given = {f"PARTNERCTL_{name.upper()}": value for name, value in mail.items()}
    return load_settings({}, {"PARTNERCTL_ME": "ana@acme.example", **transport, **given}, find_folders({}))


def test_a_report_is_sent_with_its_file(run: ReportRun) -> None:
    with serving() as server:
        sent = send_report(run, "Devices", TO, settings(server, mail_from="reports@acme.example"), CLOCK)

    assert sent == MailSent(TO, "reports@acme.example", f"smtp://localhost:{server.port}", NOW)
    message = server.mail.message
    assert message["From"] == "reports@acme.example"
    assert message["Subject"].startswith("Devices 2026-08-")
    (attached,) = message.iter_attachments()
    assert attached.get_payload(decode=True) == ROWS


@pytest.mark.parametrize(("zone", "day"), [("Europe/Lisbon", 23), ("America/Sao_Paulo", 22), (None, 22)])
def test_the_day_is_that_of_the_due_time_where_the_schedule_is(
    run: ReportRun, zone: str | None, day: int
) -> None:
    with serving() as server:
        send_report(run, "Devices", TO, settings(server, timezone="UTC"), CLOCK, zone)

    assert server.mail.message["Subject"] == f"Devices 2026-08-{day} (nightly)"


def test_a_second_copy_after_a_crash_is_the_same_mail(run: ReportRun) -> None:
    with serving() as server:
        for run_id, later in ((7, 0), (8, 60)):
            clock = FixedClock(NOW + timedelta(minutes=later))
            send_report(replace(run, run_id=run_id), "Devices", TO, settings(server), clock)

    first, second = (mail.message for mail in server.mails)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] != second["Date"]


@pytest.mark.parametrize("status", ["skipped_empty", "failed", "stale", "missed", "skipped_overlap"])
def test_a_run_without_a_file_is_not_sent(run: ReportRun, status: str) -> None:
    assert send_report(replace(run, status=status, path=None), "Devices", TO, settings(), CLOCK) is None


def test_a_report_on_standard_output_is_not_sent(run: ReportRun) -> None:
    assert send_report(replace(run, path=None), "Devices", TO, settings(), CLOCK) is None


def test_nobody_gets_it_twice(run: ReportRun) -> None:
    with serving() as server:
        send_report(run, "Devices", [TO[0], TO[1], TO[0]], settings(server), CLOCK)

    assert server.mail.to == TO


def test_who_is_refused_is_named_and_the_others_have_it(run: ReportRun) -> None:
    refusing = serving(replies={"RCPT rui@acme.example": "550 no such user"})
    with refusing as server, pytest.raises(PartlyDone) as caught:
        send_report(run, "Devices", TO, settings(server), CLOCK)

    assert caught.value.reason == "the mail server refused rui@acme.example (550 no such user)"
    assert caught.value.hint == "the mail went to ana@acme.example"
    assert server.mail.to == ("ana@acme.example",)


def test_a_file_that_the_server_finds_too_large_is_announced_all_the_same(run: ReportRun) -> None:
    assert run.path is not None
    Path(run.path).write_bytes(b"x" * 20_000)
    with serving(extensions=("SIZE 5000",)) as server:
        send_report(run, "Devices", TO, settings(server), CLOCK)

    assert list(server.mail.message.iter_attachments()) == []
    assert run.path in server.mail.message.get_content().replace("=\n", "")


def test_a_server_that_takes_nothing_at_all_is_told(run: ReportRun) -> None:
    with serving(extensions=("SIZE 10",)) as server:
        with pytest.raises(TooLarge):
            send_report(run, "Devices", TO, settings(server), CLOCK)
        assert run.path is not None
        with Path(run.path).open("wb") as file:
            file.truncate(20_000_000)
        with pytest.raises(TooLarge):
            send_report(run, "Devices", TO, settings(server), CLOCK)


def test_without_a_sender_nothing_is_sent(run: ReportRun) -> None:
    nobody = load_settings({}, {}, find_folders({}))

    with pytest.raises(UsageError, match="the mail has no sender"):
        send_report(run, "Devices", TO, nobody, CLOCK)


def test_every_test_is_another_mail() -> None:
    with serving() as server:
        for _ in range(2):
            send_test((), settings(server), CLOCK)

    assert len({mail.message["Message-ID"] for mail in server.mails}) == 2
    assert {mail.to for mail in server.mails} == {("ana@acme.example",)}
