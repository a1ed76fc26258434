"""Completion of values that the store knows; a fault while completing offers nothing and says nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


OFFERED = 50
"""Values that one press of Tab offers at most."""

Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem[str]]"]
"""What click calls to complete a value."""


def from_store(what: str) -> Complete:
    """Return the callback that asks the store for ``customers``, ``subscriptions`` or ``tags``."""

    def complete(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        from click.shell_completion import CompletionItem

        from partnerctl.stores.completion import complete as stored

        try:
            found = stored(ctx.obj.settings.store, what, incomplete, OFFERED)
        except Exception:  # noqa: BLE001 - a Tab key must never print an error
            return []
        return [CompletionItem(value) for value in found]

    return complete


complete_customer = from_store("customers")
"""Completes names of customers."""


def customer_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument CUSTOMER: an organization id, or the exact name in any case."""
    return click.argument("customer", metavar="CUSTOMER", shell_complete=complete_customer)(function)
