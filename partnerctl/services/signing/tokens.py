"""Tokens for every command: from a variable, or of the profile's sign-in. Nobody is asked for anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from partnerctl.config.token_variables import TOKEN, TOKEN_FILE

if TYPE_CHECKING:
    from partnerctl.clock import Clock
    from partnerctl.config.folders import Folders
    from partnerctl.config.settings import Settings
    from partnerctl.remote.sending import Sender
    from partnerctl.remote.tokens import TokenSource


def has_token_variable(environ: Mapping[str, str]) -> bool:
    """Tell whether the environment has a token: then the profile has a remote side."""
    return bool(environ.get(TOKEN) or environ.get(TOKEN_FILE))


def token_source(
    settings: Settings,
    environ: Mapping[str, str],
    folders: Folders,
    sender: Sender,
    clock: Clock,
    warn: Callable[[str], None] | None = None,
) -> TokenSource:
    """Return where the profile's tokens come from; `warn` hears of new tokens that could not be stored.

    Raises NotAllowed where nobody has signed in.
    """
    from partnerctl.config.token_places import token_place
    from partnerctl.services.signing.given_tokens import EXPIRED, GivenToken, TokenOfFile, not_signed_in
    from partnerctl.services.signing.renewing import SignedIn

    if environ.get(TOKEN):
        return GivenToken(environ[TOKEN], f"the token of {TOKEN}", EXPIRED)
    if environ.get(TOKEN_FILE):
        return TokenOfFile(Path(environ[TOKEN_FILE]))
    place = token_place(settings.token_storage, settings.profile, folders.state, environ)
    if place is None:
        raise not_signed_in(settings.profile)
    return SignedIn(place, settings, environ, sender, clock, warn)
