"""People that the store knows: of the own organization, or of a customer (PH-O2)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from partnerctl.domain.records import User
from partnerctl.services.questions import answer, question_for
from partnerctl.services.rights import SEE_PURCHASES, require

if TYPE_CHECKING:
    from partnerctl.services.answers import Answer
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

UNSET = "your own organization is not set up: partnerctl init; or name a customer with --customer"
"""The note where nobody said whose people to list."""


def list_users(store: Store, asked: Asked, org_id: str | None = None) -> Answer[User]:
    """Return the people of one organization, by default of the own one; raises UsageError, StaleData."""
    require(store, asked.me, SEE_PURCHASES)
    own = store.organization() if org_id is None else None
    whose = own.org_id if own else org_id
    # nobody belongs to an organization with an empty id
    asked = replace(asked, options=(("org_id", "--customer", (whose or "",)),))
    question = question_for(store, "users", asked)
    notes = () if whose else (UNSET,)
    return answer(store, asked, question, User, store.users(question), notes)
