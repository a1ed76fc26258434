"""Changes from Python: the same plans, limits and refusals as the command line's."""

from datetime import UTC, datetime

import pytest

from partnerctl import open_hub
from partnerctl.clock import FixedClock
from partnerctl.errors import Conflict, NotFound, PartlyDone
from partnerctl.hub import Hub
from tests.commands.analytics import ALFA, BRAVO, analytics
from tests.conftest import Cli

__all__ = ["analytics"]


@pytest.fixture
def hub(analytics: Cli) -> Hub:
    """Return the hub over the store of the five customers."""
    return open_hub(clock=FixedClock(datetime(2026, 11, 23, 12, tzinfo=UTC)))


def test_tags_are_changed_listed_and_taken_back(hub: Hub) -> None:
    added = hub.tags.add("Alfa Telecom", "gold", "vip")
    hub.tags.set("charlie", "gold")
    hub.tags.remove("Charlie", "gold")
    planned = hub.tags.add((), "eu", where="region:EU", dry_run=True)

    assert [step.after for step in added.steps] == [("gold", "vip")]
    assert planned.changed[0].object == BRAVO
    assert hub.tags.list().to_frame()["tag"].tolist() == ["gold", "vip"]
    assert added.run_id is not None
    undone = hub.undo(added.run_id)
    assert tuple(hub.tags.list().records) == ()
    assert undone.run_id is not None
    hub.undo(undone.run_id)
    assert len(tuple(hub.tags.list().records)) == 2


def test_a_subscription_is_tagged_by_its_id(hub: Hub) -> None:
    hub.tags.add((), "renewal", subscription="A1")

    assert hub.subscriptions.show("A1").tags == ("renewal",)


def test_some_of_many_that_fail_are_told_after_the_others_are_done(hub: Hub) -> None:
    with pytest.raises(PartlyDone, match="1 of 2 could not be changed"):
        hub.tags.add(("Alfa Telecom", "Nobody"), "gold")

    assert hub.customers.show("Alfa Telecom").tags == ("gold",)


def test_administrators_are_granted_assigned_and_revoked(hub: Hub) -> None:
    hub.admins.grant("ana@partner.example", "full_admin", name="Ana")
    hub.admins.grant("rui@partner.example", "admin")
    hub.admins.add(ALFA, "rui@partner.example")
    hub.admins.add((), "rui@partner.example", where="region:EU")

    assert [one.email for one in hub.admins.of("alfa telecom").records] == ["rui@partner.example"]
    assert hub.admins.list().to_frame()["role"].tolist() == ["full_admin", "admin"]
    hub.admins.remove(ALFA, "rui@partner.example")
    hub.admins.revoke("rui@partner.example")
    with pytest.raises(Conflict, match="the last full administrator"):
        hub.admins.revoke("ana@partner.example")


def test_trials_are_started_extended_linked_and_ended(hub: Hub) -> None:
    first = hub.trials.start("Charlie", ["calling_professional=5"]).steps[0].object
    other = hub.trials.start("New Ltd", ["meetings=5"], new=True, country="BR").steps[0].object

    hub.trials.extend(first, 10)
    hub.trials.link(first, "C1")
    hub.trials.end(other)

    states = {one.subscription_id: one.status for one in hub.trials.list().records}
    assert states == {"A2": "active", first: "linked", other: "expired"}
    with pytest.raises(NotFound, match="there is no customer 'Nobody'"):
        hub.trials.start("Nobody", ["meetings=5"])
