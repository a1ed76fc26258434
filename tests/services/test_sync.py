"""A sync: what Webex says becomes observations of the day, and nothing is taken for gone."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from partnerctl.demo.customers import plan_customer
from partnerctl.demo.inventories import make_inventory
from partnerctl.demo.plans import LAST, CustomerPlan
from partnerctl.errors import Locked, NotAllowed, PartlyDone, TimedOut, UsageError
from partnerctl.remote.transport import Request, Response
from partnerctl.services.syncing.parts import PARTS, read_parts
from partnerctl.services.syncing.spool import locked_spool
from partnerctl.services.syncing.sync import Synced
from partnerctl.services.syncing.telling import sync_status
from tests.services.syncing_world import Partner, everything, faults, refuse, statuses

DAY = date(2026, 11, 23)
CUSTOMERS = 25
REGIONS = ("US", "CA", "EU", "AE")
REPORTS = ("devices", "phone-numbers", "subscription-details", "webex-app-version")


@pytest.fixture
def partner(tmp_path: Path) -> Partner:
    return Partner(tmp_path / "partner", customers=CUSTOMERS)


def plans() -> list[CustomerPlan]:
    """Return the customers who are there on the day, as the sandbox makes them."""
    every = (plan_customer(7, number, DAY) for number in range(CUSTOMERS))
    return [plan for plan in every if plan.gone == LAST]


def test_every_part_is_done_and_told(partner: Partner) -> None:
    done = partner.sync()
    done.raise_failure()
    expected = {part: "done" for part in PARTS if part != "reports"}
    expected |= {f"reports/{name}/{region}": "done" for name in REPORTS for region in REGIONS}
    assert statuses(done) == expected
    assert list(partner.store.check()) == []


def test_the_store_holds_what_webex_has(partner: Partner) -> None:
    partner.sync()
    rows = everything(partner.store)
    assert {row[0]: row[1] for row in rows["customers"]} == {plan.org_id: plan.name for plan in plans()}
    licenses = {(row[0], row[1]): (row[2], row[3]) for row in rows["licenses"]}
    for plan in plans():
        for one in plan.subscriptions:
            if one.seen <= LAST <= one.gone:
                for figure in one.licenses:
                    total, assigned, *_ = figure.figures(LAST)
                    assert licenses[one.subscription_id, figure.product] == (total, assigned)
    devices: dict[str, int] = defaultdict(int)
    for row in rows["devices"]:
        devices[row[0]] += 1
    expected = {plan.org_id: len(make_inventory(plan).devices) for plan in plans()}
    assert devices == {org_id: count for org_id, count in expected.items() if count}


def test_a_customer_with_nothing_left_has_an_empty_inventory(partner: Partner) -> None:
    partner.sync("devices")
    org_id = next(row[0] for row in everything(partner.store)["devices"])

    def nothing(request: Request) -> Response | None:
        if "/devices" in request.url:
            return Response(200, {}, b'{"items": []}', request.url)
        return None

    partner.watch = nothing
    partner.sync("devices", full=True)
    assert all(row[0] != org_id for row in everything(partner.store)["devices"])


def test_the_second_sync_of_a_day_changes_nothing(partner: Partner) -> None:
    partner.sync()
    before = everything(partner.store)
    partner.sync()
    assert everything(partner.store) == before


def test_what_cannot_be_fetched_stays_as_it_was_and_is_told(partner: Partner) -> None:
    partner.sync("devices", "licenses")
    before = everything(partner.store)
    org_id = next(row[0] for row in before["devices"])
    given = _given_id(partner, org_id)
    partner.watch = refuse("GET", f"/devices?orgId={given}")
    done = partner.sync("devices", "licenses")
    assert statuses(done) == {"devices": "partly", "licenses": "done"}
    part = next(one for one in done.parts if one.part == "devices")
    assert (part.failed, part.customers) == (1, len(plans()) - 1)
    assert part.error is not None
    assert "T1" in part.error  # the trackingid
    with pytest.raises(PartlyDone):
        done.raise_failure()
    assert everything(partner.store) == before


def test_half_a_device_is_no_device(partner: Partner) -> None:
    """A device's row names its phone number: without the numbers it would look as if it had lost it."""
    partner.watch = refuse("GET", "/telephony/config/numbers")
    done = partner.sync("devices")
    assert statuses(done) == {"devices": "failed"}
    assert everything(partner.store)["devices"] == []


def test_a_part_that_is_refused_for_everybody_is_not_asked_for_everybody(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "many", customers=80)
    partner.watch = refuse("GET", "/locations")
    asked = []
    inner = partner.watch

    def watch(request: Request) -> Response | None:
        answer = inner(request)
        if answer is not None:
            asked.append(request.url)
        return answer

    partner.watch = watch
    done = partner.sync("locations", "licenses")
    assert statuses(done) == {"licenses": "done", "locations": "failed"}
    assert len(asked) < 2 * (20 + 4 * 4 + 4)  # twice: a lapsed right is healed once


def test_resume_asks_again_for_what_failed_alone(partner: Partner) -> None:
    given = _given_id(partner, plans()[0].org_id)
    partner.watch = refuse("GET", f"/devices?orgId={given}")
    partner.sync("devices", "licenses")
    partner.watch = None
    partner.world.calls.clear()
    done = partner.sync(resume=True)
    assert statuses(done) == {"devices": "done", "licenses": "done"}
    assert partner.asked("GET", "/licenses") == []
    assert len(partner.asked("GET", "/devices")) == 1


def test_a_sync_that_dies_goes_on_where_it_was(tmp_path: Path, partner: Partner) -> None:
    whole = Partner(tmp_path / "whole", customers=CUSTOMERS)
    whole.sync()
    count = 0

    def die(request: Request) -> Response | None:
        nonlocal count
        count += "/licenses?" in request.url
        if count == 10:
            raise KeyboardInterrupt
        return None

    partner.watch = die
    with pytest.raises(KeyboardInterrupt):
        partner.sync(connections=1)
    finished = _finished(partner)
    assert 0 < len(finished) < len(plans())
    partner.watch = None
    partner.world.calls.clear()
    done = partner.sync()
    done.raise_failure()
    assert any("going on" in note for note in done.notes)
    again = {dict(one.query).get("orgId") for one in partner.world.calls if one.path == "/licenses"}
    assert not again & finished
    assert everything(partner.store) == everything(whole.store)


def test_time_that_is_over_keeps_what_was_fetched(partner: Partner) -> None:
    def slow(request: Request) -> Response | None:
        partner.time.wait(1.0)
        return None

    partner.watch = slow
    done = partner.sync("licenses", budget=20.0, connections=1)
    assert done.stopped is not None
    (part,) = done.parts
    assert part.status == "partly"
    assert part.customers is not None
    assert (part.failed, part.error) == (
        len(plans()) - part.customers,
        f"{len(plans()) - part.customers} of {len(plans())} customers were not reached",
    )
    with pytest.raises(TimedOut, match="time"):
        done.raise_failure()
    assert everything(partner.store)["licenses"]
    partner.watch = None
    again = partner.sync(resume=True)
    assert statuses(again) == {"licenses": "done"}
    assert next(one for one in again.parts).customers == len(plans())


def test_full_begins_anew(partner: Partner) -> None:
    partner.watch = refuse("GET", "/devices")
    partner.sync("devices")
    partner.watch = None
    partner.world.calls.clear()
    partner.sync("devices", full=True)
    assert len(partner.asked("GET", "/devices")) == len(plans())


def test_there_must_be_something_to_resume(partner: Partner) -> None:
    with pytest.raises(UsageError, match="no sync to go on with"):
        partner.sync(resume=True)
    partner.sync("organizations")
    with pytest.raises(UsageError, match="no sync to go on with"):
        partner.sync(resume=True)


def test_one_sync_at_a_time(partner: Partner) -> None:
    with locked_spool(partner.folder / "state", "default"), pytest.raises(Locked, match="another sync"):
        partner.sync()


def test_a_token_that_is_refused_ends_the_sync_before_it_begins(partner: Partner) -> None:
    partner.world.forget_token(partner.token.access())
    with pytest.raises(NotAllowed):
        partner.sync()
    assert everything(partner.store)["customers"] == []


def test_one_region(partner: Partner) -> None:
    partner.sync("organizations", "reports")
    partner.world.calls.clear()
    done = partner.sync("licenses", "reports", region="EU")
    assert set(statuses(done)) == {"licenses/EU", *(f"reports/{name}/EU" for name in REPORTS)}
    europe = {org for org, region in partner.store.customer_regions().items() if region == "EU"}
    assert len(partner.asked("GET", "/licenses")) == len(europe) > 0


def test_a_region_that_fails_keeps_what_it_had(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "p", customers=CUSTOMERS)
    partner.sync("reports")
    before = everything(partner.store)
    failing = Partner(tmp_path / "q", customers=CUSTOMERS, failing_regions=("EU",))
    failing.store = partner.store
    done = failing.sync("reports")
    told = statuses(done)
    assert {told[f"reports/{name}/EU"] for name in REPORTS} == {"failed"}
    assert {told[f"reports/{name}/US"] for name in REPORTS} == {"done"}
    with pytest.raises(PartlyDone):
        done.raise_failure()
    assert everything(partner.store) == before


def test_reports_are_made_once_and_removed(partner: Partner) -> None:
    partner.sync("reports")
    made = len(partner.asked("POST", "/partner/reports"))
    assert made == len(REPORTS) * len(REGIONS)
    assert len(partner.asked("DELETE", "/partner/reports")) == made


def test_undo_takes_a_sync_back(partner: Partner) -> None:
    from partnerctl.services.acting import Acting
    from partnerctl.services.undo import undo_run

    done = partner.sync("organizations", "licenses", "devices")
    run_id = done.parts[0].run_id
    assert run_id is not None
    undo_run(partner.store, run_id, Acting("ines", partner.time.now()))
    assert not any(everything(partner.store)[name] for name in ("customers", "licenses", "devices"))
    assert list(partner.store.check()) == []


def test_status_tells_the_last_sync_and_one_that_has_not_ended(partner: Partner) -> None:
    partner.sync("organizations", "licenses")
    told = sync_status(partner.store, partner.folder / "state", "default")
    assert [(one.part, one.status, one.customers) for one in told.records] == [
        ("organizations", "done", len(plans())),
        ("licenses", "done", len(plans())),
    ]
    assert told.notes == ()
    partner.watch = refuse("GET", "/licenses", 403)
    partner.sync("licenses")
    told = sync_status(partner.store, partner.folder / "state", "default")
    assert "go on with it: partnerctl sync --resume" in told.notes[0]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ((), PARTS),
        (("licenses,tags",), ("licenses", "tags")),
        (("tags", " licenses , tags "), ("licenses", "tags")),
        (("calls,tags",), ("tags", "calls")),
    ],
)
def test_parts_are_read(words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    assert read_parts(words) == parts


@pytest.mark.parametrize(
    ("word", "hint"),
    [("licences", "did you mean licenses"), ("call", "did you mean calls"), (",", "choose from")],
)
def test_a_part_that_is_none(word: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_parts((word,))
    assert hint in (raised.value.hint or "")


@pytest.mark.parametrize("seed", range(20))
def test_every_fault_at_30_percent_ends_complete_and_equal(tmp_path: Path, seed: int) -> None:
    """Five kinds, each for 30 % of the requests, changes included: the store is as without any."""
    plain = Partner(tmp_path / "plain", customers=4, seed=seed)
    plain.sync()
    words = "429:0.3,500:0.3,slow:0.3,truncate:0.3,html:0.3"
    broken = Partner(
        tmp_path / "broken", customers=4, seed=seed, faults=faults(words, retry_after=0, slow=0.1)
    )
    done = broken.sync(budget=7200.0)
    done.raise_failure()
    assert everything(broken.store) == everything(plain.store)
    assert broken.time.elapsed() < 7200


@pytest.mark.parametrize(
    "kind", ["423", "502", "503", "504", "empty", "drop", "url-expired", "lost-filter", "403"]
)
def test_each_other_fault_is_survived(tmp_path: Path, kind: str) -> None:
    plain = Partner(tmp_path / "plain", customers=6)
    plain.sync()
    rate = "0.1" if kind == "403" else "0.3"  # a right that lapses again at once is refused for good
    broken = Partner(tmp_path / "broken", customers=6, faults=faults(f"{kind}:{rate}", retry_after=0))
    broken.sync().raise_failure()
    assert everything(broken.store) == everything(plain.store)


def _given_id(partner: Partner, org_id: str) -> str:
    from urllib.parse import quote

    from partnerctl.remote.organizations import organizations

    found = next(one.id for one in organizations(partner.client()) if one.org_id == org_id)
    return quote(found, safe="")


def _finished(partner: Partner) -> set[Any]:
    """Return the ids, as Webex gave them, of the customers whose line is in the spool."""
    from partnerctl.services.syncing.customers import in_spool
    from partnerctl.services.syncing.once import fetch_organizations
    from partnerctl.services.syncing.spool import spool_of

    spool = spool_of(partner.folder / "state", "default")
    org_ids = {fetched.org_id for fetched in in_spool(spool)}
    return {
        one.id for one in fetch_organizations(partner.client(), spool, partner.time) if one.org_id in org_ids
    }


def test_a_synced_is_what_it_says() -> None:
    Synced((), ()).raise_failure()


def test_an_answer_that_cannot_be_used_concerns_its_customer_alone(partner: Partner) -> None:
    given = _given_id(partner, plans()[0].org_id)

    def foreign(request: Request) -> Response | None:
        if f"/devices?orgId={given}" in request.url:
            link = {"link": '<https://elsewhere.example/v1/devices?page=2>; rel="next"'}
            return Response(200, link, b'{"items": []}', request.url)
        assert "elsewhere.example" not in request.url
        return None

    partner.watch = foreign
    done = partner.sync("devices", "licenses")
    assert statuses(done) == {"devices": "partly", "licenses": "done"}
    assert "elsewhere.example" in (next(one for one in done.parts if one.part == "devices").error or "")
