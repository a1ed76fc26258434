"""Faults: how they are asked for, drawn and made."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from partnerctl.errors import UsageError
from partnerctl.sandbox.exchange import Call
from partnerctl.sandbox.faults import KINDS, Faults
from partnerctl.sandbox.world import World
from tests.sandbox.asking import Talk, form, make_world

MIX = "429:0.2,423:0.05,500:0.2,html:0.1,empty:0.1,truncate:0.1,drop:0.1,slow:0.2"
"""A bit of everything."""


def statuses(world: World, count: int = 60) -> list[tuple[object, ...]]:
    """Return what so many calls of the same kind meet."""
    talk = Talk(world)
    replies = [talk.get("/roles").reply for _ in range(count)]
    return [(one.status, one.cut, one.wait, one.drop, len(one.body)) for one in replies]


def test_a_text_is_read() -> None:
    faults = Faults.parse(" 429:0.1, slow:1,html:.02 ")

    assert faults.rates == (("429", 0.1), ("slow", 1.0), ("html", 0.02))
    assert Faults.parse("") == Faults()


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ("429:0.1,trunkate:0.1", "'trunkate:0.1' names no kind of fault", "did you mean truncate?"),
        ("429", "'429' has no probability from 0 to 1", "for example: 429:0.1"),
        ("slow:2", "'slow:2' has no probability from 0 to 1", "for example: slow:0.1"),
        ("slow:nan", "'slow:nan' has no probability from 0 to 1", "for example: slow:0.1"),
        ("xxxxxxxx:1", "'xxxxxxxx:1' names no kind of fault", f"there are: {', '.join(KINDS)}"),
    ],
)
def test_a_text_that_is_none_names_the_part(text: str, reason: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        Faults.parse(text)

    assert (caught.value.reason, caught.value.hint) == (reason, hint)


def test_the_same_calls_meet_the_same_faults() -> None:
    first = statuses(make_world(faults=MIX))

    assert statuses(make_world(faults=MIX)) == first
    assert {status for status, *_ in first} >= {200, 429, 500}
    assert len(set(first)) > 5


def test_other_calls_in_between_change_nothing() -> None:
    world = make_world(faults="500:0.5")
    talk = Talk(world)
    mixed = []
    for _ in range(20):
        mixed.append(talk.get("/roles").status)
        talk.get("/people/me")

    alone = Talk(make_world(faults="500:0.5"))
    assert [alone.get("/roles").status for _ in range(20)] == mixed
    assert set(mixed) == {200, 500}


def test_a_share_is_about_kept() -> None:
    talk = Talk(make_world(faults="429:0.1"))

    found = Counter(talk.get("/roles").status for _ in range(1000))

    assert found[200] + found[429] == 1000
    assert 70 < found[429] < 130


def test_retry_after_is_told_most_times() -> None:
    talk = Talk(make_world(faults="429:1", retry_after=3))

    told = Counter(talk.get("/roles").reply.headers.get("retry-after") for _ in range(100))

    assert set(told) == {"3", None}
    assert told["3"] > told[None] > 5


def test_a_page_comes_in_the_place_of_an_answer() -> None:
    talk = Talk(make_world(faults="html:1"))
    replies = [talk.get("/roles").reply for _ in range(40)]

    assert {reply.status for reply in replies} == {502, 200}
    assert {reply.headers["content-type"] for reply in replies} == {"text/html; charset=utf-8"}


def test_a_cut_answer_says_its_whole_length() -> None:
    reply = Talk(make_world(faults="truncate:1")).get("/roles").reply

    assert reply.cut == len(reply.body) // 2


def test_an_empty_answer_is_empty_and_a_slow_one_slow() -> None:
    reply = Talk(make_world(faults="empty:1,slow:1")).get("/roles").reply

    assert (reply.status, reply.body, reply.wait) == (200, b"", 2.0)


def test_latency_is_that_of_every_answer() -> None:
    assert Talk(make_world(latency=0.05)).get("/roles").reply.wait == 0.05


def test_a_token_is_refused_and_good_again() -> None:
    talk = Talk(make_world(faults="401:0.5"))

    found = [talk.get("/roles").status for _ in range(20)]

    assert set(found) == {200, 401}
    assert 200 in found[found.index(401) :]


def test_a_right_lapses_until_the_organization_is_asked_for() -> None:
    world = make_world(faults="403:0.3")
    talk = Talk(world)
    org = talk.get("/organizations").items[3]["id"]
    answers = [talk.get("/devices", orgId=org).status for _ in range(20)]
    lapsed = answers.index(403)

    assert answers == [200] * lapsed + [403] * (20 - lapsed)
    assert talk.get(f"/organizations/{org}").status == 200
    assert 200 in [_after_asking(talk, org) for _ in range(5)]


def _after_asking(talk: Talk, org: str) -> int:
    talk.get(f"/organizations/{org}")
    return talk.get("/devices", orgId=org).status


@pytest.mark.parametrize("kind", ["500", "504", "drop"])
def test_half_of_the_changes_are_carried_out_before_they_fail(kind: str) -> None:
    world = make_world(faults=f"{kind}:1")
    honest = Talk(make_world(customers=30))
    talk = Talk(world)
    done = []
    for one in honest.get("/organizations").items[:20]:
        path = f"/partner/tags/organizations/{one['id']}"
        reply = talk.post(f"{path}/assignTags", {"tags": [{"name": "written"}]}).reply
        assert reply.drop if kind == "drop" else reply.status == int(kind)
        done.append("written" in world_tags(world, one["id"]))

    assert set(done) == {True, False}


def world_tags(world: World, org: str) -> list[str]:
    """Return a customer's tags, past the faults."""
    plan = world._state.clientele.organization(org).plan
    assert plan is not None
    return list(world._state.tags.of(plan, None))


@pytest.mark.parametrize("kind", ["502", "503", "429", "423", "html"])
def test_other_changes_that_fail_were_not_carried_out(kind: str) -> None:
    world = make_world(faults=f"{kind}:1")
    talk = Talk(world)
    for one in Talk(make_world()).get("/organizations").items[:20]:
        talk.post(f"/partner/tags/organizations/{one['id']}/assignTags", {"tags": [{"name": "written"}]})
        assert "written" not in world_tags(world, one["id"])


def test_renewing_a_token_is_never_cut_short() -> None:
    world = make_world(faults="truncate:1,drop:1,empty:1,401:1")
    grant = world.issue_grant()
    fields = {"client_id": "sandbox-client", "client_secret": "sandbox-secret-0123456789abcdef"}

    reply = form(
        world, "/access_token", grant_type="refresh_token", refresh_token=grant.refresh, **fields
    ).reply

    assert (reply.status, reply.cut, reply.drop) == (200, None, False)
    broken = make_world(faults="500:1")
    assert form(broken, "/access_token", **fields).status == 500
    assert broken.answer(Call("GET", "/verify")).status == 200


def test_error_bodies_take_several_forms() -> None:
    talk = Talk(make_world(faults="503:1"))

    told = [talk.get("/roles").json for _ in range(4)]

    assert {tuple(sorted(one)) for one in told} == {
        ("errors", "message", "trackingId"),
        ("errorCode", "errors", "message", "trackingId"),
        ("code", "message", "trackingId"),
    }
    assert {one["message"] for one in told} == {"Server is overloaded with requests. Try again later."}


def test_the_documentation_names_every_kind() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "sandbox.md"
    table = [
        line.split("|")[1] for line in page.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"
    ]

    assert sorted(re.findall(r"`([^`]+)`", " ".join(table))) == sorted(KINDS)
