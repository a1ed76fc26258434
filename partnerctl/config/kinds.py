"""Kinds of settings: how the text of each is read, from the environment, a flag or the file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from partnerctl.domain.report_words import LANGUAGES
from partnerctl.errors import InvalidData

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, None: 1.0}
_FACTOR = re.compile(r"[0-9]{1,2}(\.[0-9]{1,6})?")
_PROFILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
# scheme, a user who may be an address, a name or an IP address, a port; compiled where one is read
_SERVER = (
    r"smtps?://(?:[^\s:/@]+(?:@[^\s:/@]+)?@)?"
    r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?::[0-9]{1,5})?/?"
)


class SecretRefused(InvalidData):
    """A value was refused that may be a secret, or hold one: whoever tells of it must not repeat it.

    Its reason is a whole sentence, unlike that of the ValueErrors here.
    """


def read_text(value: Any) -> str:
    """Return a text that is not empty; raises ValueError."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("is not a text")
    return value.strip()


def read_word(value: Any) -> str:
    """Return a word without blanks; raises ValueError."""
    text = read_text(value)
    if not text.isprintable() or " " in text:
        raise ValueError("is not one word")
    return text


def read_profile(value: Any) -> str:
    """Return the name of a profile, which becomes the name of a file; raises ValueError."""
    if not isinstance(value, str) or not _PROFILE.fullmatch(value):
        raise ValueError("is not a profile name: letters, digits, - and _")
    return value


def read_boolean(value: Any) -> bool:
    """Return a truth value, of TOML or as a word; raises ValueError."""
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    word = str(value).strip().lower()
    if word not in words:
        raise ValueError("is neither true nor false")
    return words[word]


def read_duration(value: Any) -> float:
    """Return seconds from ``30s``, ``500ms``, ``2m``, ``1h``, ``1d`` or a bare number; raises ValueError."""
    match = _DURATION.fullmatch(str(value).strip().lower())
    if match is None or isinstance(value, bool):
        raise ValueError("is not a duration such as 30s, 2m or 1h")
    return float(match[1]) * _SECONDS[match[2]]


def read_budget(value: Any) -> float:
    """Return seconds, from a second to a week; raises ValueError."""
    seconds = read_duration(value)
    if not 1 <= seconds <= 7 * 86400:
        raise ValueError("is not between 1s and 7d")
    return seconds


def read_days(value: Any) -> int:
    """Return a whole number of days, 1 or more; raises ValueError."""
    return _read_whole(value, 1, 36500, "days")


def read_points(value: Any) -> int:
    """Return a whole number of points, 0 to 1000; raises ValueError."""
    return _read_whole(value, 0, 1000, "points")


def read_factor(value: Any) -> str:
    """Return a decimal number above 0 and up to 10 as text, which holds it exactly; raises ValueError."""
    text = str(value).strip()
    if isinstance(value, bool) or not _FACTOR.fullmatch(text) or not 0 < float(text) <= 10:
        raise ValueError("is not a number above 0 and up to 10, such as 0.5")
    return text


def read_email(value: Any) -> str:
    """Return an address; raises ValueError."""
    text = str(value).strip()
    name, at, domain = text.partition("@")
    if not (name and at and domain) or " " in text or "@" in domain or not text.isprintable():
        raise ValueError("is not an address such as ana@acme.example")
    return text


def read_language(value: Any) -> str:
    """Return a language of reports; raises ValueError."""
    if value not in LANGUAGES:
        raise ValueError(f"is not one of {', '.join(LANGUAGES)}")
    return str(value)


def read_zone(value: Any) -> str:
    """Return the name of a time zone; raises ValueError."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(str(value))
    except Exception as fault:
        raise ValueError("is not a time zone such as Europe/Lisbon") from fault
    return str(value)


def read_folder(value: Any) -> str:
    """Return the path of a folder, absolute or from ``~``; raises ValueError."""
    text = value.strip() if isinstance(value, str) else ""
    if not _stands_fast(text):
        raise ValueError("is not an absolute path, nor one that starts with ~")
    return text


def read_list(value: Any) -> str:
    """Return words with commas between them, none of them empty; raises ValueError."""
    parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else []
    if not parts or not all(parts):
        raise ValueError("is not a list of words with commas between them")
    return ", ".join(parts)


def read_transport(value: Any) -> str:
    """Return how mail is sent, a program or the URL of a server.

    Raises SecretRefused for anything else: what is written wrongly may hold a password.
    """
    text = value.strip() if isinstance(value, str) else ""
    userinfo = text.partition("://")[2].rpartition("@")[0]
    if ":" in userinfo:
        raise SecretRefused(
            "mail.transport holds a password, which belongs in the keyring (`partnerctl mail password`), in"
            " PARTNERCTL_MAIL_PASSWORD, or in a file that mail.password names"
        )
    program = text.removeprefix("sendmail:")
    if text == "sendmail" or (program != text and _stands_fast(program)) or re.fullmatch(_SERVER, text):
        return text
    raise SecretRefused(
        "mail.transport is none of sendmail, sendmail:/PATH, smtp://[USER@]HOST[:PORT] and"
        " smtps://[USER@]HOST[:PORT]",
        "for example: smtp://ana@smtp.acme.example:587",
    )


def read_password_place(value: Any) -> str:
    """Return where the password of the mail server is: ``keyring``, ``environment`` or ``file:PATH``.

    Raises SecretRefused for anything else: somebody may have written the password itself.
    """
    text = value.strip() if isinstance(value, str) else ""
    path = text.removeprefix("file:")
    if text in {"keyring", "environment"} or (path != text and _stands_fast(path)):
        return text
    raise SecretRefused(
        "mail.password is the place of the password, never the password itself: keyring, environment or"
        " file:/PATH",
        "`partnerctl mail password` puts the password itself into the keyring",
    )


def _stands_fast(path: str) -> bool:
    """Tell whether a path means the same from every current folder."""
    return path.isprintable() and os.path.isabs(os.path.expanduser(path))  # noqa: PTH111, PTH117


def read_remote(value: Any) -> str:
    """Return the kind of remote side, ``webex`` or ``none``; raises ValueError."""
    if value not in ("webex", "none"):
        raise ValueError("is not webex, nor none")
    return str(value)


def read_api_url(value: Any) -> str:
    """Return the base of the API, without a slash at its end; plain http on loopback only.

    Raises SecretRefused for a URL with a user in it, ValueError for anything else that is none.
    """
    url = _read_url(value, "api_url")
    if url.query or url.fragment:
        raise ValueError("is not the base of an API: it has a query or a fragment")
    if url.scheme != "https" and not is_loopback(url.hostname):
        raise ValueError("is not https; plain http is for this machine itself alone")
    return url.geturl().rstrip("/")


def read_redirect_uri(value: Any) -> str:
    """Return an address on this machine, where a browser comes back to; raises as `read_api_url`."""
    url = _read_url(value, "auth.redirect_uri")
    if url.scheme != "http" or not is_loopback(url.hostname) or not url.port or url.query or url.fragment:
        raise ValueError("is not an address on this machine such as http://localhost:8791/callback")
    return url.geturl()


def _read_url(value: Any, name: str) -> SplitResult:
    from urllib.parse import urlsplit

    text = value.strip() if isinstance(value, str) else ""
    try:
        url = urlsplit(text)
        sound = url.scheme in ("http", "https") and url.hostname and (url.port is None or url.port)
    except ValueError:  # a port that is no number, brackets left open
        raise ValueError("is not a URL such as https://webexapis.com/v1") from None
    if "@" in url.netloc:
        raise SecretRefused(f"{name} holds a user or a password, and must not")
    if not sound or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("is not a URL such as https://webexapis.com/v1")
    return url


def is_loopback(host: str | None) -> bool:
    """Tell whether a host of a URL is this machine itself."""
    return host in ("localhost", "::1") or bool(re.fullmatch(r"127(\.[0-9]{1,3}){3}", host or ""))


def read_token_place(value: Any) -> str:
    """Return where tokens are kept: ``keyring`` or ``file:PATH``.

    Raises SecretRefused for anything else: somebody may have written a token itself.
    """
    text = value.strip() if isinstance(value, str) else ""
    path = text.removeprefix("file:")
    if text == "keyring" or (path != text and _stands_fast(path)):
        return text
    raise SecretRefused(
        "auth.storage is the place of the tokens, never a token itself: keyring or file:/PATH",
        "`partnerctl auth login` puts a token there",
    )


def read_connections(value: Any) -> int:
    """Return a number of connections, 1 to 64; raises ValueError."""
    return _read_whole(value, 1, 64, "connections")


def read_rate(value: Any) -> int:
    """Return a number of requests a second, 1 to 10000; raises ValueError."""
    return _read_whole(value, 1, 10_000, "requests a second")


def _read_whole(value: Any, least: int, most: int, what: str) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ValueError(f"is not a number of {what}, {least} to {most}")
    return int(text)


def read_aliases(value: Any) -> dict[str, str]:
    """Return header texts and the keys of the columns they name; raises ValueError."""
    if not isinstance(value, dict) or not all(isinstance(key, str) and key for key in value.values()):
        raise ValueError('is not a table such as "Customer title" = "customer"')
    return dict(value)


Read = Callable[[Any], Any]
"""Reads one value; raises ValueError with the end of a sentence that starts with the value."""
