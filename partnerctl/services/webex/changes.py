"""Which changes go to Webex first, and which Webex publishes no way to make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnerctl.errors import Conflict
from partnerctl.services.admins import AssignmentChange, RoleChange
from partnerctl.services.tags import TagChange
from partnerctl.services.trials import PARTNER_HUB, EndTrial, ExtendTrial, StartTrial
from partnerctl.services.webex.admins import RemoteAssignment, RemoteRevocation
from partnerctl.services.webex.tags import RemoteTagChange

if TYPE_CHECKING:
    from collections.abc import Callable

    from partnerctl.remote.client import Client
    from partnerctl.services.bulk import Change
    from partnerctl.services.webex.write_through import RemoteChange
    from partnerctl.stores.contract import Store


def remote_form(
    change: Change, store: Store, client: Callable[[], Client], *, recording: bool
) -> RemoteChange | None:
    """Return the change as it is made in Webex first; None where it concerns this store alone.

    With `recording`, what Webex publishes no way to do is recorded here. Raises Conflict for it otherwise.
    """
    if isinstance(change, TagChange):
        return RemoteTagChange(client(), store, change)
    if isinstance(change, AssignmentChange):
        return RemoteAssignment(client(), store, change)
    if isinstance(change, RoleChange) and change.role is None:
        return RemoteRevocation(client(), change)
    refused = {RoleChange: "give a role", StartTrial: "start a trial", ExtendTrial: "extend a trial"}
    refused[EndTrial] = "end a trial"
    for kind, words in refused.items():
        if isinstance(change, kind) and not recording:
            raise Conflict(
                f"Webex publishes no way to {words}: do it in Partner Hub, {PARTNER_HUB}",
                "--record keeps a record of it in this store",
            )
    return None
