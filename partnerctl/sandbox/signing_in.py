"""The operations of OAuth: authorize in a browser, exchange and renew tokens, sign in from another screen."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from partnerctl.config.kinds import is_loopback
from partnerctl.sandbox.exchange import BASE, Refused, Reply, html_reply, json_reply
from partnerctl.sandbox.grants import CLIENT_ID, CLIENT_SECRET, DEVICE_LIFE, INTERVAL
from partnerctl.sandbox.state import Ask

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_PAGE = (
    "<!DOCTYPE html><html lang='en'><meta charset='utf-8'><title>{title}</title><h1>{title}</h1>{body}</html>"
)
_FORM = "<form><label>Code <input name='userCode'></label> <button>Approve</button></form>"


def authorize(ask: Ask) -> Reply:
    """Send a browser back with a code: at once, or for a person by a page with links to follow.

    Who takes ``text/html`` is a person. Raises Refused (400) where the request itself is not right.
    """
    query = dict(ask.call.query)
    back = query.get("redirect_uri", "")
    if query.get("client_id") != CLIENT_ID or not _is_here(back):
        raise Refused(400, "The client or its redirect URI is not known.", word="invalid_request")
    state = {"state": query["state"]} if "state" in query else {}
    if query.get("response_type") != "code" or not query.get("scope"):
        return _sent(back, {"error": "invalid_request", **state})
    answer = query.get("answer") or (
        "ask" if "text/html" in ask.call.headers.get("accept", "") else "approve"
    )
    if answer == "deny":
        return _sent(back, {"error": "access_denied", **state})
    if answer == "ask":
        return _question(ask, query)
    challenge, method = query.get("code_challenge"), query.get("code_challenge_method")
    return _sent(back, {"code": ask.state.grants.make_code(back, challenge, method), **state})


def exchange_tokens(ask: Ask) -> Reply:
    """Give tokens for an authorization code or for a refresh token; raises Refused."""
    form = _form(ask)
    _check_client(form)
    now = ask.state.clock.now()
    if form.get("grant_type") == "authorization_code":
        uri, verifier = form.get("redirect_uri", ""), form.get("code_verifier", "")
        ask.state.grants.take_code(form.get("code", ""), uri, verifier)
        return json_reply(ask.state.tokens.issue(_person(ask)).told(now))
    if form.get("grant_type") == "refresh_token":
        return json_reply(ask.state.tokens.renew(form.get("refresh_token", "")).told(now))
    raise Refused(400, "The grant type is not supported.", word="unsupported_grant_type")


def authorize_device(ask: Ask) -> Reply:
    """Begin to sign in from another screen: a code for the client, and one for the person to type."""
    form = _form(ask)
    if form.get("client_id") != CLIENT_ID or not form.get("scope"):
        raise Refused(400, "The client is not known, or there is no scope.", word="invalid_request")
    code, device = ask.state.grants.make_device()
    page = f"{ask.call.root}{BASE}/verify"
    return json_reply(
        {
            "device_code": code,
            "expires_in": int(DEVICE_LIFE.total_seconds()),
            "user_code": device.user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?userCode={device.user_code}",
            "interval": INTERVAL,
        }
    )


def exchange_device(ask: Ask) -> Reply:
    """Give tokens for a device code; raises Refused: 428 until it is approved."""
    form = _form(ask)
    _check_client(form)
    if form.get("grant_type") != DEVICE_GRANT:
        raise Refused(400, "The grant type is not supported.", word="unsupported_grant_type")
    ask.state.grants.poll_device(form.get("device_code", ""))
    return json_reply(ask.state.tokens.issue(_person(ask)).told(ask.state.clock.now()))


def verify(ask: Ask) -> Reply:
    """Approve the client that shows a code; without one, a page to type it."""
    code = ask.call.param("userCode")
    if code is None:
        return html_reply(_PAGE.format(title="Sandbox", body=_FORM))
    ask.state.grants.approve(code)
    return html_reply(_PAGE.format(title="Approved", body="<p>You can close this page.</p>"))


def token_expiry(ask: Ask) -> Reply:
    """Return when the token of this call expires, in milliseconds since 1970."""
    if ask.grant is None:
        raise Refused(401, "The request requires a valid access token.")
    return json_reply({"exp": int(ask.grant.access_expires.timestamp() * 1000)})


def delete_authorizations(ask: Ask) -> Reply:
    """Refuse every token of the caller from now on."""
    ask.state.tokens.forget_all_of(ask.caller)
    return Reply(204)


def _person(ask: Ask) -> str:
    return ask.state.staff.by_role("full_admin").email


def _question(ask: Ask, query: Mapping[str, str]) -> Reply:
    links = ""
    for word, text in (("approve", "Approve"), ("deny", "Deny")):
        address = escape(f"{BASE}{ask.call.path}?{urlencode({**query, 'answer': word})}")
        links += f"<p><a href='{address}'>{text}</a></p>"
    return html_reply(_PAGE.format(title="Let partnerctl use this fake Webex?", body=links))


def _sent(back: str, query: Mapping[str, str]) -> Reply:
    return Reply(302, {"location": f"{back}?{urlencode(query)}"})


def _is_here(uri: str) -> bool:
    try:
        url = urlsplit(uri)
        return url.scheme == "http" and is_loopback(url.hostname) and not url.query
    except ValueError:
        return False


def _form(ask: Ask) -> dict[str, str]:
    """Return the fields of the form; id and secret may also come as Basic authentication."""
    try:
        form = dict(parse_qsl(ask.call.body.decode("ascii")))
    except UnicodeDecodeError:
        raise Refused(400, "The body is no form.", word="invalid_request") from None
    kind, _, told = ask.call.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(told, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise Refused(401, "The client could not be read.", word="invalid_client") from None
        form |= {"client_id": client_id, "client_secret": secret}
    return form


def _check_client(form: Mapping[str, str]) -> None:
    if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET:
        raise Refused(401, "The client or its secret is not known.", word="invalid_client")
