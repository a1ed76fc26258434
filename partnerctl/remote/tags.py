"""Tags of organizations and subscriptions, as Webex keeps them (``upstream.md``, 3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.domain.identifiers import webex_id
from partnerctl.remote.bodies import items_of
from partnerctl.remote.fields import flag_of, id_of, known, text_of, texts_of

if TYPE_CHECKING:
    from partnerctl.remote.client import Client

MOST = 100
"""Things that one answer lists at most; whether more come in pages is not published."""


class TaggedThing(NamedTuple):
    """The tags of an organization, or of a subscription of it; `trial` is told of subscriptions alone."""

    org_id: str
    subscription_id: str | None
    tags: tuple[str, ...]
    trial: bool | None = None


def tag_descriptions(client: Client, kind: str) -> dict[str, str | None]:
    """Return every tag with its description; `kind` is ``ORGANIZATION`` or ``SUBSCRIPTION``."""
    items = items_of(client.get("/partner/tags", (("type", kind),)), "tags")
    told = ((text_of(item, "name"), text_of(item, "description")) for item in items)
    found = {name: description for name, description in told if name}
    known("/partner/tags", items, found)
    return found


def tagged_with(client: Client, tag: str, *, subscriptions: bool) -> tuple[list[TaggedThing], bool]:
    """Return what carries a tag, and whether that is certain to be all: Webex lists 100 at most."""
    path = "/partner/tags/subscriptions" if subscriptions else "/partner/tags/organizations"
    found: list[TaggedThing] = []
    pages = 0
    for page in client.pages(path, (("tags", tag), ("max", str(MOST)))):
        pages += 1
        items = items_of(page)
        things = [thing for thing in map(_thing, items) if thing is not None]
        known(path, items, things)
        found += things
    return found, len(found) < MOST or pages > 1


def tags_of(client: Client, org_id: str, subscription_id: str | None) -> tuple[str, ...]:
    """Return the tags of one organization, or of a subscription of it, as Webex has them now."""
    path = _path(org_id, subscription_id)
    return texts_of(client.get(path, org=webex_id(org_id)), "tags")


def write_tags(
    client: Client,
    org_id: str,
    subscription_id: str | None,
    tags: Iterable[str],
    descriptions: Mapping[str, str | None],
) -> None:
    """Put `tags` in the place of all; a tag that has a description keeps it.

    Raises Unconfirmed where nobody knows what became of it: read the tags again.
    """
    told = ((tag, descriptions.get(tag)) for tag in tags)
    body = {"tags": [{"name": tag, **({"description": words} if words else {})} for tag, words in told]}
    client.post(f"{_path(org_id, subscription_id)}/assignTags", body, org=webex_id(org_id))


def _path(org_id: str, subscription_id: str | None) -> str:
    from urllib.parse import quote

    path = f"/partner/tags/organizations/{webex_id(org_id)}"
    return path if subscription_id is None else f"{path}/subscriptions/{quote(subscription_id, safe='')}"


def _thing(item: Any) -> TaggedThing | None:
    org_id = id_of(item, "orgId")
    if org_id is None:
        return None
    tags = texts_of(item, "tags")
    return TaggedThing(org_id, text_of(item, "subscriptionId"), tags, flag_of(item, "trial"))
