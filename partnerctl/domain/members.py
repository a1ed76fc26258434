"""Sets as text: what a customer carries is observed whole (``files.md``, Inventories: tags, assignments).

Tags are ``[subscription id or "", tag, folded tag]``, assignments are addresses; sorted, as JSON text, so
that equal sets are equal texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from partnerctl.domain.folding import fold


def tag_members(tags: Iterable[tuple[str, str]]) -> str:
    """Return the text of a customer's tags: pairs of a subscription id (empty for its own) and a tag."""
    members = sorted((subscription_id, fold(tag), tag) for subscription_id, tag in tags)
    return json.dumps([[s, tag, folded] for s, folded, tag in members], ensure_ascii=False)


def address_members(addresses: Iterable[str]) -> str:
    """Return the text of the administrators who manage a customer."""
    return json.dumps(sorted(set(addresses)), ensure_ascii=False)


def members_of(text: str | None) -> list[tuple[str, ...]]:
    """Return the members of a set's text: (subscription id, tag, folded tag) or (address,)."""
    found = json.loads(text or "[]")
    return [tuple(m) if isinstance(m, list) else (m,) for m in found]
