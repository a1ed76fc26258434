"""The mail that a report becomes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from partnerctl.delivery import announcing
from partnerctl.delivery.announcing import Occasion, announce
from partnerctl.delivery.message import Attachment
from partnerctl.domain.records import ReportRun
from partnerctl.errors import MachineFault

DUE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
RUN = ReportRun(
    run_id=42,
    template="subscription-details",
    schedule="weekly",
    due=DUE,
    status="done",
    path=None,
    rows=2,
    bytes=1234,
    sha256="ab" * 32,
    region="EU,US",
    since=date(2026, 8, 25),
    until=date(2026, 11, 23),
    data_as_of=date(2026, 11, 22),
    started=DUE,
    finished=DUE,
    error=None,
)
OCCASION = Occasion(
    title="Subscription Details",
    day=date(2026, 11, 23),
    sender="reports@acme.example",
    to=("ana@acme.example",),
    at=datetime(2026, 11, 23, 8, 1, tzinfo=UTC),
    host="reporter",
    profile="work",
)


@pytest.fixture
def run(tmp_path: Path) -> ReportRun:
    """Return a run that wrote a file."""
    path = tmp_path / "Subscription Details.csv"
    path.write_bytes(b"a,b\n1,2\n")
    return replace(RUN, path=str(path))


def test_the_mail_says_what_the_report_is_and_holds_it(run: ReportRun) -> None:
    mail = announce(run, OCCASION)

    assert mail.subject == "Subscription Details 2026-11-23 (weekly)"
    assert mail.attachment == Attachment("Subscription Details.csv", b"a,b\n1,2\n")
    assert mail.text == (
        "Subscription Details, 2026-11-23\n"
        "\n"
        "Template:    subscription-details\n"
        "Period:      from 2026-08-25 to 2026-11-23\n"
        "Region:      EU, US\n"
        "Rows:        2\n"
        "Data as of:  2026-11-22\n"
        "Schedule:    weekly\n"
        "Due:         2026-11-23T08:00:00Z\n"
        f"SHA-256:     {'ab' * 32}\n"
        "Made on:     reporter, profile work\n"
        "\n"
        "The file is attached: Subscription Details.csv (1.2 kB)"
    )


def test_a_run_by_hand_says_what_it_knows(run: ReportRun) -> None:
    by_hand = replace(
        run, schedule=None, due=None, since=None, until=None, region=None, data_as_of=None, sha256=None
    )
    mail = announce(by_hand, OCCASION)

    assert mail.subject == "Subscription Details 2026-11-23"
    assert mail.text.splitlines()[2:-2] == [
        "Template:    subscription-details",
        "Region:      all",
        "Rows:        2",
        "Data as of:  unknown",
        "Made on:     reporter, profile work",
    ]


def test_a_file_that_is_too_large_stays_where_it_is(run: ReportRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "ATTACH_LIMIT", 7)
    mail = announce(replace(run, bytes=34_567_890), OCCASION)

    assert mail.attachment is None
    assert mail.text.splitlines()[-2:] == [
        "The file is too large to be attached (34.6 MB). On reporter it is",
        str(run.path),
    ]


@pytest.mark.parametrize(
    ("size", "shown"), [(None, "size unknown"), (999, "999 bytes"), (1000, "1.0 kB"), (2_500_000, "2.5 MB")]
)
def test_how_a_size_is_told(run: ReportRun, size: int | None, shown: str) -> None:
    mail = announce(replace(run, bytes=size), OCCASION)

    assert mail.text.endswith(f"Subscription Details.csv ({shown})")


@pytest.mark.parametrize(("size", "attached"), [(18_000_000, True), (18_000_001, False)])
def test_the_largest_file_that_is_attached(run: ReportRun, size: int, attached: bool) -> None:
    assert run.path is not None
    with Path(run.path).open("wb") as file:
        file.truncate(size)

    assert (announce(run, OCCASION).attachment is not None) is attached


def test_a_file_that_is_gone_is_told(run: ReportRun) -> None:
    assert run.path is not None
    Path(run.path).unlink()

    with pytest.raises(MachineFault, match=r"cannot read .* to send it: No such file"):
        announce(run, OCCASION)
    assert announce(run, OCCASION, attach=False).attachment is None


def test_the_mail_of_a_due_time_is_the_same_mail_after_a_crash(run: ReportRun) -> None:
    later = replace(OCCASION, at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC), host="other")
    again = replace(run, run_id=43, started=later.at, finished=later.at)

    assert announce(again, later).identity == announce(run, OCCASION).identity


def test_any_other_mail_is_another_one(run: ReportRun) -> None:
    by_hand = replace(run, schedule=None, due=None)
    mails = [
        announce(run, OCCASION),
        announce(replace(run, due=datetime(2026, 11, 30, 8, 0, tzinfo=UTC)), OCCASION),
        announce(replace(run, schedule="daily"), OCCASION),
        announce(run, replace(OCCASION, profile="other")),
        announce(run, replace(OCCASION, sender="others@acme.example")),
        announce(by_hand, OCCASION),
        announce(replace(by_hand, run_id=43), OCCASION),
    ]

    assert len({mail.identity for mail in mails}) == len(mails)


def test_names_cannot_add_lines(run: ReportRun) -> None:
    mail = announce(replace(run, schedule="week\nly\r\nBcc: x"), replace(OCCASION, title="Sub\x85scription"))

    assert "Schedule:    week ly Bcc: x" in mail.text.splitlines()
    assert mail.text.splitlines()[0] == "Sub scription, 2026-11-23"
