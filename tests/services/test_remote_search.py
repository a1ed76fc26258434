"""`customers search EMAIL --remote`: the store first, then Webex (PH-C12)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from partnerctl.demo.customers import contacts, plan_customer
from partnerctl.demo.plans import LAST
from partnerctl.errors import UsageError
from partnerctl.services.questions import Asked
from partnerctl.services.webex.search import search_remotely
from tests.services.syncing_world import Partner, refuse

DAY = date(2026, 11, 23)
ASKED = Asked(DAY)
PLAN = next(plan for plan in (plan_customer(7, number, DAY) for number in range(25)) if plan.gone == LAST)
EMAIL = contacts(PLAN)[0].email


@pytest.fixture
def partner(tmp_path: Path) -> Partner:
    return Partner(tmp_path / "partner", customers=25)


def test_webex_knows_an_address_of_a_customer_that_the_store_lacks(partner: Partner) -> None:
    found = search_remotely(partner.store, partner.client, ASKED, EMAIL.upper())
    (one,) = found.records
    assert (one.org_id, one.name, one.matched_email, one.matched_in) == (
        PLAN.org_id,
        PLAN.name,
        EMAIL,
        "webex",
    )
    assert "partnerctl sync fetches it" in found.notes[0]


def test_a_customer_that_the_store_has_is_shown_as_it_has_it(partner: Partner) -> None:
    partner.sync("organizations", "licenses")
    (one,) = search_remotely(partner.store, partner.client, ASKED, EMAIL).records
    assert one.matched_in == "webex"
    assert one.licenses_total is not None


def test_where_the_store_knows_the_address_nobody_asks_webex(partner: Partner) -> None:
    partner.sync("organizations", "reports")  # inventories name people
    known = next(iter(partner.store.addresses("%@%"))).email
    partner.world.calls.clear()
    assert list(search_remotely(partner.store, partner.client, ASKED, known).records)
    assert partner.world.calls == []


def test_nobody_knows_it(partner: Partner) -> None:
    found = search_remotely(partner.store, partner.client, ASKED, "nobody@acme.example")
    assert list(found.records) == []
    assert found.notes == ("Webex knows nobody with the address nobody@acme.example",)


def test_an_organization_that_one_may_not_see(partner: Partner) -> None:
    partner.watch = refuse("GET", "/organizations/")
    (one,) = search_remotely(partner.store, partner.client, ASKED, EMAIL).records
    assert (one.org_id, one.name) == (PLAN.org_id, None)


@pytest.mark.parametrize("text", ["@acme.example", "ana@*", "acme", "ana@"])
def test_it_takes_one_whole_address(partner: Partner, text: str) -> None:
    with pytest.raises(UsageError, match="one whole address"):
        search_remotely(partner.store, partner.client, ASKED, text)
