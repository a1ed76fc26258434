"""Signing in: a token, or an integration by browser or by code, checked with Webex before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from partnerctl.config.kinds import read_email
from partnerctl.config.stored_tokens import StoredTokens
from partnerctl.config.token_places import named_place, token_place
from partnerctl.config.token_variables import CREDENTIALS_FILE
from partnerctl.errors import InvalidData, NotAllowed, UsageError
from partnerctl.remote.client import Client
from partnerctl.remote.fields import unexpected
from partnerctl.remote.oauth import (
    Integration,
    authorize_url,
    exchange_code,
    new_challenge,
    token_expiry,
)
from partnerctl.remote.people import Person, me, partner_role
from partnerctl.remote.scopes import wanted_scopes
from partnerctl.services.signing.given_tokens import GivenToken, find_client_secret
from partnerctl.services.signing.renewing import with_granted

if TYPE_CHECKING:
    from datetime import datetime

    from partnerctl.clock import Clock, Stopwatch
    from partnerctl.config.folders import Folders
    from partnerctl.config.settings import Settings
    from partnerctl.config.token_places import TokenPlace
    from partnerctl.remote.device_code import DeviceCode
    from partnerctl.remote.oauth import Granted
    from partnerctl.remote.sending import Sender

_STORAGE = "keyring"  # where nobody says otherwise


@dataclass(frozen=True, slots=True)
class Door:
    """What a sign-in works with. `client_id` and `client_secret` are those of the integration."""

    settings: Settings
    sender: Sender
    stopwatch: Stopwatch
    clock: Clock
    client_id: str = ""
    client_secret: str = field(default="", repr=False)

    @property
    def integration(self) -> Integration:
        """Return the integration that signs in."""
        return Integration(self.settings.api_url, self.client_id, self.client_secret)


@dataclass(frozen=True, slots=True)
class Checked:
    """Tokens that Webex takes, and the person to whom they belong; `role` is None for no partner role."""

    stored: StoredTokens
    person: Person
    role: str | None


def chosen_place(
    storage: str | None, settings: Settings, environ: Mapping[str, str], folders: Folders
) -> TokenPlace:
    """Return where to keep tokens, and see first that they can be kept there.

    `storage` is what the person asked for. Raises UsageError where a variable says otherwise; MachineFault,
    InvalidData and TimedOut where the place is of no use.
    """
    place = None
    if storage is None:
        place = token_place(settings.token_storage, settings.profile, folders.state, environ)
    elif environ.get(CREDENTIALS_FILE):
        raise UsageError(f"{CREDENTIALS_FILE} is set, and wins over --storage", "take one of the two away")
    place = place or named_place(storage or _STORAGE, settings.profile, folders.state)
    place.check()
    return place


def known_client_secret(environ: Mapping[str, str], place: TokenPlace, client_id: str) -> str | None:
    """Return the client secret of the environment, else the one stored with that client id; None for neither.

    Raises UsageError, InvalidData, MachineFault where what is named cannot be read.
    """
    found = find_client_secret(environ)
    if found is not None:
        return found
    try:
        stored = place.read()
    except InvalidData:
        return None
    return stored.client_secret if stored is not None and stored.client_id == client_id else None


def sign_in_by_token(door: Door, token: str) -> Checked:
    """Return a token that somebody pasted, checked; raises NotAllowed where Webex does not take it."""
    client = _client(door, token)
    stored = StoredTokens(token.strip(), api_url=door.settings.api_url)
    return replace(_checked(client, stored), stored=replace(stored, expires=token_expiry(client)))


def sign_in_by_browser(door: Door, show: Callable[[str], None], limit: float) -> Checked:
    """Return tokens that a person gave leave to in a browser, checked.

    `show` gets the address to open once somebody waits for the answer, for `limit` seconds. Raises
    NotAllowed where the person or Webex says no, MachineFault where the port of the redirect URI is taken,
    TimedOut, Unavailable.
    """
    from partnerctl.remote.redirect import Redirect

    settings, challenge = door.settings, new_challenge()
    scopes = wanted_scopes(settings.scopes)
    with Redirect(settings.redirect_uri, challenge.state) as redirect:
        show(authorize_url(settings.api_url, door.client_id, settings.redirect_uri, scopes, challenge))
        code = redirect.code(door.stopwatch, limit)
    asked = door.clock.now()
    new = exchange_code(door.sender, door.integration, code, settings.redirect_uri, challenge)
    return _of_integration(door, new, asked)


def sign_in_by_device(door: Door, show: Callable[[DeviceCode], None], limit: float | None = None) -> Checked:
    """Return tokens that a person gave leave to on another screen, checked.

    `show` gets the code to type there; it is waited for as long as the code lives, or for `limit` seconds.
    Raises NotAllowed, Conflict, TimedOut, Unavailable.
    """
    from partnerctl.remote.device_code import ask_device_code, wait_for_approval

    settings = door.settings
    code = ask_device_code(door.sender, settings.api_url, door.client_id, wanted_scopes(settings.scopes))
    show(code)
    new = wait_for_approval(door.sender, door.integration, code, door.stopwatch, limit)
    return _of_integration(door, new, door.clock.now())


def _of_integration(door: Door, new: Granted, asked: datetime) -> Checked:
    blank = StoredTokens(
        new.access,
        client_id=door.client_id,
        client_secret=door.client_secret,
        api_url=door.settings.api_url,
    )
    return _checked(_client(door, new.access), with_granted(blank, new, asked))


def _client(door: Door, token: str) -> Client:
    source = GivenToken(token, "the token that was given", "nothing was stored: get a new one, copy it whole")
    return Client(door.sender, source, door.settings.api_url)


def _checked(client: Client, stored: StoredTokens) -> Checked:
    person = me(client)
    try:
        read_email(person.email)
    except ValueError:
        raise unexpected("/people/me", "has an address that is none") from None
    return Checked(stored, person, _role(client, person))


def _role(client: Client, person: Person) -> str | None:
    try:
        return partner_role(person, client)
    except NotAllowed:  # the list of roles takes a scope of its own
        return None
