"""What Webex answers, read field by field: shapes and types vary, and what does not fit is unknown."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.domain.identifiers import bare_id, parse_org_id, webex_id
from partnerctl.errors import PartnerctlError, Unavailable
from partnerctl.remote import admins, inventories, organizations, partner_reports, people, tags
from partnerctl.remote.fields import count_of, day_of, flag_of, id_of, inner, text_of, texts_of
from partnerctl.remote.partner_reports import RemoteReport, Wanted

ORG = "0f6c2c3e-8b1a-4d53-9a35-5f0a3b1c2d4e"
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


class Answers:
    """A client that answers every question with the same JSON, and remembers the paths."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def get(self, path: str, params: Any = (), *, org: str | None = None) -> Any:
        self.asked.append(path)
        return self.answer

    def pages(self, path: str, params: Any = (), *, org: str | None = None) -> Any:
        self.asked.append(path)
        yield self.answer

    def post(self, path: str, body: Any = None, **_: Any) -> Any:
        self.asked.append(path)
        return self.answer


def test_fields_of_the_wrong_type_are_unknown() -> None:
    item = {"n": "12", "f": 3.0, "b": True, "t": " a\u0000b\n c ", "l": "x, y,", "d": "2026-11-23T10:00:00Z"}
    assert (count_of(item, "n"), count_of(item, "f"), count_of(item, "b")) == (12, 3, None)
    assert (text_of(item, "t"), text_of(item, "b"), text_of([], "t")) == ("ab c", None, None)
    assert texts_of(item, "l") == ("x", "y")
    assert (day_of(item, "d"), day_of(item, "t")) == (date(2026, 11, 23), None)
    assert (flag_of({"x": "TRUE"}, "x"), flag_of({"x": False}, "x"), flag_of({"x": "?"}, "x")) == (
        True,
        False,
        None,
    )
    assert inner(item, "n") == {}


def test_ids_are_compared_by_what_they_mean() -> None:
    assert id_of({"id": webex_id(ORG)}, "id") == id_of({"id": ORG.upper()}, "id") == ORG
    assert bare_id("Y2lzY29zcGFyazovL3VybjpURUFNOnVzLWVhc3QtMV9pbnQxMy9ST0xFL0FiQw") == "abc"
    assert (
        bare_id("Y2LZY29ZCGFYAZOVL3VZ") == "y2lzy29zcgfyazovl3vz"
    )  # upper-cased: undecodable, as examples are
    assert parse_org_id(webex_id(ORG)) == ORG


@pytest.mark.parametrize(
    ("roles", "names", "expected"),
    [
        (("atlas-portal.partner.salesfulladmin",), {}, "full_admin"),
        (("atlas-portal.partner.salesadmin", "atlas-portal.partner.helpdesk"), {}, "admin"),
        (("r1",), {"r1": "partner read-only administrator"}, "readonly_admin"),
        (("r1",), {"r1": "full administrator"}, None),  # of the own organization, and no partner role
        ((), {}, None),
    ],
)
def test_the_partner_role_of_a_person(
    roles: tuple[str, ...], names: dict[str, str], expected: str | None
) -> None:
    person = people.Person("p", "ana@partner.example", "Ana", ORG, roles)
    assert people.role_of(person, names) == expected


def test_roles_come_joined_by_commas_too() -> None:
    answer = {"id": "p1", "emails": ["Ana@Partner.example"], "roles": ["a,b"], "orgId": ORG}
    assert people.me(Answers(answer)) == people.Person("p1", "ana@partner.example", None, ORG, ("a", "b"))  # type: ignore[arg-type]


def test_whoever_does_not_say_who_they_are() -> None:
    with pytest.raises(Unavailable, match="/people/me does not say who you are"):
        people.me(Answers({"id": "p1"}))  # type: ignore[arg-type]


def test_trials_are_told_as_text() -> None:
    answer = [{"orgId": ORG, "subscriptionId": "S1", "tags": ["gold,silver"], "trial": "true"}]
    found, whole = tags.tagged_with(Answers(answer), "gold", subscriptions=True)  # type: ignore[arg-type]
    assert found == [tags.TaggedThing(ORG, "S1", ("gold", "silver"), True)]
    assert whole


def test_a_hundred_may_not_be_all() -> None:
    answer = [{"orgId": ORG, "tags": ["gold"]}] * 100
    _, whole = tags.tagged_with(Answers(answer), "gold", subscriptions=False)  # type: ignore[arg-type]
    assert not whole


@pytest.mark.parametrize(
    ("status", "done", "failed"),
    [("done", True, False), ("in progress", False, False), ("failed", False, True), ("error_x", False, True)],
)
def test_the_status_of_a_report(status: str, done: bool, failed: bool) -> None:
    report = RemoteReport("r", None, status, None, None, None)
    assert (report.done, report.failed) == (done, failed)


def test_a_report_like_the_one_that_is_wanted() -> None:
    wanted = Wanted(5, "EU", date(2026, 11, 23), date(2026, 11, 23))
    row = {
        "templateId": 5,
        "regionId": "EU",
        "startDate": "2026-11-23",
        "endDate": "2026-11-23",
        "status": "DONE",
    }
    answer = {
        "items": [
            {**row, "reportId": "old", "createdTime": "2026-11-23 08:00:00"},
            {**row, "reportId": "new", "createdTime": "2026-11-23 11:00:00"},
            {**row, "reportId": "other", "endDate": "2026-11-22", "createdTime": "2026-11-23 12:00:00"},
            {**row, "reportId": "bad", "status": "failed", "createdTime": "2026-11-23 12:00:00"},
        ]
    }
    found = partner_reports.recent(Answers(answer), wanted, date(2026, 11, 22))  # type: ignore[arg-type]
    assert found is not None
    assert found.report_id == "new"


@given(ANY_JSON)
def test_whatever_json_comes_is_read_or_refused_in_words(answer: Any) -> None:
    client: Any = Answers(answer)
    wanted = Wanted(5, "EU", date(2026, 11, 23), date(2026, 11, 23))
    for ask in (
        lambda: people.me(client),
        lambda: people.find_person(client, "a@b.example"),
        lambda: list(people.people_of(client, ORG)),
        lambda: people.role_names(client),
        lambda: organizations.organizations(client),
        lambda: organizations.organization(client, ORG),
        lambda: organizations.licenses(client, ORG),
        lambda: tags.tag_descriptions(client, "ORGANIZATION"),
        lambda: tags.tags_of(client, ORG, None),
        lambda: tags.tagged_with(client, "x", subscriptions=True),
        lambda: admins.admins_of(client, ORG),
        lambda: inventories.locations(client, ORG),
        lambda: inventories.devices(client, ORG),
        lambda: inventories.numbers(client, ORG),
        lambda: partner_reports.templates(client),
        lambda: partner_reports.recent(client, wanted, date(2026, 11, 22)),
        lambda: partner_reports.look_at(client, "r"),
        lambda: partner_reports.create(client, wanted),
    ):
        with suppress(PartnerctlError):
            ask()
