"""The operations on people and roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from partnerctl.demo.customers import contacts
from partnerctl.domain.identifiers import bare_id
from partnerctl.sandbox.clientele import Organization
from partnerctl.sandbox.exchange import Refused, Reply, json_reply
from partnerctl.sandbox.ids import encode
from partnerctl.sandbox.paging import paged
from partnerctl.sandbox.staff import CUSTOMER_ROLES, INTERNAL, ROLE_NAMES, Member, role_id
from partnerctl.sandbox.state import Ask

_MOST = 1000


class Person(NamedTuple):
    """One person of whatever organization; `roles` are what Webex calls them within."""

    uuid: str
    email: str
    name: str
    org_id: str
    roles: tuple[str, ...]
    created: date
    number: int


def list_people(ask: Ask) -> Reply:
    """Return the person of an exact address, in whatever organization, or the people of one, in pages."""
    email, wanted = ask.call.param("email"), ask.call.param("id")
    if email is not None:
        return json_reply({"items": [_told(ask, one) for one in _by_email(ask, email)], "notFoundIds": []})
    most = 100 if ask.call.param("callingData") == "true" else _MOST
    people = list(_of(ask, ask.organization(ask.call.param("orgId"))))
    missing: list[str] = []
    if wanted is not None:
        given = {bare_id(one): one for one in wanted.split(",")}
        people = [one for one in people if one.uuid in given]
        missing = [one for key, one in given.items() if key not in {person.uuid for person in people}]
    items = [_told(ask, one) for one in people if _has_roles(ask, one) and _is_called(ask, one)]
    return paged(
        ask, items, default=100, most=most, position="cursor", told=lambda _: {"notFoundIds": missing}
    )


def get_me(ask: Ask) -> Reply:
    """Return the person to whom the token belongs."""
    member = ask.state.staff.members[ask.caller]
    return json_reply(_told(ask, _member(ask, member, 0)))


def list_roles(_: Ask) -> Reply:
    """Return every role, those of partners and those within one organization."""
    names = {INTERNAL[role]: name for role, name in ROLE_NAMES.items()} | CUSTOMER_ROLES
    items = [{"id": role_id(internal), "name": name} for internal, name in names.items()]
    return json_reply({"items": items})


def _by_email(ask: Ask, email: str) -> Iterable[Person]:
    member = ask.state.staff.members.get(email.lower())
    if member is not None:
        yield _member(ask, member, 0)
    found = ask.state.clientele.of_domain(email)
    if found is not None and found.plan is not None and ask.state.staff.sees(ask.caller, found.plan):
        yield from (one for one in _of(ask, found) if one.email == email.lower())


def _of(ask: Ask, organization: Organization) -> Iterable[Person]:
    plan = organization.plan
    if plan is None:
        for number, member in enumerate(ask.state.staff.members.values()):
            yield _member(ask, member, number)
        return
    for place, one in enumerate(contacts(plan)):
        roles = ("id_full_admin",) if place == 0 else ()
        yield Person(
            one.user_uuid, one.email, one.name, plan.org_id, roles, plan.created, plan.number + place
        )


def _member(ask: Ask, member: Member, number: int) -> Person:
    role = ask.state.staff.role(member.email)
    roles = [INTERNAL[role]] if role else []
    roles += ["id_full_admin"] if role == "full_admin" else []
    own = ask.state.clientele.own
    return Person(member.uuid, member.email, member.name, own.org_id, tuple(roles), own.created, number)


def _has_roles(ask: Ask, person: Person) -> bool:
    wanted = ask.call.param("roles")
    return wanted is None or bool({bare_id(one) for one in wanted.split(",")} & set(person.roles))


def _is_called(ask: Ask, person: Person) -> bool:
    wanted = ask.call.param("displayName")
    if wanted is not None and len(wanted) < 3:
        raise Refused(400, "'displayName' must have at least 3 characters.")
    return wanted is None or person.name.lower().startswith(wanted.lower())


def _told(ask: Ask, one: Person) -> dict[str, Any]:
    first, _, last = one.name.partition(" ")
    roles = [role_id(role) for role in one.roles]
    if len(roles) > 1 and ask.state.turn("roles", 2):
        roles = [",".join(roles)]  # as the published example has them
    created = f"{one.created.isoformat()}T14:26:16.000Z"
    told: dict[str, Any] = {
        "id": encode("PEOPLE", one.uuid),
        "emails": [one.email],
        "displayName": one.name,
        "firstName": first,
        "lastName": last,
        "orgId": encode("ORGANIZATION", one.org_id),
        "roles": roles,
        "created": created,
        "lastModified": created,
        "invitePending": "true" if one.number % 9 == 8 else "false",
        "loginEnabled": "true",
        "type": "person",
    }
    if ask.call.param("excludeStatus") != "true":
        told["status"] = "unknown"
    return told
