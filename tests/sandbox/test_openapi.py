"""The sandbox against the published description of the API, where that is at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from partnerctl.sandbox.routes import ROUTES
from tests.sandbox.asking import Talk, make_world

PUBLISHED = Path(__file__).resolve().parents[2].parent / "shared" / "webex" / "partner-openapi.json"
HOST = "https://webexapis.com"
WINDOW = "startTime=2026-11-23T01:00:00.000Z&endTime=2026-11-23T03:00:00.000Z"

_NAMES: dict[type[Any], str] = {list: "a list", dict: "an object"}
_A_LIST = "a list is not of type 'object'"
_WORKSPACES = "the schema is that of the locations of workspaces, the example is not"

FAULTS: dict[tuple[str, str], str] = {
    ("GET /partner/reports/templates", _A_LIST): "the example is a bare list, the schema an object",
    ("GET /partner/reports", _A_LIST): "there is no example, and like operations answer with bare lists",
    ("GET /partner/organizations", _A_LIST): "another client reads a bare list",
    ("GET /locations", "items: 'countryCode' is a required property"): _WORKSPACES,
    ("GET /locations", "items.address: an object is not of type 'string'"): _WORKSPACES,
    ("GET /locations", "items.latitude: '0.0' is not of type 'number'"): _WORKSPACES,
    ("GET /locations", "items.longitude: '0.0' is not of type 'number'"): _WORKSPACES,
}
"""Where the sandbox follows an example or other clients instead of the schema: operation, words, why."""


class Asked(NamedTuple):
    """One call: method and path as published, the path and the query as asked, the body."""

    method: str
    published: str
    path: str
    body: Any = None

    @property
    def operation(self) -> str:
        return f"{self.method} {self.published}"


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    if not PUBLISHED.exists():
        pytest.skip(f"the published description is not at hand: {PUBLISHED.name}")
    read: dict[str, Any] = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    return read


@pytest.fixture
def talk() -> Talk:
    return Talk(make_world())


def calls(talk: Talk) -> Iterator[Asked]:  # noqa: PLR0915 - one line for each operation
    """Yield a call of every operation; those whose shape varies are asked several times."""
    org = talk.get("/organizations").items[3]["id"]
    admins = talk.get(f"/partner/organizations/{org}/partnerAdmins").items
    person = admins[0]["id"]
    rows = talk.get("/licenses", orgId=org).items
    subscription = rows[0]["subscriptionId"]
    template = talk.get("/partner/reports/templates").items[0]["templateId"]
    wanted = {"templateId": template, "startDate": "2026-11-01", "endDate": "2026-11-22", "regionId": "US"}
    report = talk.post("/partner/reports", wanted).json["reportId"]
    in_org = "/partner/tags/organizations/{orgId}"
    in_subscription = f"{in_org}/subscriptions/{{subscriptionId}}"
    tags = f"/partner/tags/organizations/{org}"
    admin = "/partner/organizations/{orgId}/partnerAdmin/{personId}"
    one = f"/partner/organizations/{org}/partnerAdmin/{person}"
    body = {"tags": [{"name": "gold", "description": "the best"}, {"name": "new"}]}
    yield Asked("GET", "/authorizations/tokenExpiry", "/authorizations/tokenExpiry")
    yield Asked("GET", "/licenses", f"/licenses?orgId={org}")
    license_ = f"/licenses/{rows[0]['id']}?includeAssignedTo=user&limit=2"
    yield Asked("GET", "/licenses/{licenseId}", license_)
    yield Asked("GET", "/organizations", "/organizations")
    yield Asked("GET", "/organizations/{orgId}", f"/organizations/{org}")
    for _ in range(2):
        yield Asked("GET", "/partner/organizations", f"/partner/organizations?managedBy={person}")
    listed = "/partner/organizations/{orgId}/partnerAdmins"
    yield Asked("GET", listed, f"/partner/organizations/{org}/partnerAdmins")
    yield Asked("POST", f"{admin}/assign", f"{one}/assign")
    yield Asked("DELETE", f"{admin}/unassign", f"{one}/unassign")
    for _ in range(3):
        yield Asked("GET", "/partner/reports", "/partner/reports?regionId=US")
        yield Asked("GET", "/partner/reports/{reportId}", f"/partner/reports/{report}")
        yield Asked("GET", "/partner/reports/templates", "/partner/reports/templates")
    yield Asked("POST", "/partner/reports", "/partner/reports", wanted)
    yield Asked("DELETE", "/partner/reports/{reportId}", f"/partner/reports/{report}")
    yield Asked("GET", "/people", f"/people?orgId={org}&max=2")
    yield Asked("GET", "/people", "/people?email=ines.castrovel@partner.example")
    yield Asked("GET", "/people/me", "/people/me")
    yield Asked("GET", "/roles", "/roles")
    yield Asked("POST", f"{in_org}/assignTags", f"{tags}/assignTags", body)
    yield Asked(
        "POST", f"{in_subscription}/assignTags", f"{tags}/subscriptions/{subscription}/assignTags", body
    )
    for kind in ("ORGANIZATION", "SUBSCRIPTION"):
        yield Asked("GET", "/partner/tags", f"/partner/tags?type={kind}")
    yield Asked("GET", in_org, tags)
    for _ in range(2):
        yield Asked("GET", in_subscription, f"{tags}/subscriptions/{subscription}")
        yield Asked("GET", "/partner/tags/subscriptions", "/partner/tags/subscriptions?tags=gold&max=3")
    yield Asked("GET", "/partner/tags/organizations", "/partner/tags/organizations?tags=gold,VIP&max=3")
    yield Asked("GET", "/devices", f"/devices?orgId={org}&max=1")
    yield Asked("GET", "/locations", f"/locations?orgId={org}&max=1")
    yield Asked("GET", "/telephony/config/numbers", f"/telephony/config/numbers?orgId={org}&details=true")
    yield Asked("GET", "/wholesale/customers", "/wholesale/customers?max=3")
    yield Asked("GET", "/wholesale/subPartners", "/wholesale/subPartners")
    yield Asked("GET", "/cdr_feed", f"/cdr_feed?{WINDOW}")
    yield Asked("GET", "/cdr_stream", f"/cdr_stream?{WINDOW}")
    yield Asked(
        "DELETE",
        "/partner/organizations/partnerAdmin/{personId}",
        f"/partner/organizations/partnerAdmin/{person}",
    )


def test_every_published_operation_is_served(published: dict[str, Any]) -> None:
    wanted = {
        (method.upper(), path) for path, operations in published["paths"].items() for method in operations
    }

    assert wanted - {(route.method, route.path) for route in ROUTES} == set()


def test_every_published_operation_is_asked_below(published: dict[str, Any], talk: Talk) -> None:
    wanted = {
        f"{method.upper()} {path}" for path, operations in published["paths"].items() for method in operations
    }

    assert {asked.operation for asked in calls(talk)} == wanted


def test_answers_are_as_published_but_for_known_faults(published: dict[str, Any], talk: Talk) -> None:
    description = OpenAPI.from_dict(published)
    met: set[tuple[str, str]] = set()
    for asked in calls(talk):
        url = urlsplit(asked.path)
        data = json.dumps(asked.body).encode() if asked.body is not None else b""
        query = dict(parse_qsl(url.query))
        request = MockRequest(HOST, asked.method.lower(), f"/v1{url.path}", args=query, data=data)
        description.validate_request(request)
        answer = talk.ask(asked.method, asked.path, {}, data)
        assert answer.status in (200, 204), (asked, answer.reply.body)
        if not answer.reply.body:  # the checker itself wants a body, also where none is published
            operation = published["paths"][asked.published][asked.method.lower()]
            assert not operation["responses"][str(answer.status)].get("content"), asked
            continue
        content_type = answer.reply.headers["content-type"].partition(";")[0]
        response = MockResponse(answer.reply.body, answer.status, content_type=content_type)
        errors = description.iter_response_errors(request, response)
        met |= {(asked.operation, words) for error in errors for words in _complaints(error)}

    assert met - set(FAULTS) == set()
    assert set(FAULTS) - met == set(), "a known fault is one no more: take it out of the table"


def _complaints(error: Exception) -> Iterator[str]:
    """Yield what is wrong with an answer, in words that do not hold it."""
    broken = getattr(error.__cause__, "schema_errors", None)
    if broken is None:
        yield f"{error!r}"
        return
    for one in broken:
        where = ".".join(part for part in one.absolute_path if isinstance(part, str))
        name = _NAMES.get(type(one.instance))
        words = one.message
        if name is not None and one.validator != "required":
            words = f"{name}{words.removeprefix(str(one.instance))}"
        yield f"{where}: {words}" if where else words
