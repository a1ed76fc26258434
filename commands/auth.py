"""``auth``: sign in to Webex, sign out, and who is signed in."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from partnerctl.app import App
from partnerctl.errors import PartnerctlError, UsageError
from partnerctl.options import OutputOptions, noun, output_options

if TYPE_CHECKING:
    from partnerctl.config.token_places import TokenPlace
    from partnerctl.remote.device_code import DeviceCode
    from partnerctl.services.signing.signing_in import Checked

_BROWSER_LIMIT = 120.0
_SPARE = 120.0  # seconds for Webex, beyond those for the person

command = noun(
    "auth",
    "Sign in to Webex, sign out, and see who you are there.",
    "partnerctl auth login --client-id C0123456789abcdef",
    "partnerctl auth login --with-token < token.txt",
    "partnerctl auth status",
    "partnerctl auth logout",
)


def _duration(_ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    from partnerctl.config.kinds import read_duration

    try:
        seconds = None if value is None else read_duration(value)
    except ValueError as fault:
        raise UsageError(f"{param.opts[0]}: {value!r} {fault}") from fault
    if seconds is not None and not 0 < seconds <= 3600:
        raise UsageError(f"{param.opts[0]}: {value!r} is not between a moment and an hour")
    return seconds


def _place(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    from partnerctl.config.kinds import SecretRefused, read_token_place

    if value is None:
        return None
    path = value.removeprefix("file:")
    if path not in ("", value) and not path.startswith("~"):
        value = f"file:{os.path.abspath(path)}"  # noqa: PTH100 - it may not be there
    try:
        return read_token_place(value)
    except SecretRefused as fault:
        hint = "for example: --storage file:/etc/partnerctl/credentials.json"
        raise UsageError("--storage is keyring or file:PATH", hint) from fault


@command.command(
    "login",
    examples=(
        "partnerctl auth login --client-id C0123456789abcdef",
        "partnerctl auth login --device",
        "partnerctl auth login --storage file:/etc/partnerctl/credentials.json --device",
        "partnerctl auth login --with-token < token.txt",
    ),
)
@click.option("--with-token", is_flag=True, help="Take a token from standard input, or typed unseen.")
@click.option("--device", is_flag=True, help="Show a code, to be typed on another screen.")
@click.option("--client-id", metavar="ID", help="The id of your integration; default: auth.client_id.")
@click.option(
    "--storage",
    metavar="PLACE",
    callback=_place,
    help="Where tokens are kept: keyring or file:PATH; default: as before, else keyring.",
)
@click.option("--no-browser", is_flag=True, help="Print the address instead of opening a browser.")
@click.option(
    "--timeout",
    metavar="TIME",
    callback=_duration,
    help="How long to wait for you; default: 2m, with --device as long as the code lives.",
)
@click.pass_obj
def login(
    app: App,
    with_token: bool,
    device: bool,
    client_id: str | None,
    storage: str | None,
    no_browser: bool,
    timeout: float | None,
) -> None:
    """Sign in with an integration of yours, or with a token.

    The tokens are checked with Webex before they are stored; whoever is refused stays signed in as before.
    The client secret comes from PARTNERCTL_CLIENT_SECRET, from the file that PARTNERCTL_CLIENT_SECRET_FILE
    names, from an earlier sign-in, or is typed unseen.
    """
    from partnerctl.services.signing.signing_in import (
        Door,
        chosen_place,
        sign_in_by_browser,
        sign_in_by_device,
        sign_in_by_token,
    )
    from partnerctl.services.webex.side import open_sender, refuse_made_data

    if with_token and (device or client_id or no_browser):
        raise UsageError("--with-token is a way of its own", "leave --device, --client-id, --no-browser out")
    if device and no_browser:
        raise UsageError("--device opens no browser anyway", "leave --no-browser out")
    settings = app.settings
    refuse_made_data(app.store, settings)
    place = chosen_place(storage, settings, os.environ, app.folders)
    integration = ("", "") if with_token else _integration(app, place, client_id)
    given = _token() if with_token else ""
    limit = timeout or _BROWSER_LIMIT
    sender = open_sender(settings, app.stopwatch, app.tracer, max(limit, 300.0) + _SPARE)
    door = Door(settings, sender, app.stopwatch, app.clock, *integration)
    if with_token:
        checked = sign_in_by_token(door, given)
    elif device:
        checked = sign_in_by_device(door, _show_code, timeout)
    else:
        checked = sign_in_by_browser(door, _open_page(no_browser), limit)
    _keep(app, place, checked, client_id)


def _integration(app: App, place: TokenPlace, client_id: str | None) -> tuple[str, str]:
    from partnerctl.options.secrets import typed_secret
    from partnerctl.services.signing.signing_in import known_client_secret

    client = client_id or app.settings.client_id
    if client is None:
        raise UsageError(
            "there is no client id of an integration",
            "give --client-id ID; docs/signing-in.md says how to make an integration; or use --with-token",
        )
    secret = known_client_secret(os.environ, place, client)
    if secret is None and not sys.stdin.isatty():
        raise UsageError(
            "there is no client secret of the integration, and nobody to ask for it",
            "put it into PARTNERCTL_CLIENT_SECRET, or into a file that PARTNERCTL_CLIENT_SECRET_FILE names",
        )
    return client, secret or typed_secret("client secret")


def _token() -> str:
    from partnerctl.options.secrets import piped_secret, typed_secret

    return typed_secret("token") if sys.stdin.isatty() else piped_secret("token")


def _open_page(no_browser: bool) -> Any:
    """Return what shows a person the address of a sign-in."""
    from partnerctl.output.terminal import tell

    def show(url: str) -> None:
        import webbrowser

        if not no_browser and webbrowser.open(url):
            tell("waiting for you in the browser; if none has opened, open this:")
        else:
            tell("open this in a browser on this machine:")
        tell(url)

    return show


def _show_code(code: DeviceCode) -> None:
    from partnerctl.output.terminal import tell

    tell(f"open {code.address} on any screen and type the code {code.user_code}")
    if code.whole_address:
        tell(f"or open {code.whole_address}")


def _keep(app: App, place: TokenPlace, checked: Checked, client_id: str | None) -> None:
    from partnerctl.services.signing.signed_in import keep, record_person

    warnings = keep(place, checked, app.settings, os.environ, app.folders, client_id)
    person = checked.person
    role = checked.role or "no partner role"
    app.note(f"signed in as {person.email} ({role}); the tokens are in {_named(place)}")
    for warning in warnings:
        app.warn(warning)
    if checked.role is None:
        app.warn(f"{person.email} has no partner role that Webex tells: what takes one will be refused")
        return
    try:
        record_person(app.writable_store, checked, app.clock.now())
    except PartnerctlError as fault:
        raise type(fault)(
            f"you are signed in, and the store did not take who you are: {fault.reason}",
            "bring the store up to date with: partnerctl sync --only admins",
        ) from fault


def _named(place: TokenPlace) -> str:
    return "the keyring" if place.name == "keyring" else place.name.removeprefix("file:")


@command.command("logout", examples=("partnerctl auth logout", "partnerctl auth logout --profile brasil"))
@click.pass_obj
def logout(app: App) -> None:
    """Remove every token of the profile, and the client secret, from this machine.

    Webex is not asked: a token that somebody has copied stays good until it expires.
    """
    from partnerctl.services.signing.signed_in import sign_out

    done = sign_out(app.settings, os.environ, app.folders)
    if done.places:
        app.note(f"the profile {app.settings.profile} is signed out; removed from {', '.join(done.places)}")
    else:
        app.note(f"the profile {app.settings.profile} was not signed in")
    for name in done.variables:
        app.warn(f"{name} is still set, and its token is still used")


@command.command("status", examples=("partnerctl auth status", "partnerctl auth status --json"))
@output_options
@click.pass_obj
def status(app: App, output: OutputOptions) -> None:
    """Show who is signed in, with which roles, until when, and which scopes are missing.

    Exits 4 where nobody is signed in, or where Webex no longer takes the token.
    """
    from partnerctl.output.picking import pick_fields
    from partnerctl.services.signing.status import SignIn, sign_in_status
    from partnerctl.services.webex.side import open_sender

    pick_fields(SignIn, output.fields)
    sender = open_sender(app.settings, app.stopwatch, app.tracer)
    found = sign_in_status(app.settings, os.environ, app.folders, sender, app.clock, app.warn)
    app.show_one(found, output)
