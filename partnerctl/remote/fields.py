"""Fields of what Webex answers: read one by one, whatever their type is; what does not fit is unknown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from partnerctl.domain.identifiers import bare_id
from partnerctl.remote.faults import Unexpected

MOST_CHARACTERS = 1000
"""Characters of a text that are kept: names are shorter, and a server is not trusted with our memory."""


def text_of(item: Any, name: str) -> str | None:
    """Return a field's text on one line, trimmed; None where it is absent, empty or no text."""
    value = item.get(name) if isinstance(item, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return _plain(str(value)) or None


def _plain(text: str) -> str:
    words = " ".join(text[:MOST_CHARACTERS].split())
    return "".join(character for character in words if character.isprintable())


def count_of(item: Any, name: str) -> int | None:
    """Return a field's whole number, 0 or more; None where it is absent or no number."""
    value = item.get(name) if isinstance(item, dict) else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        return None
    return value


def flag_of(item: Any, name: str) -> bool | None:
    """Return a field's truth value, which Webex also writes as the texts "true" and "false"."""
    value = item.get(name) if isinstance(item, dict) else None
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def id_of(item: Any, name: str) -> str | None:
    """Return the comparable form of an id: what follows its last slash, in lower case."""
    text = text_of(item, name)
    return None if text is None else bare_id(text)


def day_of(item: Any, name: str) -> date | None:
    """Return the day of an instant, in the zone in which it is written."""
    text = text_of(item, name)
    try:
        return None if text is None else date.fromisoformat(text[:10])
    except ValueError:
        return None


def texts_of(item: Any, name: str) -> tuple[str, ...]:
    """Return the texts of a list; some lists come as one text with commas between."""
    value = item.get(name) if isinstance(item, dict) else None
    values = value if isinstance(value, list) else [value]
    found = (part for one in values if isinstance(one, str) for part in one.split(","))
    return tuple(text for text in map(_plain, found) if text)


def inner(item: Any, name: str) -> Any:
    """Return an object within an object; an empty one where there is none."""
    value = item.get(name) if isinstance(item, dict) else None
    return value if isinstance(value, dict) else {}


def known(path: str, items: Collection[Any], found: Collection[Any]) -> None:
    """Raise Unexpected where a list has items and none of them could be read: it is not an empty list."""
    if items and not found:
        raise unexpected(path, "lists something else than was asked for")


def unexpected(path: str, problem: str) -> Unexpected:
    """Return the error for an answer that can be read, and lacks what it is asked for."""
    return Unexpected(f"Webex: the answer of {path} {problem}", "try again later; report it if it stays so")
