"""Who is signed in, as Webex says it: the person, roles, scopes that are missing, and when it is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partnerctl.config.token_places import token_place
from partnerctl.config.token_variables import CREDENTIALS_FILE, TOKEN, TOKEN_FILE
from partnerctl.errors import NotAllowed
from partnerctl.remote.client import Client
from partnerctl.remote.oauth import token_expiry
from partnerctl.remote.people import Person, me, role_names, role_of
from partnerctl.remote.scopes import missing_scopes, probed_scopes
from partnerctl.services.signing.tokens import token_source

if TYPE_CHECKING:
    from partnerctl.clock import Clock
    from partnerctl.config.folders import Folders
    from partnerctl.config.settings import Settings
    from partnerctl.config.stored_tokens import StoredTokens
    from partnerctl.remote.sending import Sender

SOON = timedelta(days=14)
"""How long before the refresh token lapses there is a warning."""


@dataclass(frozen=True, slots=True)
class MissingScope:
    """A scope that the token lacks, and what needs it."""

    scope: str
    needed_for: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who is signed in: `source` says where the token comes from, `kind` is ``token`` or ``integration``.

    `roles` are keys of partner roles, and names of others. `expires` is that of the access token, which is
    renewed until `refresh_expires`; both are None where nobody knows.
    """

    profile: str
    api_url: str
    source: str
    kind: str
    email: str
    name: str | None
    org_id: str | None
    roles: tuple[str, ...]
    expires: datetime | None
    refresh_expires: datetime | None
    missing: tuple[MissingScope, ...]


def sign_in_status(
    settings: Settings,
    environ: Mapping[str, str],
    folders: Folders,
    sender: Sender,
    clock: Clock,
    warn: Callable[[str], None],
) -> SignIn:
    """Return who is signed in; `warn` hears where the sign-in is over soon.

    Raises NotAllowed where nobody is, or where Webex does not take the token; Unavailable, TimedOut.
    """
    client = Client(sender, token_source(settings, environ, folders, sender, clock, warn), settings.api_url)
    person = me(client)
    source, stored = _stored(settings, environ, folders)
    scopes = None if stored is None else stored.scopes
    missing = probed_scopes(client, person) if scopes is None else missing_scopes(scopes)
    expires = None if stored is None else stored.expires
    lapses = None if stored is None else stored.refresh_expires
    _warn_of_the_end(lapses, clock, warn)
    return SignIn(
        settings.profile,
        settings.api_url,
        source,
        "token" if stored is None else stored.kind,
        person.email,
        person.name,
        person.org_id,
        _roles(client, person),
        expires or token_expiry(client),
        lapses,
        tuple(MissingScope(scope.name, scope.needed_for) for scope in missing),
    )


def _stored(
    settings: Settings, environ: Mapping[str, str], folders: Folders
) -> tuple[str, StoredTokens | None]:
    """Return where the token comes from, and what is stored with it; None where others renew it."""
    for name in (TOKEN, TOKEN_FILE):
        if environ.get(name):
            return name, None
    place = token_place(settings.token_storage, settings.profile, folders.state, environ)
    assert place is not None  # else there would be no token
    return CREDENTIALS_FILE if environ.get(CREDENTIALS_FILE) else place.name, place.read()


def _roles(client: Client, person: Person) -> tuple[str, ...]:
    """Return what the person's roles are called; an id where nobody says."""
    try:
        names = role_names(client)
    except NotAllowed:  # it takes a scope of its own
        names = {}
    found = (role_of(person._replace(roles=(one,)), names) or names.get(one) or one for one in person.roles)
    return tuple(dict.fromkeys(found))


def _warn_of_the_end(lapses: datetime | None, clock: Clock, warn: Callable[[str], None]) -> None:
    if lapses is not None and lapses - clock.now() <= SOON:
        warn(
            f"the sign-in lapses on {lapses:%Y-%m-%d} unless it is renewed before; sign in again to be sure:"
            " partnerctl auth login"
        )
