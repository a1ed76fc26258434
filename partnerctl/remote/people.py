"""People and their partner roles (``upstream.md``, 3.1 and Partner roles)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.domain.folding import fold
from partnerctl.domain.identifiers import bare_id, webex_id
from partnerctl.domain.roles import ROLES
from partnerctl.remote.bodies import items_of
from partnerctl.remote.fields import id_of, text_of, texts_of, unexpected

if TYPE_CHECKING:
    from partnerctl.remote.client import Client

PAGE = 100
"""People of one page: more are not given where more is asked about them."""

_INTERNAL = {
    "atlas-portal.partner.salesfulladmin": "full_admin",
    "atlas-portal.partner.salesadmin": "admin",
    "atlas-portal.partner.readonlyadmin": "readonly_admin",
    "atlas-portal.partner.provision_admin": "provisioning_admin",
    "atlas-portal.partner.helpdesk": "helpdesk_admin",
}
_MORE_NAMES = {
    "sales full admin": "full_admin",
    "sales admin": "admin",
    "partner readonly administrator": "readonly_admin",
    "help desk administrator (basic)": "helpdesk_admin",
    "help desk administrator (advanced)": "helpdesk_admin",
}
_BY_NAME = {**{fold(role.name): key for key, role in ROLES.items()}, **_MORE_NAMES}


class Person(NamedTuple):
    """One person. `id` is as Webex gave it, `org_id` a UUID; `roles` are ids in their comparable form."""

    id: str
    email: str
    name: str | None
    org_id: str | None
    roles: tuple[str, ...] = ()


def me(client: Client) -> Person:
    """Return the person to whom the token belongs; raises NotAllowed where it is not taken."""
    person = _person(client.get("/people/me"))
    if person is None:
        raise unexpected("/people/me", "does not say who you are")
    return person


def find_person(client: Client, email: str) -> Person | None:
    """Return the person of exactly that address, in whatever organization; None where nobody has it."""
    for item in items_of(client.get("/people", (("email", email),))):
        person = _person(item)
        if person is not None and person.email == email.lower():
            return person
    return None


def people_of(client: Client, org_id: str) -> Iterator[Person]:
    """Yield the people of an organization."""
    params = (("orgId", webex_id(org_id)), ("max", str(PAGE)), ("excludeStatus", "true"))
    for page in client.pages("/people", params):
        for item in items_of(page):
            person = _person(item)
            if person is not None:
                yield person


def role_names(client: Client) -> dict[str, str]:
    """Return the name of every role, folded, by its id in comparable form."""
    found = ((id_of(item, "id"), text_of(item, "name")) for item in items_of(client.get("/roles")))
    return {role_id: fold(name) for role_id, name in found if role_id and name}


def role_of(person: Person, names: Mapping[str, str]) -> str | None:
    """Return the key of the partner role that lets a person do most, None for nobody's administrator."""
    held = {_INTERNAL.get(role) or _BY_NAME.get(names.get(role, "")) for role in person.roles}
    return next((key for key in ROLES if key in held), None)


def partner_role(person: Person, client: Client) -> str | None:
    """Return the key of a person's partner role, asking Webex what the roles are called where need be."""
    if all(role in _INTERNAL for role in person.roles):
        return role_of(person, {})
    return role_of(person, role_names(client))


def _person(item: Any) -> Person | None:
    emails = texts_of(item, "emails")
    person_id = text_of(item, "id")
    if not emails or person_id is None or "@" not in emails[0]:
        return None
    name = text_of(item, "displayName")
    roles = tuple(bare_id(role) for role in texts_of(item, "roles"))
    return Person(person_id, emails[0].lower(), name, id_of(item, "orgId"), roles)
