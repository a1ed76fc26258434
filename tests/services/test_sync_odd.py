"""What a sync does where Webex refuses a part as a whole, lists too little, or lacks a template."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from partnerctl.domain.folding import fold
from partnerctl.errors import MachineFault, PartlyDone, UsageError
from partnerctl.remote.tags import write_tags
from partnerctl.remote.transport import Request, Response
from partnerctl.services.syncing.sync import Heard
from partnerctl.services.syncing.tags import fetch_tags
from tests.services.syncing_world import Partner, Watch, everything, present, refuse, statuses


@pytest.fixture
def partner(tmp_path: Path) -> Partner:
    return Partner(tmp_path / "partner", customers=15)


def answering(path: str, body: object, status: int = 200) -> Watch:
    """Return what answers every GET of which the URL holds `path`."""
    return refuse("GET", path, status, json.dumps(body).encode())


def test_who_may_not_list_people_knows_who_they_are(partner: Partner) -> None:
    """A partner administrator sees no people: who they are, and who manages which customer, is stored."""
    partner.watch = refuse("GET", "/people?")
    done = partner.sync("admins")
    assert statuses(done) == {"admins": "done"}
    assert [row[2] for row in present(partner.store, "admins")] == ["full_admin"]
    assert present(partner.store, "assignments")


def test_roles_that_are_refused_leave_the_assignments(partner: Partner) -> None:
    partner.watch = refuse("GET", "/roles")
    done = partner.sync("admins")
    assert statuses(done) == {"admins": "partly"}
    assert present(partner.store, "admins") == []
    assert present(partner.store, "assignments")
    with pytest.raises(PartlyDone):
        done.raise_failure()
    partner.watch = None
    again = partner.sync(resume=True)
    assert statuses(again) == {"admins": "done"}
    assert present(partner.store, "admins")


def test_a_role_that_is_gone_in_webex_is_gone_here(partner: Partner) -> None:
    partner.sync("admins")
    email = next(row[0] for row in present(partner.store, "admins") if row[2] == "helpdesk_admin")

    def without_roles(request: Request) -> Response | None:
        if "/people?" not in request.url:
            return None
        person = {"id": "p", "emails": [email], "displayName": "Noor", "roles": []}
        return Response(200, {}, json.dumps({"items": [person]}).encode(), request.url)

    partner.watch = without_roles
    partner.sync("admins", full=True)
    left = {row[0]: row[2] for row in present(partner.store, "admins")}
    assert email not in left or left[email] is None
    assert sum(role == "admin" for role in left.values()) == 4  # those whom nobody spoke of stay


def test_tags_that_are_refused(partner: Partner) -> None:
    partner.watch = refuse("GET", "/partner/tags")
    done = partner.sync("tags", "organizations")
    assert statuses(done) == {"organizations": "done", "tags": "failed"}


def test_a_tag_with_a_comma_is_looked_for_customer_by_customer(partner: Partner) -> None:
    """The filter would read two tags in it."""
    partner.sync("organizations")
    org_id = str(present(partner.store, "customers")[0][0])
    write_tags(partner.client(), org_id, None, ["plain"], {})
    partner.watch = answering("/partner/tags?type=ORGANIZATION", [{"name": "gold, silver"}])
    partner.sync("tags")
    assert {fold(str(row[2])) for row in present(partner.store, "tags") if row[0] == org_id and row[2]} == {
        "plain"
    }
    partner.watch = None
    alone = Partner(partner.folder.with_name("alone"), customers=15)
    alone.sync("tags")
    ours, theirs = present(partner.store, "tags"), present(alone.store, "tags")
    assert [row for row in ours if row[0] != org_id] == [row for row in theirs if row[0] != org_id]


def test_more_than_a_hundred_with_one_tag(partner: Partner) -> None:
    """Webex lists a hundred: each is then asked about, and nobody's tags are missed."""
    partner.sync("organizations", "licenses")
    org_ids = [str(row[0]) for row in present(partner.store, "customers")]
    things = [{"orgId": org_ids[0], "tags": ["gold"]}] * 100
    partner.watch = answering("/partner/tags/organizations?", things)
    found = fetch_tags(partner.client(), org_ids, list, 2)
    partner.watch = None
    assert found.tags == fetch_tags(partner.client(), org_ids, list, 2).tags


def test_a_template_that_webex_lacks(partner: Partner) -> None:
    partner.watch = answering(
        "/partner/reports/templates", [{"templateId": 5, "title": "Devices", "maxDays": 1}]
    )
    done = partner.sync("reports", region="EU")
    assert (
        statuses(done)
        == {
            "reports/devices/EU": "done",
            "reports/phone-numbers/EU": "failed",
            "reports/subscription-details/EU": "failed",
            "reports/webex-app-version/EU": "failed",
        }
        or statuses(done)["reports/phone-numbers/EU"] == "failed"
    )
    error = next(one.error for one in done.parts if one.template == "phone-numbers")
    assert error == "Webex has no report template 'Phone Numbers'"


def test_templates_that_are_refused_fail_every_report(partner: Partner) -> None:
    partner.watch = refuse("GET", "/partner/reports/templates")
    done = partner.sync("reports")
    assert set(statuses(done).values()) == {"failed"}


def test_a_region_that_webex_does_not_have_is_skipped(partner: Partner) -> None:
    def no_emirates(request: Request) -> Response | None:
        if request.method == "POST" and b'"AE"' in request.body:
            return Response(400, {}, b'{"message": "unknown region"}', request.url)
        return None

    partner.watch = no_emirates
    done = partner.sync("reports")
    assert {one.status for one in done.parts if one.region == "AE"} == {"skipped"}
    done.raise_failure()  # nobody is known there: nothing is missing
    assert partner.sync("reports").parts  # and nothing was left to be gone on with


def test_a_report_that_is_no_report(partner: Partner) -> None:
    def page(request: Request) -> Response | None:
        return Response(200, {}, b"", request.url) if "/download/" in request.url else None

    partner.watch = page
    done = partner.sync("reports", region="EU")
    assert set(statuses(done).values()) == {"failed"}
    assert {one.error for one in done.parts} == {
        "the report cannot be downloaded: the file is not whole (0 bytes)"
    }


def test_reports_are_not_made_again_by_a_sync_that_goes_on(partner: Partner) -> None:
    """It died after Webex was asked to make them: their ids are known."""
    downloads = 0

    def die(request: Request) -> Response | None:
        nonlocal downloads
        downloads += "/download/" in request.url
        if downloads == 3:
            raise KeyboardInterrupt
        return None

    partner.watch = die
    with pytest.raises(KeyboardInterrupt):
        partner.sync("reports")
    asked = len(partner.asked("POST", "/partner/reports"))
    partner.watch = None
    partner.sync("reports").raise_failure()
    made = len(partner.asked("POST", "/partner/reports"))
    assert made == max(asked, 16)


def test_a_spool_that_cannot_be_written_stops_the_sync(partner: Partner) -> None:
    def in_the_way(request: Request) -> Response | None:
        lines = partner.folder / "state" / "sync" / "default" / "customers.jsonl"
        if "/licenses" in request.url and not lines.exists():
            lines.mkdir()
        return None

    partner.watch = in_the_way
    with pytest.raises(MachineFault, match="the progress of the sync cannot be kept"):
        partner.sync("licenses", connections=1)


def test_what_is_told_before_a_question(partner: Partner) -> None:
    from partnerctl.services.acting import Acting
    from partnerctl.services.bulk import Subject, carry_out
    from partnerctl.services.syncing.options import SyncOptions
    from partnerctl.services.syncing.sync import sync
    from partnerctl.services.tags import tag_change

    partner.sync("organizations")
    org_id = str(present(partner.store, "customers")[0][0])
    acting = Acting("ines@partner.example", partner.time.now())
    carry_out(partner.store, tag_change("add", ("ours",)), [Subject(org_id, org_id)], acting)
    heard: list[str] = []
    options = SyncOptions("default", partner.folder / "state", "ines", partner.time, partner.time, ("tags",))
    counted: list[int] = []
    expected: list[int] = []
    done = sync(
        lambda: partner.store,
        partner.client(),
        options,
        heard.append,
        Heard(counted.append, expected.append, heard.append),
    )
    assert heard[0].startswith("not in Webex: ")
    assert heard[1].startswith("1 tag of this store is not in Webex")
    assert expected == [len(everything(partner.store)["customers"])]
    assert statuses(done) == {"tags": "done"}


def test_a_list_of_something_else_is_no_empty_list(partner: Partner) -> None:
    from partnerctl.remote.faults import Unexpected

    for nonsense in (None, {"items": {"a": 1}}, ["a", 1, None, True, [], {}]):
        partner.watch = answering("/organizations", nonsense)
        with pytest.raises(Unexpected, match="lists"):
            partner.sync("organizations", full=True)
    partner.watch = answering("/licenses", {"items": [{"totalUnits": "x"}]})
    done = partner.sync("licenses", full=True)
    assert statuses(done) == {"licenses": "failed"}


def test_customers_that_webex_does_not_list_stay_and_are_told(partner: Partner) -> None:
    partner.sync("organizations")
    every = len(present(partner.store, "customers"))
    first = {"id": present(partner.store, "customers")[0][0], "displayName": "Acme GmbH"}
    partner.watch = answering("/organizations", {"items": [first]})
    done = partner.sync("organizations")
    assert len(present(partner.store, "customers")) == every
    assert (
        f"{every - 1} customers of this store are not in Webex's list; what is known of them stays"
        in done.notes
    )


def test_a_region_of_which_nobody_is_known(partner: Partner) -> None:
    done = partner.sync("organizations", region="EU")
    assert "no customer is known to be in EU: run `partnerctl sync` first" in done.notes


def test_a_token_that_is_refused_on_the_way_stops_the_sync(partner: Partner) -> None:
    from partnerctl.errors import NotAllowed

    def revoked(request: Request) -> Response | None:
        if "/licenses" in request.url:
            return Response(401, {}, b'{"message": "expired"}', request.url)
        return None

    partner.watch = revoked
    done = partner.sync("licenses", connections=1)
    assert statuses(done) == {"licenses": "failed"}
    with pytest.raises(NotAllowed, match="Webex does not take the token"):
        done.raise_failure()


def test_names_are_one_line_of_plain_text(partner: Partner) -> None:
    evil = "\x1b[31mEVIL\x1b]0;pwn\x07\u202e\x00"
    partner.sync("organizations")
    org_id = str(present(partner.store, "customers")[0][0])
    partner.watch = answering("/partner/tags", [{"name": evil, "orgId": org_id, "tags": [evil]}])
    partner.sync("tags")
    assert {row[2] for row in present(partner.store, "tags") if row[2]} == {"[31mEVIL]0;pwn"}


def test_a_sync_is_not_gone_on_with_in_another_webex(partner: Partner, tmp_path: Path) -> None:
    def die(request: Request) -> Response | None:
        if len(partner.asked("GET", "/licenses")) == 5:
            raise KeyboardInterrupt
        return None

    partner.watch = die
    with pytest.raises(KeyboardInterrupt):
        partner.sync("licenses", connections=1)
    other = Partner(tmp_path / "other", customers=15, seed=99)
    other.folder = partner.folder  # the same profile, and its spool
    with pytest.raises(UsageError, match="of another Webex, or another partner"):
        other.sync(resume=True)
    assert other.sync("licenses").notes[0].endswith("stored as of 2026-11-23")  # begun anew
    alone = Partner(tmp_path / "alone", customers=15, seed=99)
    alone.sync("licenses")
    assert everything(other.store) == everything(alone.store)
