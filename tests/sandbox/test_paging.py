"""Lists in pages: all pages together are the whole list, whatever goes wrong on the way."""

from __future__ import annotations

import pytest

from tests.sandbox.asking import Talk, make_world

WINDOW = {"startTime": "2026-11-23T00:00:00.000Z", "endTime": "2026-11-23T11:00:00.000Z"}


@pytest.fixture
def talk() -> Talk:
    return Talk(make_world())


@pytest.fixture
def org(talk: Talk) -> str:
    """The id of a customer that has several of everything."""
    found: str = talk.get("/organizations").items[3]["id"]
    return found


@pytest.mark.parametrize("path", ["/devices", "/locations", "/telephony/config/numbers", "/people"])
@pytest.mark.parametrize("size", [1, 2])
def test_the_pages_of_a_customers_list_are_the_whole_list(talk: Talk, org: str, path: str, size: int) -> None:
    whole = talk.get(path, orgId=org)
    pages = [page.items for page in talk.pages(path, orgId=org, max=size)]

    assert whole.next is None
    assert [item for page in pages for item in page] == whole.items
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert len(whole.items) > 1


def test_the_partners_own_people_come_in_pages(talk: Talk) -> None:
    pages = list(talk.pages("/people", max=4))

    assert [len(page.items) for page in pages] == [4, 4, 1]
    assert pages[0].reply.headers["link"] == ('<http://127.0.0.1:8099/v1/people?max=4&cursor=4>; rel="next"')


@pytest.mark.parametrize("path", ["/wholesale/customers", "/wholesale/subPartners"])
def test_wholesale_goes_by_offset(talk: Talk, path: str) -> None:
    pages = list(talk.pages(path, max=1))

    assert [item for page in pages for item in page.items] == talk.get(path).items
    assert pages[0].next == f"http://127.0.0.1:8099/v1{path}?max=1&offset=1"


def test_the_people_of_a_license_come_in_pages(talk: Talk, org: str) -> None:
    rows = talk.get("/licenses", orgId=org).items
    assigned = next(
        row for row in talk.get("/licenses", orgId=_healthy(talk)).items if row["consumedUnits"] > 3
    )
    path = f"/licenses/{assigned['id']}"
    whole = talk.get(path, includeAssignedTo="user").json["users"]

    pages = [page.json["users"] for page in talk.pages(path, includeAssignedTo="user", limit=1)]

    assert [len(page) for page in pages] == [1] * len(whole)
    assert [user for page in pages for user in page] == whole
    assert "users" not in talk.get(f"/licenses/{rows[0]['id']}").json


def _healthy(talk: Talk) -> str:
    found: str = talk.get("/organizations").items[5]["id"]
    return found


def test_call_records_wrap_the_next_address_twice(talk: Talk) -> None:
    whole = talk.get("/cdr_feed", **WINDOW).items
    first = Talk(talk.world, talk.world.issue_token("readonly_admin")).get("/cdr_feed", max=1, **WINDOW)

    assert first.reply.headers["link"].startswith("<<http://127.0.0.1:8099/v1/cdr_feed?")
    assert first.reply.headers["link"].endswith('>>; rel="next"')
    assert len(first.items) == 500
    assert first.items + talk.get(first.next or "").items == whole
    assert len({record["Report ID"] for record in whole}) == len(whole) == 660


@pytest.mark.parametrize("size", ["0", "-1", "x", "1001"])
def test_a_size_that_is_none_is_refused(talk: Talk, size: str) -> None:
    assert talk.get("/people", max=size).json["message"] == "'max' must be a whole number from 1 to 1000."


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_pages_may_overlap_and_lack_nothing(talk: Talk, org: str, size: int) -> None:
    whole = talk.get("/devices", orgId=org).items
    broken = Talk(make_world(faults="dup-page:1"))

    pages = [page.items for page in broken.pages("/devices", orgId=org, max=size)]

    items = [item for page in pages for item in page]
    assert [item for place, item in enumerate(items) if item not in items[:place]] == whole
    assert len(items) - len(whole) == (0 if size == 1 else sum(len(page) // 2 for page in pages[::2]))
    assert len({str(page) for page in pages}) == len(pages)


def test_a_next_address_may_lack_the_filters(org: str) -> None:
    talk = Talk(make_world(faults="lost-filter:1"))

    assert talk.get("/devices", orgId=org, max=2).next == "http://127.0.0.1:8099/v1/devices?max=2&start=2"
