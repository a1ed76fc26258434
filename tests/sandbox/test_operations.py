"""What the sandbox knows of customers, people, licenses, inventories and tags, and what it changes."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from partnerctl.demo.customers import ADMINS, plan_customer
from partnerctl.demo.inventories import make_inventory
from partnerctl.demo.plans import LAST, CustomerPlan
from partnerctl.domain.identifiers import bare_id, webex_id
from partnerctl.sandbox.world import World
from tests.sandbox.asking import AS_OF, Talk, make_world
from tests.sandbox.in_process import FakeTime

ROLES = ("full_admin", "admin", "readonly_admin", "provisioning_admin", "helpdesk_admin")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def talk(world: World) -> Talk:
    return Talk(world)


def plan_of(number: int) -> CustomerPlan:
    """Return the plan of a customer of `make_world`."""
    return plan_customer(7, number, AS_OF)


def org_of(number: int) -> str:
    """Return the id of a customer, as Webex takes it."""
    return webex_id(plan_of(number).org_id)


def person_of(talk: Talk, name: str) -> str:
    """Return the id of one of the partner's people."""
    found: str = next(one["id"] for one in talk.get("/people").items if one["displayName"] == name)
    return found


# --- organizations and people ---


def test_the_customers_are_those_of_the_demo_that_are_there(talk: Talk) -> None:
    plans = [plan for plan in map(plan_of, range(30)) if plan.gone == LAST]
    answer = talk.get("/organizations")

    assert [(bare_id(one["id"]), one["displayName"]) for one in answer.items] == [
        (plan.org_id, plan.name) for plan in plans
    ]
    assert answer.items[0]["created"] == f"{plans[0].created}T09:26:16+00:00"
    assert (len(plans), answer.next) == (29, None)
    assert talk.get(f"/organizations/{org_of(3)}").json == answer.items[3]
    assert talk.get(f"/organizations/{plan_of(3).org_id}").json == answer.items[3]


def test_what_is_not_there_is_not_found(talk: Talk) -> None:
    answers = [
        talk.get("/organizations/x"),
        talk.get("/devices", orgId="x"),
        talk.get("/licenses/x"),
        talk.get(f"/licenses/{base64.b64encode(b'ciscospark://us/LICENSE/x').decode()}"),
        talk.get("/partner/reports/x"),
        talk.get("/nothing/of/the/kind"),
    ]

    assert [answer.status for answer in answers] == [404] * 6
    assert talk.delete("/people/me").status == 405


def test_a_person_of_a_customer_is_found_by_the_exact_address(talk: Talk) -> None:
    person = talk.get("/people", orgId=org_of(3)).items[0]

    assert talk.get("/people", email=person["emails"][0].upper()).items == [person]
    assert bare_id(person["orgId"]) == plan_of(3).org_id
    assert talk.get("/people", email=person["emails"][0][1:]).json == {"items": [], "notFoundIds": []}
    assert talk.get("/people", email="nobody@acme.example").items == []


def test_the_partners_people_carry_their_roles_as_ids(talk: Talk) -> None:
    names = {bare_id(one["id"]): one["name"] for one in talk.get("/roles").items}
    people = talk.get("/people").items

    roles = {
        one["displayName"]: [names[bare_id(role)] for role in ",".join(one["roles"]).split(",")]
        for one in people
    }
    assert list(roles) == [name for name, _ in ADMINS]
    assert roles["Inês Castrovel"] == ["Partner full administrator", "Full Administrator"]
    assert roles["Grace Penhaligan"] == ["Partner readonly administrator"]
    assert {bare_id(one["orgId"]) for one in people} == {talk.world.org_id}


def test_several_roles_come_joined_every_other_time(talk: Talk) -> None:
    told = [len(talk.get("/people/me").json["roles"]) for _ in range(4)]

    assert sorted(told) == [1, 1, 2, 2]


def test_people_can_be_narrowed(talk: Talk) -> None:
    people = talk.get("/people").items
    role = people[2]["roles"][0]

    assert [one["displayName"] for one in talk.get("/people", displayName="lay").items] == [
        "Layla Al Karvani"
    ]
    assert len(talk.get("/people", roles=role).items) == 4
    some = talk.get("/people", id=f"{people[1]['id']},x").json
    assert ([one["displayName"] for one in some["items"]], some["notFoundIds"]) == (
        ["Oliver Garrowby"],
        ["x"],
    )
    assert talk.get("/people", displayName="la").status == 400
    assert "status" not in talk.get("/people", excludeStatus="true").items[0]


# --- licenses and inventories ---


def test_license_rows_add_up_to_the_demos_figures(talk: Talk) -> None:
    plan = plan_of(5)
    rows = talk.get("/licenses", orgId=org_of(5)).items
    names = {
        "Meeting - Webex Meeting Center": "meetings",
        "Webex Calling - Professional": "calling_professional",
        "Webex Calling - Basic": "calling_standard",
        "Messaging": "messaging",
        "Real-Time Translations": "real_time_translations",
        "Contact Center - Premium Agent": "contact_center",
    }
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in rows:
        if "subscriptionId" in row:
            key = (row["subscriptionId"], names[row["name"]])
            total, assigned = found.get(key, (0, 0))
            found[key] = (total + row["totalUnits"], assigned + row["consumedUnits"])

    assert found == {
        (one.subscription_id, license_.product): license_.figures(LAST)[:2]
        for one in plan.subscriptions
        for license_ in one.licenses
    }
    assert len({row["id"] for row in rows}) == len(rows) > len(found)  # one row for each site
    assert all(row["consumedByUsers"] + row["consumedByWorkspaces"] == row["consumedUnits"] for row in rows)


def test_free_licenses_have_no_subscription(talk: Talk) -> None:
    free = [row for row in talk.get("/licenses", orgId=org_of(0)).items if "subscriptionId" not in row]

    assert [(row["name"], row["totalUnits"], row["consumedUnits"]) for row in free] == [
        ("Basic Space Meetings", 0, 0),
        ("Hybrid Calendar Service", 1, 0),
    ]
    assert talk.get("/licenses").items == []  # the partner's own


def test_the_inventory_is_the_demos(talk: Talk) -> None:
    inventory = make_inventory(plan_of(3))
    devices = talk.get("/devices", orgId=org_of(3)).items
    numbers = talk.get("/telephony/config/numbers", orgId=org_of(3)).json["phoneNumbers"]
    locations = talk.get("/locations", orgId=org_of(3)).items

    assert [(bare_id(one["locationId"]), one["product"], one["mac"].replace(":", "")) for one in devices] == [
        (row[1], row[3], row[4]) for row in inventory.devices
    ]
    assert [(one["phoneNumber"], one["extension"], one["state"] == "ACTIVE") for one in numbers] == [
        (row[4] or "", row[5], row[7]) for row in inventory.phone_numbers
    ]
    assert [(bare_id(one["id"]), one["name"], one["address"]["country"]) for one in locations] == [
        (row[0], row[2], row[3]) for row in inventory.locations
    ]
    owners = {(bare_id(one["owner"]["id"]), one["owner"]["type"]) for one in numbers}
    assert {(row[11], "PEOPLE") for row in inventory.phone_numbers if row[11]} < owners


def test_an_inventory_can_be_narrowed(talk: Talk) -> None:
    org = org_of(3)
    first = talk.get("/locations", orgId=org).items[0]
    devices = talk.get("/devices", orgId=org).items

    assert talk.get("/locations", orgId=org, name=first["name"][1:4].upper()).items == [first]
    assert talk.get("/locations", orgId=org, id=first["id"]).items == [first]
    here = talk.get("/devices", orgId=org, locationId=first["id"], product=devices[0]["product"]).items
    assert devices[0] in here
    assert {one["product"] for one in here} == {devices[0]["product"]}
    active = talk.get("/telephony/config/numbers", orgId=org, state="ACTIVE", details="true").json
    assert active["count"]["inActive"] == 0
    assert active["count"]["total"] == len(active["phoneNumbers"])
    assert talk.get("/devices").items == []


# --- tags ---


def tags_of(talk: Talk, number: int) -> list[str]:
    found: list[str] = talk.get(f"/partner/tags/organizations/{org_of(number)}").json["tags"]
    return found


def write(talk: Talk, number: int, *names: str, subscription: str = "") -> Any:
    path = f"/partner/tags/organizations/{org_of(number)}{subscription}/assignTags"
    return talk.post(path, {"tags": [{"name": name} for name in names]})


def test_writing_tags_replaces_them_all(talk: Talk) -> None:
    assert write(talk, 0, "new", "gold").json == [{"name": "new"}, {"name": "gold"}]
    assert tags_of(talk, 0) == ["new", "gold"]
    assert "new" in [one["name"] for one in talk.get("/partner/tags", type="ORGANIZATION").items]

    write(talk, 0)

    assert tags_of(talk, 0) == []
    assert "new" not in [one["name"] for one in talk.get("/partner/tags").items]


def test_descriptions_are_kept_with_the_name(talk: Talk) -> None:
    path = f"/partner/tags/organizations/{org_of(0)}/assignTags"
    talk.post(path, {"tags": [{"name": "new", "description": "told"}]})

    assert {"name": "new", "description": "told"} in talk.get("/partner/tags").items


@pytest.mark.parametrize(
    "body",
    [
        {"tags": [{"name": "x" * 26}]},
        {"tags": [{"name": f"t{n}"} for n in range(6)]},
        {"tags": [{"name": " "}]},
        {"tags": ["gold"]},
        {"tags": [{"name": "x", "description": 1}]},
        {"tags": "gold"},
        {},
    ],
)
def test_tags_beyond_the_limits_are_refused(talk: Talk, body: object) -> None:
    before = tags_of(talk, 0)

    assert talk.post(f"/partner/tags/organizations/{org_of(0)}/assignTags", body).status == 400
    assert tags_of(talk, 0) == before


def test_twenty_five_characters_and_five_tags_are_allowed(talk: Talk) -> None:
    names = ["x" * 25, "a", "b", "c", "d"]

    assert write(talk, 0, *names, "a").status == 200
    assert tags_of(talk, 0) == names


def test_customers_are_found_by_any_of_several_tags(talk: Talk) -> None:
    write(talk, 0, "one")
    write(talk, 1, "two")

    found = talk.get("/partner/tags/organizations", tags="one,two").items

    assert [one["tags"] for one in found] in ([["one"], ["two"]], [["two"], ["one"]])
    assert len(talk.get("/partner/tags/organizations", tags="one,two", max=1).items) == 1
    assert talk.get("/partner/tags/organizations", tags="one", max=101).status == 400
    assert talk.get("/partner/tags/organizations").status == 400
    assert talk.get("/partner/tags", type="OTHER").status == 400


def test_tags_of_a_subscription_come_joined_every_other_time(talk: Talk) -> None:
    trial = next(one for one in plan_of(4).subscriptions if one.kind == "trial")
    path = f"/subscriptions/{trial.subscription_id}"
    write(talk, 4, "one", "two", subscription=path)

    told = [talk.get(f"/partner/tags/organizations/{org_of(4)}{path}").json for _ in range(2)]

    assert sorted((one["tags"] for one in told), key=len) == [["one,two"], ["one", "two"]]
    assert told[0]["trial"] == "true"
    found = talk.get("/partner/tags/subscriptions", tags="two").items
    assert [one["subscriptionId"] for one in found] == [trial.subscription_id]
    assert talk.get(f"/partner/tags/organizations/{org_of(4)}/subscriptions/x").status == 404


# --- administrators ---


def admins_of(talk: Talk, number: int) -> list[str]:
    path = f"/partner/organizations/{org_of(number)}/partnerAdmins"
    return [one["emails"][0] for one in talk.get(path).items]


def test_assigning_and_unassigning_can_be_repeated(talk: Talk) -> None:
    one = "tiago.estevinho@partner.example"
    path = f"/partner/organizations/{org_of(0)}/partnerAdmin/{person_of(talk, 'Tiago Estevinho')}"
    before = [email for email in admins_of(talk, 0) if email != one]

    assert [talk.post(f"{path}/assign").status for _ in range(2)] == [200, 200]
    assert sorted(admins_of(talk, 0)) == sorted([*before, one])
    assert [talk.delete(f"{path}/unassign").status for _ in range(2)] == [200, 200]
    assert admins_of(talk, 0) == before


def test_only_partner_administrators_can_be_assigned(talk: Talk) -> None:
    path = f"/partner/organizations/{org_of(0)}/partnerAdmin"

    assert talk.post(f"{path}/{person_of(talk, 'Noor Zylbera')}/assign").status == 400
    assert talk.post(f"{path}/x/assign").status == 404
    own = f"/partner/organizations/{webex_id(talk.world.org_id)}/partnerAdmins"
    assert talk.get(own).status == 400


def test_the_customers_of_an_administrator_come_in_two_shapes(talk: Talk) -> None:
    person = person_of(talk, "Katrin Dornhöfer")
    answers = [talk.get("/partner/organizations", managedBy=person) for _ in range(2)]
    there = [number for number in range(30) if plan_of(number).gone == LAST]
    expected = [number for number in there if "katrin.dornhofer@partner.example" in admins_of(talk, number)]

    assert {type(answer.json) for answer in answers} == {list, dict}
    assert answers[0].items == answers[1].items
    assert [one["orgId"] for one in answers[0].items] == [org_of(number) for number in expected]
    assert base64.b64decode(answers[0].items[0]["role"]) == b"atlas-portal.partner.salesadmin"


def test_who_sees_all_manages_none_by_name(talk: Talk) -> None:
    answer = talk.get("/partner/organizations", managedBy=person_of(talk, "Inês Castrovel"))

    assert answer.status == 400
    assert "already has access to all customers" in answer.json["message"]
    assert talk.get("/partner/organizations").status == 400


def test_revoking_takes_the_role_and_every_customer(world: World, talk: Talk) -> None:
    his = Talk(world, world.issue_token("admin"))
    assert his.get("/partner/tags").status == 200
    person = person_of(talk, "Katrin Dornhöfer")

    assert talk.delete(f"/partner/organizations/partnerAdmin/{person}").status == 204

    assert talk.get("/partner/organizations", managedBy=person).items == []
    assert his.get("/partner/tags").status == 403
    assert his.get("/organizations").items == []


# --- rights and rates ---


@pytest.mark.parametrize(
    ("role", "reports", "reads_tags", "writes_tags", "admins"),
    [
        ("full_admin", 200, 200, 200, 200),
        ("admin", 403, 200, 200, 403),
        ("readonly_admin", 200, 200, 403, 403),
        ("provisioning_admin", 403, 403, 403, 403),
        ("helpdesk_admin", 403, 403, 403, 403),
    ],
)
def test_roles_may_what_the_table_says(
    world: World, role: str, reports: int, reads_tags: int, writes_tags: int, admins: int
) -> None:
    theirs = Talk(world, world.issue_token(role))
    org = theirs.get("/organizations").items[0]["id"]

    assert (
        theirs.get("/partner/reports/templates").status,
        theirs.get(f"/partner/tags/organizations/{org}").status,
        theirs.post(f"/partner/tags/organizations/{org}/assignTags", {"tags": []}).status,
        theirs.get(f"/partner/organizations/{org}/partnerAdmins").status,
    ) == (reports, reads_tags, writes_tags, admins)


def test_a_partner_administrator_sees_his_customers_alone(world: World, talk: Talk) -> None:
    his = Talk(world, world.issue_token("admin"))
    seen = {one["id"] for one in his.get("/organizations").items}
    other = next(one["id"] for one in talk.get("/organizations").items if one["id"] not in seen)

    assert 0 < len(seen) < 29
    assert his.get("/licenses", orgId=other).status == 403
    person = talk.get("/people", orgId=other).items[0]["emails"][0]
    assert his.get("/people", email=person).items == []


def test_there_is_a_person_for_every_role(world: World) -> None:
    names = [Talk(world, world.issue_token(role)).get("/people/me").json["displayName"] for role in ROLES]

    assert names == [
        "Inês Castrovel",
        "Katrin Dornhöfer",
        "Grace Penhaligan",
        "Tiago Estevinho",
        "Noor Zylbera",
    ]


def test_a_rate_is_kept_by_the_minute() -> None:
    time = FakeTime()
    talk = Talk(make_world(time, rate_limit=3))
    first = [talk.get("/roles").status for _ in range(3)]
    time.wait(20)
    refused = talk.get("/roles")
    time.wait(40)

    assert first == [200] * 3
    assert (refused.status, refused.reply.headers["retry-after"]) == (429, "41")
    assert talk.get("/roles").status == 200


# --- call records, wholesale ---


@pytest.mark.parametrize(
    ("path", "since", "until", "status"),
    [
        ("/cdr_feed", "2026-11-22T23:55:00.000Z", "2026-11-23T11:55:00.000Z", 200),
        ("/cdr_feed", "2026-11-22T23:54:59.000Z", "2026-11-23T11:55:00.000Z", 400),
        ("/cdr_feed", "2026-11-23T11:00:00.000Z", "2026-11-23T11:55:01.000Z", 400),
        ("/cdr_feed", "2026-10-24T11:59:59.000Z", "2026-10-24T13:00:00.000Z", 400),
        ("/cdr_feed", "2026-11-23T11:00:00.000Z", "2026-11-23T11:00:00.000Z", 400),
        ("/cdr_feed", "2026-11-23T11:00:00Z", "2026-11-23T11:30:00Z", 400),
        ("/cdr_stream", "2026-11-23T09:59:00.000Z", "2026-11-23T11:59:00.000Z", 200),
        ("/cdr_stream", "2026-11-23T09:58:00.000Z", "2026-11-23T11:59:00.000Z", 400),
    ],
)
def test_call_records_come_in_windows(talk: Talk, path: str, since: str, until: str, status: int) -> None:
    answer = talk.get(path, startTime=since, endTime=until)

    assert answer.status == status
    if status == 200:
        assert all(since <= record["Start time"] < until for record in answer.items)
        assert len(answer.items) > 100


def test_call_records_may_be_asked_for_once_a_minute() -> None:
    time = FakeTime()
    talk = Talk(make_world(time))
    window = {"startTime": "2026-11-23T10:00:00.000Z", "endTime": "2026-11-23T11:00:00.000Z"}
    answers = [talk.get("/cdr_feed", **window) for _ in range(2)]
    time.wait(60)
    place = answers[0].items[0]["Location"]
    there = talk.get("/cdr_feed", locations=place, **window)

    assert [answer.status for answer in answers] == [200, 429]
    assert answers[1].reply.headers["retry-after"] == "60"
    assert {record["Location"] for record in there.items} == {place}


def test_wholesale_customers_carry_their_external_id(talk: Talk) -> None:
    items = talk.get("/wholesale/customers").items
    one = items[0]

    assert {bare_id(item["orgId"]): item["externalId"] for item in items} == {
        plan.org_id: plan.external_id
        for plan in map(plan_of, range(30))
        if plan.external_id and plan.gone == LAST
    }
    assert talk.get("/wholesale/customers", externalId=one["externalId"]).items == [one]
    assert talk.get("/wholesale/customers", orgId=one["orgId"]).items == [one]
    assert {item["status"] for item in items} == {"provisioned", "provisioned_with_errors"}
    assert len(talk.get("/wholesale/customers", status="provisioned_with_errors").items) == 1
    active = talk.get("/wholesale/subPartners", provisioningState="active").items
    assert [item["subscriptionId"] for item in active] == ["Sub90000"]


# --- the world ---


def test_the_log_has_every_call(world: World, talk: Talk) -> None:
    talk.get("/roles")
    talk.get("/people", email="x@acme.example")

    assert world.calls == [("GET", "/roles", ()), ("GET", "/people", (("email", "x@acme.example"),))]


def test_tokens_are_in_no_text(world: World) -> None:
    grant = world.issue_grant()
    talk = Talk(world, grant.access)
    talk.get("/roles")

    assert "sandbox-" not in f"{world.calls}{talk.get('/roles')}{grant}"


def test_many_threads_may_ask_at_once(world: World, talk: Talk) -> None:
    orgs = [one["id"] for one in talk.get("/organizations").items] * 4

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda org: talk.get("/licenses", orgId=org), orgs))

    alone = Talk(make_world())
    assert [a.json for a in answers] == [alone.get("/licenses", orgId=org).json for org in orgs]
    tracking = {answer.reply.headers["trackingid"] for answer in answers}
    assert len(tracking) == len(orgs)
