"""Reports that Webex makes: asked for once per region, waited for, downloaded whole, merged into one file."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from partnerctl.errors import Conflict, NotFound, TimedOut, Unavailable, UsageError
from partnerctl.remote.transport import Request, Response, Transport
from partnerctl.services.questions import Asked
from partnerctl.services.recording import Journal
from partnerctl.services.report_orders import ReportOrder
from partnerctl.services.reports import ReportResult
from partnerctl.services.webex.partner_reports import Polling
from partnerctl.services.webex.reports import run_remote_report
from tests.sandbox.in_process import SandboxTransport
from tests.services.syncing_world import Partner, faults

DAY = date(2026, 11, 23)


@pytest.fixture
def partner(tmp_path: Path) -> Partner:
    return Partner(tmp_path / "partner", customers=25)


def run(
    partner: Partner,
    template: str,
    *regions: str,
    limit: float = 1800.0,
    transport: Transport | None = None,
    **order: Any,
) -> ReportResult:
    """Run a report with the source webex, over a transport of one's own where one is given."""
    asked = Asked(DAY, region=regions)
    order.setdefault("folder", partner.folder)
    wanted = ReportOrder(template, asked, zone="UTC", **order)
    journal = Journal(lambda: partner.store, "ines@partner.example", partner.time)
    polling = Polling(partner.time, limit=limit)
    return run_remote_report(partner.store, partner.client(transport=transport), wanted, journal, polling)


def rows(path: str | None) -> list[dict[str, str]]:
    assert path is not None
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_regions_are_one_file(partner: Partner) -> None:
    done = run(partner, "devices")
    merged = rows(done.run.path)
    alone = [
        row for region in ("US", "CA", "EU", "AE") for row in rows(run(partner, "devices", region).run.path)
    ]
    assert merged == alone
    assert len(merged) == done.run.rows == 103


def test_the_run_is_named_and_recorded(partner: Partner) -> None:
    done = run(partner, "Subscription details", "EU")
    assert done.run.path is not None
    name = Path(done.run.path).name.split("_")
    assert (name[0].lower(), name[2]) == ("subscription details", "2026-11-23.csv")
    assert len(name[1]) == 10
    recorded = next(partner.store.report_runs(1))
    assert recorded == done.run
    assert (recorded.status, recorded.region, recorded.until) == ("done", "EU", DAY)
    assert recorded.bytes == Path(done.run.path).stat().st_size


def test_one_request_per_region(partner: Partner) -> None:
    run(partner, "devices", "EU", "US")
    assert len(partner.asked("POST", "/partner/reports")) == 2


def test_a_file_of_my_own_choice(partner: Partner) -> None:
    path = partner.folder / "devices-EU.csv"
    done = run(partner, "devices", "EU", folder=None, file=str(partner.folder / "devices-{region}.csv"))
    assert done.run.path == str(path)
    with pytest.raises(Conflict, match="exists"):
        run(partner, "devices", "EU", folder=None, file=str(path))


def test_faults_on_the_way_change_nothing(tmp_path: Path, partner: Partner) -> None:
    words = "429:0.3,500:0.3,truncate:0.3,html:0.3,drop:0.3,url-expired:0.3,empty:0.2"
    broken = Partner(tmp_path / "broken", customers=25, faults=faults(words, retry_after=0))
    assert rows(run(broken, "devices").run.path) == rows(run(partner, "devices").run.path)


def test_a_region_that_fails_leaves_no_file(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "p", customers=25, failing_regions=("EU",))
    with pytest.raises(Unavailable, match="could not make the report"):
        run(partner, "devices")
    assert list(partner.folder.glob("*.csv")) == []
    assert next(partner.store.report_runs(1)).status == "failed"


def test_a_region_that_nobody_named_may_be_refused(partner: Partner) -> None:
    def no_emirates(request: Request) -> Response | None:
        if request.method == "POST" and b'"AE"' in request.body:
            return Response(400, {}, b'{"message": "unknown region"}', request.url)
        return None

    partner.watch = no_emirates
    done = run(partner, "devices")
    assert done.notes[0].startswith("AE: left out, for ")
    with pytest.raises(Conflict, match="unknown region"):
        run(partner, "devices", "AE")


def test_a_report_that_is_never_done(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "p", customers=5, report_delay=10_000)
    with pytest.raises(TimedOut, match="within 60 seconds"):
        run(partner, "devices", "EU", limit=60.0)


def test_an_address_that_expired_is_asked_for_anew(partner: Partner) -> None:
    refused = 0

    def expired(request: Request) -> Response | None:
        nonlocal refused
        if "/download/" in request.url and refused < 2:
            refused += 1
            return Response(403, {}, b"", request.url)
        return None

    partner.watch = expired
    assert len(rows(run(partner, "devices", "EU").run.path)) == 48
    assert refused == 2


def test_a_file_that_never_comes_whole(partner: Partner) -> None:
    class Cut:
        """Begins an archive, and says nothing of its length."""

        def __init__(self) -> None:
            self._inner = SandboxTransport(partner.world, partner.time)

        def send(self, request: Request, sink: BinaryIO | None = None, /) -> Response:
            if "/download/" not in request.url or sink is None:
                return self._inner.send(request, sink)
            sink.write(b"PK\x03\x04 and then nothing")
            return Response(200, {}, b"", request.url)

    with pytest.raises(Unavailable, match="the archive: is a damaged zip"):
        run(partner, "devices", "EU", transport=Cut())
    assert list(partner.folder.glob("*.csv")) == []


def test_a_template_that_webex_has_not(partner: Partner) -> None:
    with pytest.raises(NotFound) as raised:
        run(partner, "renewing")
    assert "it has: " in (raised.value.hint or "")
    assert "Calling" in (raised.value.hint or "")  # one that this version cannot read, and can fetch


def test_a_template_of_webex_alone(partner: Partner) -> None:
    done = run(partner, "calling usage", "US", since=date(2026, 11, 15), until=date(2026, 11, 21))
    assert done.run.path is not None
    assert Path(done.run.path).name.lower().startswith("calling usage_")


def test_too_many_days(partner: Partner) -> None:
    with pytest.raises(UsageError, match="at most 31 days"):
        run(partner, "calling usage", "US", since=date(2026, 9, 1), until=date(2026, 11, 21))
    with pytest.raises(UsageError, match="is after"):
        run(partner, "calling usage", "US", since=date(2026, 11, 21), until=date(2026, 11, 1))


@pytest.mark.parametrize(
    "option", [{"format": "xlsx"}, {"excel": True}, {"language": "pt"}, {"skip_empty": True}, {"days": 5}]
)
def test_what_cannot_be_asked_of_webex(partner: Partner, option: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="Webex makes its own as csv"):
        run(partner, "devices", **option)
    assert partner.world.calls == []


def test_regions_with_other_columns_are_put_side_by_side(partner: Partner) -> None:
    bodies = [b"Customer,MAC\nAcme,AA\n", b"MAC,Customer,Firmware\nBB,Beta,1.0\n"]

    class Odd:
        """Gives two files with other columns, whatever was made."""

        def __init__(self) -> None:
            self._inner = SandboxTransport(partner.world, partner.time)

        def send(self, request: Request, sink: BinaryIO | None = None, /) -> Response:
            if "/download/" not in request.url or sink is None:
                return self._inner.send(request, sink)
            body = bodies.pop(0)
            sink.write(body)
            return Response(200, {"content-length": str(len(body))}, b"", request.url)

    done = run(partner, "devices", "EU", "US", transport=Odd())
    assert rows(done.run.path) == [
        {"Customer": "Acme", "MAC": "AA", "Firmware": ""},
        {"Customer": "Beta", "MAC": "BB", "Firmware": "1.0"},
    ]
    assert "Webex says that the file has" in done.notes[0]  # another size than the one that was made
