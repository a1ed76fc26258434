"""What a sync asks for once: the list of organizations, and the partner's own administrators."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnerctl.clock import Clock
    from partnerctl.remote.client import Client
    from partnerctl.remote.organizations import Organization
    from partnerctl.remote.people import Person
    from partnerctl.services.syncing.spool import Spool
    from partnerctl.stores.contract import Store

ORGANIZATIONS = "organizations.json"
"""The file of the spool that holds the day and the list."""

AdminRow = tuple[str, str | None, str | None]
"""Address, name and role of an administrator; no role any more is None."""


def fetch_organizations(client: Client, spool: Spool, clock: Clock) -> list[Organization]:
    """Return every organization that the token sees; those of the spool, where they were asked for before.

    Raises NotAllowed, Unavailable, TimedOut, MachineFault.
    """
    from partnerctl.remote.organizations import Organization, organizations

    kept = spool.read(ORGANIZATIONS)
    if kept is None:
        found = organizations(client)
        day = clock.now().date().isoformat()
        spool.write(ORGANIZATIONS, [day, [(one.id, one.org_id, one.name, one.created) for one in found]])
        return found
    return [
        Organization(given, org_id, name, None if created is None else date.fromisoformat(created))
        for given, org_id, name, created in kept[1]
    ]


def fetch_admins(client: Client, person: Person, store: Store) -> list[AdminRow]:
    """Return the people of the partner's organization who have a partner role, or had one in the store.

    Somebody whom Webex does not list is not spoken of. Where the person may not list people, the person
    alone is returned.
    """
    from partnerctl.errors import NotAllowed
    from partnerctl.remote.people import people_of, role_names, role_of

    names = role_names(client)
    people = {person.email: person}
    if person.org_id is not None:
        with suppress(NotAllowed):
            people.update({one.email: one for one in people_of(client, person.org_id)})
    known = {one.email for one in store.administrators()}
    roles = {email: role_of(one, names) for email, one in people.items()}
    return [
        (email, one.name, roles[email])
        for email, one in people.items()
        if roles[email] is not None or email in known
    ]
