"""What a sign-in leaves behind: tokens at their place, settings in the profile, the person in the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnerctl.clock import timestamp
from partnerctl.config.token_places import token_place
from partnerctl.config.token_variables import CREDENTIALS_FILE, TOKEN, TOKEN_FILE
from partnerctl.config.writing import set_value
from partnerctl.errors import PartnerctlError

if TYPE_CHECKING:
    from datetime import datetime

    from partnerctl.config.folders import Folders
    from partnerctl.config.settings import Settings
    from partnerctl.config.token_places import TokenPlace
    from partnerctl.services.signing.signing_in import Checked
    from partnerctl.stores.contract import Store

LOGIN = "login"
"""The kind of a run that recorded who signed in."""


@dataclass(frozen=True, slots=True)
class SignOut:
    """What a sign-out removed: the places that held something, and the variables that still give a token."""

    places: tuple[str, ...]
    variables: tuple[str, ...]


def keep(
    place: TokenPlace,
    checked: Checked,
    settings: Settings,
    environ: Mapping[str, str],
    folders: Folders,
    client_id: str | None = None,
) -> tuple[str, ...]:
    """Store the tokens, and what the profile has to know; return warnings.

    `client_id` is written too where one is given. Raises Locked, MachineFault, TimedOut, InvalidData.
    """
    with place.locked(settings.wait):
        place.write(checked.stored)
    known = {one.setting.name: one.value for one in settings.resolved if one.origin == "profile"}
    for name, value in _wanted(place, checked, environ, client_id).items():
        if known.get(name) != value:
            set_value(folders.config_file, settings.profile, name, value, settings.wait)
    return (*_leave_earlier(place, settings, environ, folders), *_overruled(environ))


def record_person(store: Store, checked: Checked, at: datetime) -> bool:
    """Write the person into the store with the role that Webex says, audited; return whether that was new.

    Raises Locked, MachineFault.
    """
    person, role = checked.person, checked.role
    known = store.administrator(person.email)
    if role is None or (known is not None and (known.role, known.name) == (role, person.name or known.name)):
        return False
    name = person.name or (known.name if known is not None else None)
    seen = store.admin_last_seen(person.email)
    day = max(at.date(), seen or at.date())
    before = None if known is None else json.dumps([known.role, known.name], ensure_ascii=False)
    after = json.dumps([role, name], ensure_ascii=False)
    with store.unit() as unit:
        unit.begin(LOGIN, person.email, timestamp(at), f"login of {person.email}")
        unit.observe("admins", ("email", "name", "role"), [(day.isoformat(), (person.email, name, role))])
        unit.audit(timestamp(at), person.email, "auth login", person.email, before, after)
        unit.commit()
    return True


def sign_out(settings: Settings, environ: Mapping[str, str], folders: Folders) -> SignOut:
    """Remove every secret that is stored for the profile, and return where there was one.

    Raises Locked, MachineFault, TimedOut, InvalidData.
    """
    found = (
        token_place(settings.token_storage, settings.profile, folders.state, variables)
        for variables in (environ, {})
    )
    places = {place.name: place for place in found if place is not None}
    held = []
    for place in places.values():
        if place.may_hold():
            with place.locked(settings.wait):
                held += [place.name] if place.clear() else []
    return SignOut(tuple(held), tuple(name for name in (TOKEN, TOKEN_FILE) if environ.get(name)))


def _wanted(
    place: TokenPlace, checked: Checked, environ: Mapping[str, str], client_id: str | None
) -> dict[str, str]:
    """Return the settings of the profile; the place is none where a variable names it."""
    wanted = {} if environ.get(CREDENTIALS_FILE) else {"auth.storage": place.name}
    wanted |= {"remote": "webex", "me": checked.person.email}
    return wanted | ({"auth.client_id": client_id} if client_id else {})


def _leave_earlier(
    place: TokenPlace, settings: Settings, environ: Mapping[str, str], folders: Folders
) -> tuple[str, ...]:
    """Remove the tokens of an earlier sign-in from another place."""
    earlier = token_place(settings.token_storage, settings.profile, folders.state, {})
    if earlier is None or earlier.name == place.name or environ.get(CREDENTIALS_FILE):
        return ()
    try:
        earlier.clear()
    except PartnerctlError as fault:
        return (f"the tokens of the earlier sign-in are still in {earlier.name}: {fault.reason}",)
    return ()


def _overruled(environ: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{name} is set, and its token is used instead of this sign-in"
        for name in (TOKEN, TOKEN_FILE)
        if environ.get(name)
    )
