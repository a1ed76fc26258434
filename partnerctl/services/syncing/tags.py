"""The tags that Webex keeps: fetched whole, and compared with those that somebody gave here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.domain.folding import fold
from partnerctl.services.member_sets import read_sets
from partnerctl.services.syncing.side_by_side import side_by_side

if TYPE_CHECKING:
    from partnerctl.remote.client import Client
    from partnerctl.remote.tags import TaggedThing
    from partnerctl.stores.contract import Store

WEBEX_RUNS = ("sync", "remote")
"""The kinds of runs that store what Webex has."""

Place = tuple[str, str]
"""An organization's id, and a subscription's id or nothing."""


class FetchedTags(NamedTuple):
    """Every tag of the partner's customers, by place, and which subscriptions Webex calls trials, or not."""

    tags: dict[Place, tuple[str, ...]]
    trials: dict[Place, bool]


def fetch_tags(
    client: Client, org_ids: Sequence[str], subscriptions: Callable[[], Iterable[Place]], connections: int
) -> FetchedTags:
    """Return the tags of organizations and of subscriptions.

    Webex lists what carries a tag, 100 at most: where that may not be all, each of the organizations
    `org_ids`, or of the `subscriptions`, is asked about. Raises NotAllowed, Unavailable, TimedOut.
    """
    things, whole = _by_tag(client, connections, subscriptions=False)
    if not whole:
        things += _one_by_one(client, [(org_id, "") for org_id in org_ids], connections)
    more, whole = _by_tag(client, connections, subscriptions=True)
    if not whole:
        more += _one_by_one(client, list(subscriptions()), connections)
    # the last word counts: that of each one itself
    tags = {(one.org_id, one.subscription_id or ""): one.tags for one in (*things, *more)}
    tags = {place: words for place, words in tags.items() if words}
    trials = {(one.org_id, one.subscription_id or ""): one.trial for one in more if one.trial is not None}
    return FetchedTags(tags, trials)


def _by_tag(client: Client, connections: int, *, subscriptions: bool) -> tuple[list[TaggedThing], bool]:
    """Return what carries any tag, and whether that is all."""
    from partnerctl.remote.tags import tag_descriptions, tagged_with

    tags = tag_descriptions(client, "SUBSCRIPTION" if subscriptions else "ORGANIZATION")
    if any("," in tag for tag in tags):  # it would be read as two
        return [], False

    def ask(tag: str) -> tuple[list[TaggedThing], bool]:
        return tagged_with(client, tag, subscriptions=subscriptions)

    answers = list(side_by_side(ask, tags, connections))
    return [one for things, _ in answers for one in things], all(whole for _, whole in answers)


def _one_by_one(client: Client, places: Sequence[Place], connections: int) -> list[TaggedThing]:
    from partnerctl.remote.tags import TaggedThing, tags_of

    def ask(place: Place) -> TaggedThing:
        org_id, subscription_id = place
        return TaggedThing(org_id, subscription_id or None, tags_of(client, org_id, subscription_id or None))

    return list(side_by_side(ask, places, connections))


def as_json(fetched: FetchedTags) -> Any:
    """Return the tags as the spool keeps them."""
    return {
        "tags": [[*place, list(tags)] for place, tags in fetched.tags.items()],
        "trials": [[*place, trial] for place, trial in fetched.trials.items()],
    }


def from_json(kept: Any) -> FetchedTags:
    """Return the tags that `as_json` made."""
    return FetchedTags(
        {(org_id, subscription_id): tuple(tags) for org_id, subscription_id, tags in kept["tags"]},
        {(org_id, subscription_id): trial for org_id, subscription_id, trial in kept["trials"]},
    )


def dropped(store: Store, fetched: FetchedTags, org_ids: Iterable[str]) -> dict[Place, tuple[str, ...]]:
    """Return the tags that somebody gave to customers here, and that Webex does not have, by place.

    What Webex itself said last of a customer is nobody's own. Case does not matter.
    """
    told = store.sets_said_by("tag_sets", WEBEX_RUNS)
    there = {place: {fold(tag) for tag in tags} for place, tags in fetched.tags.items()}
    lost: dict[Place, tuple[str, ...]] = {}
    for org_id, held in read_sets(store, "tag_sets", (one for one in org_ids if one not in told)).items():
        for subscription_id, tag, folded in sorted(held.members):
            place = org_id, subscription_id
            if folded not in there.get(place, ()):
                lost[place] = (*lost.get(place, ()), tag)
    return lost
