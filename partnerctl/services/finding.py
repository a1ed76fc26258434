"""Finding the one thing that somebody means: a customer by id or name, a subscription by its id.

A customer is an organization id (UUID or Webex's base64 form), else the exact name, folded (``cli.md``,
Everywhere); what is unknown or ambiguous is answered with up to five candidates.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from partnerctl.domain.folding import fold, nearest
from partnerctl.domain.identifiers import parse_org_id
from partnerctl.errors import Ambiguous, NotFound

if TYPE_CHECKING:
    from partnerctl.stores.contract import Store

CANDIDATES = 5
"""Candidates that an answer names at most."""


def find_customer(store: Store, text: str) -> str:
    """Return the organization id of the customer that `text` means; raises NotFound or Ambiguous."""
    org_id = parse_org_id(text)
    if org_id is not None and store.customer_exists(org_id):
        return org_id
    found = store.customer_names(fold(text), CANDIDATES + 1)
    if len(found) == 1:
        return found[0][0]
    if found:
        raise Ambiguous(f"several customers are named {text!r}", _give_the_id(found))
    if org_id is not None:
        raise _no_such_organization(store, org_id)
    near = _near_customers(store, text)
    hint = f"did you mean {_listed(near)}?" if near else _no_candidate(store)
    raise NotFound(f"there is no customer {text!r}", hint)


def find_subscription(store: Store, text: str) -> str:
    """Return the id of the subscription that `text` means, in any case; raises NotFound or Ambiguous."""
    if store.subscription_exists(text):
        return text
    known = list(store.subscription_ids())
    same = [one for one in known if fold(one) == fold(text)]
    if len(same) == 1:
        return same[0]
    if same:
        raise Ambiguous(f"several subscriptions are called {text!r}", f"write one of: {_listed(same)}")
    near = _containing(text, known) or nearest(text, known, CANDIDATES)
    hint = f"did you mean {_listed(near)}?" if near else "list them with: partnerctl subscriptions list"
    raise NotFound(f"there is no subscription or trial {text!r}", hint)


def _give_the_id(found: list[tuple[str, str]]) -> str:
    ids = "".join(f"\n  {org_id}  {name}" for org_id, name in found[:CANDIDATES])
    more = "\n  and more" if len(found) > CANDIDATES else ""
    return f"give the organization id:{ids}{more}"


def _no_such_organization(store: Store, org_id: str) -> NotFound:
    target = store.merged_into(org_id)
    if target is None:
        return NotFound(f"there is no customer with the organization id {org_id}", _no_candidate(store))
    return NotFound(f"customer {org_id} was merged into {target}", f"use {target}")


def _near_customers(store: Store, text: str) -> list[str]:
    names = list(dict.fromkeys(name for _, name in store.all_customer_names() if name))
    return _containing(text, names) or nearest(text, names, CANDIDATES)


def _containing(text: str, known: Iterable[str]) -> list[str]:
    part = fold(text)
    return [one for one in known if part and part in fold(one)][:CANDIDATES]


def _listed(words: list[str]) -> str:
    shown = [repr(word) for word in words[:CANDIDATES]]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _no_candidate(store: Store) -> str:
    if store.newest_day(None, None) is None:
        return "the store is empty; import a report: partnerctl import FILE"
    return "list them with: partnerctl customers list"
