"""The partner's own organization: set up once, shown, changed (PH-O1, PH-O4)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from partnerctl.clock import timestamp
from partnerctl.domain.identifiers import parse_org_id
from partnerctl.domain.records import Organization
from partnerctl.errors import NotFound, UsageError
from partnerctl.services.acting import Acting
from partnerctl.services.rights import KEEP_STORE, require
from partnerctl.stores.contract import Store

LONGEST_TEXT = 200
"""Characters that a name or an industry may have."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the organization's fields are to be; None leaves a field alone, an empty text makes it unknown."""

    org_id: str | None = None
    name: str | None = None
    industry: str | None = None
    planned_users: int | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class OrganizationResult:
    """The organization as it is now, or would be; `changed` tells whether that is new."""

    organization: Organization
    changed: bool


def find_organization(store: Store) -> Organization | None:
    """Return the own organization, or None before it was set up."""
    return store.organization()


def show_organization(store: Store) -> Organization:
    """Return the own organization; raises NotFound before it was set up."""
    found = store.organization()
    if found is None:
        raise NotFound("your organization is not set up yet", "set it up with `partnerctl init`")
    return found


def set_up(store: Store, wanted: Wanted, acting: Acting) -> OrganizationResult:
    """Set the own organization up, audited; where it was before, change nothing and return it as it is.

    Without an organization id it gets a new one of its own. Raises UsageError for a bad value or no name.
    """
    found = store.organization()
    if found is not None:
        return OrganizationResult(found, False)
    import uuid

    blank = Organization(str(uuid.uuid4()), None, None, None, None)
    organization = _applied(blank, wanted)
    if organization.name is None:
        raise UsageError("--name: the organization needs a name")
    return _written(store, None, organization, "init", acting)


def change(store: Store, wanted: Wanted, acting: Acting) -> OrganizationResult:
    """Change fields of the own organization, audited; what is as wanted already is no change.

    Raises NotFound before it was set up, UsageError for a bad value or where nothing is wanted.
    """
    require(store, acting.me, KEEP_STORE)
    before = show_organization(store)
    if wanted == Wanted():
        raise UsageError("nothing to set", "give --name, --industry, --planned-users, --region or --org-id")
    after = _applied(before, wanted)
    if after.name is None:
        raise UsageError("--name: the organization needs a name")
    if after == before:
        return OrganizationResult(before, False)
    return _written(store, before, after, "org set", acting)


def _written(
    store: Store, before: Organization | None, after: Organization, action: str, acting: Acting
) -> OrganizationResult:
    if acting.dry_run:
        return OrganizationResult(after, True)
    at = timestamp(acting.at)
    with store.unit() as unit:
        unit.begin("change", acting.actor, at, "organization")
        now = store.organization()
        if now != before and now is not None:  # another run came first: its word stands
            return OrganizationResult(now, False)
        unit.set_organization(after)
        unit.audit(at, acting.actor, action, "organization", *_difference(before, after))
        unit.commit()
    return OrganizationResult(after, True)


def _difference(before: Organization | None, after: Organization) -> tuple[str | None, str]:
    """Return the fields that differ, before and after, as JSON."""
    import json

    names = [
        name
        for name in ("org_id", "name", "industry", "planned_users", "region")
        if before is None or getattr(before, name) != getattr(after, name)
    ]
    old = None if before is None else {name: getattr(before, name) for name in names}
    new = {name: getattr(after, name) for name in names}
    return (None if old is None else json.dumps(old, ensure_ascii=False)), json.dumps(new, ensure_ascii=False)


def _applied(organization: Organization, wanted: Wanted) -> Organization:
    changed = organization
    if wanted.org_id is not None:
        changed = replace(changed, org_id=_org_id(wanted.org_id))
    if wanted.name is not None:
        changed = replace(changed, name=_text("--name", wanted.name))
    if wanted.industry is not None:
        changed = replace(changed, industry=_text("--industry", wanted.industry))
    if wanted.planned_users is not None:
        changed = replace(changed, planned_users=wanted.planned_users)
    if wanted.region is not None:
        changed = replace(changed, region=wanted.region)
    return changed


def _org_id(text: str) -> str:
    found = parse_org_id(text)
    if found is None:
        hint = "it is a UUID, or Webex's base64 form of one"
        raise UsageError(f"--org-id: {text!r} is no organization id", hint)
    return found


def _text(option: str, text: str) -> str | None:
    """Return the text without surplus space, None for an empty one; raises UsageError for a bad one."""
    cleaned = " ".join(text.split())
    if not cleaned.isprintable():
        raise UsageError(f"{option}: {cleaned!r} holds characters that cannot be shown")
    if len(cleaned) > LONGEST_TEXT:
        raise UsageError(f"{option}: longer than {LONGEST_TEXT} characters")
    return cleaned or None
