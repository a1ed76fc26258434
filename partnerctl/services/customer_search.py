"""Finding customers by an e-mail address of anybody there, or by a part of the name (PH-C12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from partnerctl.domain.folding import fold
from partnerctl.domain.records import Customer, FoundCustomer
from partnerctl.errors import UsageError
from partnerctl.services.questions import answer, question_for
from partnerctl.stores.terms import Found

if TYPE_CHECKING:
    from partnerctl.services.answers import Answer
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store
    from partnerctl.stores.terms import Sighting

MOST = 30_000
"""Customers that one search may find by address: a statement takes no more values."""

IN_NAME = "name"
"""What `matched_in` says of a customer whose name matched."""

_NAMES = tuple(field.name for field in fields(Customer))


def search_customers(store: Store, asked: Asked, text: str) -> Answer[FoundCustomer]:
    """Return the customers where `text` stands, each once, with its best match.

    `text` is an exact address in any case, ``@domain``, the beginning of addresses with ``*`` at its end,
    or, without ``@``, a part of the name. Raises UsageError for an empty text and for one that matches
    too many customers.
    """
    word = text.strip()
    if not word.strip("*@"):
        raise UsageError(
            f"{text!r} is nothing to search for", "write ana@acme.example, @acme.example or acme"
        )
    if "@" not in word:
        return _by_name(store, asked, word.strip("*"))
    return _by_address(store, asked, _pattern(word))


def _by_name(store: Store, asked: Asked, part: str) -> Answer[FoundCustomer]:
    asked = replace(asked, name_part=part)
    question = question_for(store, "customers", asked)
    found = store.customers(question)
    records = (_found(one, None, IN_NAME) for one in found.records)
    return answer(store, asked, question, FoundCustomer, Found(records, found.total, found.left_out))


def _by_address(store: Store, asked: Asked, pattern: str) -> Answer[FoundCustomer]:
    best = _best(store.addresses(pattern))
    if len(best) > MOST:
        raise UsageError(f"more than {MOST} customers have such an address", "write more of the address")
    # no customer has an empty id: where no address matched, neither does a customer
    asked = replace(asked, options=(*asked.options, ("org_id", "EMAIL", tuple(best) or ("",))))
    question = question_for(store, "customers", asked)
    found = store.customers(question)
    records = _matched(found.records, best)
    return answer(store, asked, question, FoundCustomer, Found(records, found.total, found.left_out))


def _best(sightings: Iterable[Sighting]) -> dict[str, Sighting]:
    best: dict[str, Sighting] = {}
    for sighting in sightings:  # the surest list comes first
        best.setdefault(sighting.org_id, sighting)
    return best


def _matched(customers: Iterable[Customer], best: dict[str, Sighting]) -> Iterator[FoundCustomer]:
    for one in customers:
        sighting = best[one.org_id]
        yield _found(one, sighting.email, sighting.matched_in)


def _found(one: Customer, email: str | None, where: str) -> FoundCustomer:
    values: dict[str, Any] = {name: getattr(one, name) for name in _NAMES}
    return FoundCustomer(**values, matched_email=email, matched_in=where)


def _pattern(word: str) -> str:
    """Return what addresses must be LIKE: ``!`` takes the meaning from ``%``, ``_`` and itself."""
    folded = fold(word)
    prefix = folded.endswith("*")
    literal = folded.removesuffix("*")
    for sign in "!%_":
        literal = literal.replace(sign, f"!{sign}")
    if literal.startswith("@"):
        literal = f"%{literal}"
    return f"{literal}%" if prefix else literal
