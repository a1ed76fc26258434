"""Partner reports: asked for, waited for, downloaded, removed."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest

from partnerctl.domain.identifiers import bare_id
from partnerctl.reports.defaults import find_template
from partnerctl.sandbox.world import World
from tests.sandbox.asking import Answer, Talk, make_world
from tests.sandbox.in_process import FakeTime

BOM = b"\xef\xbb\xbf"


def template_id(talk: Talk, title: str) -> int:
    found = {one["title"]: one["templateId"] for one in talk.get("/partner/reports/templates").items}
    number: int = found[title]
    return number


def ask_for(
    talk: Talk, title: str, region: str = "US", since: str = "2026-11-20", until: str = "2026-11-23"
) -> str:
    body = {
        "templateId": template_id(talk, title),
        "startDate": since,
        "endDate": until,
        "regionId": region,
    }
    begun: dict[str, str] = talk.post("/partner/reports", body).json
    assert begun == {"reportId": begun["reportId"], "createdTime": "2026-11-23 12:00:00"}
    return begun["reportId"]


def wait_for(talk: Talk, report: str) -> Any:
    """Return a report once it is done or has failed."""
    for _ in range(10):
        told = talk.get(f"/partner/reports/{report}").json
        if told["status"] != "In progress":
            return told
    raise AssertionError("the report is never done")


def content(talk: Talk, report: str) -> bytes:
    """Return the CSV file of a report, whatever form it comes in."""
    body = talk.get(wait_for(talk, report)["downloadURL"]).reply.body
    if not body.startswith(b"PK\x03\x04"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        (name,) = archive.namelist()
        assert name.endswith(".csv")
        return archive.read(name)


def rows(text: bytes) -> list[dict[str, str]]:
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


@pytest.fixture
def world() -> World:
    return make_world(customers=60)


@pytest.fixture
def talk(world: World) -> Talk:
    return Talk(world)


def test_a_report_goes_through_its_life(talk: Talk) -> None:
    report = ask_for(talk, "Devices")
    polls = [talk.get(f"/partner/reports/{report}").json for _ in range(3)]
    done = polls[2]

    assert [poll["status"].lower() for poll in polls] == ["in progress", "in progress", "done"]
    assert "downloadURL" not in polls[1]
    number = bare_id(report)[:8]
    assert {
        key: value for key, value in done.items() if key not in {"status", "checksum", "downloadURL"}
    } == {
        "reportId": report,
        "templateId": template_id(talk, "Devices"),
        "title": "Devices",
        "service": "Teams",
        "startDate": "2026-11-20",
        "endDate": "2026-11-23",
        "regionId": "US",
        "createdTime": "2026-11-23 12:00:00",
        "fileName": f"Devices_{number}_Org_2026-11-20_2026-11-23.csv",
        "fileSize": len(talk.get(done["downloadURL"]).reply.body),
        "downloadUrlExpiryTime": "3600",
    }
    assert done["downloadURL"].startswith("http://127.0.0.1:8099/download/")
    assert talk.delete(f"/partner/reports/{report}").status == 204
    assert talk.get(f"/partner/reports/{report}").status == 404
    assert talk.get(done["downloadURL"]).status == 404


@pytest.mark.parametrize(
    ("title", "template"),
    [
        ("Subscription details", "subscription-details"),
        ("Devices", "devices"),
        ("Telephone Numbers", "phone-numbers"),
        ("Webex App version", "webex-app-version"),
    ],
)
def test_a_file_has_the_columns_of_our_template_and_one_region(talk: Talk, title: str, template: str) -> None:
    found = {region: rows(content(talk, ask_for(talk, title, region))) for region in ("US", "CA", "EU", "AE")}
    headers = [column.header("en") for column in find_template(template).layout.columns]
    org = next(header for header in headers if header.lower().endswith("organization id"))

    customers = {region: {row[org] for row in some} for region, some in found.items()}
    assert list(found["US"][0]) == headers
    assert all(customers.values())
    assert sum(map(len, customers.values())) == len(set().union(*customers.values()))


def test_customers_whose_region_nobody_knows_are_at_home(talk: Talk) -> None:
    from partnerctl.demo.customers import plan_customer
    from tests.sandbox.asking import AS_OF

    nowhere = [plan.org_id for n in range(60) if (plan := plan_customer(7, n, AS_OF)).region is None]
    home = {row["Customer organization ID"] for row in rows(content(talk, ask_for(talk, "Devices")))}

    assert len(nowhere) == 2
    assert set(nowhere) < home


def test_a_region_without_customers_gives_headers_alone(talk: Talk) -> None:
    text = content(talk, ask_for(talk, "Calling usage", "IN"))

    assert rows(text) == []
    assert len(text.decode().splitlines()[0].split(",")) == 33


def test_calling_usage_has_figures_of_every_location(talk: Talk) -> None:
    some = rows(content(talk, ask_for(talk, "Calling usage")))

    assert len({(row["Organization ID"], row["Location"]) for row in some}) == len(some) > 10
    assert all(value.isdigit() for row in some for value in list(row.values())[3:])


def test_subscription_details_are_those_of_the_last_day_asked_for(talk: Talk) -> None:
    early = ask_for(talk, "Subscription details", since="2026-10-01", until="2026-10-20")
    before = ask_for(talk, "Subscription details", since="2025-01-01", until="2025-01-20")

    days = {row["Calculated date"] for row in rows(content(talk, early))}
    assert days == {"2026-10-19"}  # the demo's days are Mondays, as the last one is
    assert rows(content(talk, before)) == []


def test_some_files_come_as_archives_and_some_as_they_are(talk: Talk) -> None:
    reports = [ask_for(talk, "Devices", f"X{number}") for number in range(20)]
    starts = [talk.get(wait_for(talk, one)["downloadURL"]).reply for one in reports]

    found = {(reply.body[:2], reply.headers["content-type"]) for reply in starts}
    assert found == {(b"PK", "application/zip"), (b"\xef\xbb", "application/octet-stream")}


def test_an_address_expires_and_the_report_gives_another() -> None:
    time = FakeTime()
    talk = Talk(make_world(time))
    report = ask_for(talk, "Devices")
    first = wait_for(talk, report)["downloadURL"]
    assert talk.get(first).status == 200

    time.wait(3600)

    assert talk.get(first).status in (403, 410)
    assert talk.get(wait_for(talk, report)["downloadURL"]).status == 200


def test_an_address_may_have_expired_at_once() -> None:
    talk = Talk(make_world(faults="url-expired:1"))
    report = ask_for(talk, "Devices")
    addresses = [wait_for(talk, report)["downloadURL"] for _ in range(2)]

    assert [talk.get(address).status for address in addresses] == [403, 403]
    assert talk.get("/download/" + bare_id(report), key="x").status == 403


def test_reports_of_a_region_can_fail() -> None:
    talk = Talk(make_world(failing_regions=["AE"]))

    told = {
        region: wait_for(talk, ask_for(talk, "Devices", region))["status"].lower() for region in ("AE", "US")
    }

    assert told == {"AE": "failed", "US": "done"}


def test_any_report_can_fail_by_chance() -> None:
    talk = Talk(make_world(faults="report-failed:1"))

    assert wait_for(talk, ask_for(talk, "Devices"))["status"] == "failed"


def test_the_list_can_be_narrowed_and_varies_in_shape(talk: Talk) -> None:
    us, ae = (ask_for(talk, "Devices", region) for region in ("US", "AE"))
    answers = [talk.get("/partner/reports", regionId="AE") for _ in range(3)]

    def found(**query: str) -> list[str]:
        return [one["reportId"] for one in talk.get("/partner/reports", **query).items]

    shapes = {next(iter(a.json)) if isinstance(a.json, dict) else "list" for a in answers}
    assert shapes == {"list", "items", "Report Attributes"}
    assert [[one["reportId"] for one in answer.items] for answer in answers] == [[ae]] * 3
    assert found(**{"from": "2026-11-23", "to": "2026-11-24"}) == [us, ae]
    assert found(to="2026-11-23") == found(templateId="1") == found(service="Other") == []


@pytest.mark.parametrize(
    "change",
    [
        {"templateId": "5"},
        {"templateId": 1},
        {"startDate": None},
        {"endDate": "yesterday"},
        {"startDate": "2026-11-24", "endDate": "2026-11-24"},
        {"startDate": "2026-11-22", "endDate": "2026-11-21"},
        {"startDate": "2026-10-20"},
        {"regionId": 7},
    ],
)
def test_a_request_that_is_not_right_is_refused(talk: Talk, change: dict[str, Any]) -> None:
    body = {"templateId": template_id(talk, "Devices"), "startDate": "2026-11-20", "endDate": "2026-11-21"}

    answer = talk.post("/partner/reports", {**body, **change})

    assert (answer.status, talk.get("/partner/reports").items) == (400, [])


@pytest.mark.parametrize("body", [b"", b"[]", b"{"])
def test_a_body_that_is_no_object_is_refused(talk: Talk, body: bytes) -> None:
    answer: Answer = talk.ask("POST", "/partner/reports", {}, body)

    assert answer.status == 400


def test_template_ids_go_by_the_seed() -> None:
    from tests.sandbox.asking import AS_OF

    def numbers(seed: int) -> dict[str, int]:
        talk = Talk(World(seed, 1, as_of=AS_OF, clock=FakeTime()))
        return {one["title"]: one["templateId"] for one in talk.get("/partner/reports/templates").items}

    assert numbers(7) == numbers(7)
    assert set(numbers(7).values()) != set(numbers(8).values())
    assert sorted(set(numbers(7)) ^ set(numbers(8))) == ["Phone numbers", "Telephone Numbers"]
