"""Tags: at most 5 per customer or subscription, 25 characters, no comma or control character (``cli.md``)."""

from __future__ import annotations

from collections.abc import Sequence

from partnerctl.domain.folding import fold

MOST_TAGS = 5
LONGEST_TAG = 25


def check_tag(tag: str) -> str | None:
    """Return what is wrong with one tag, or None."""
    if not tag.strip():
        return "a tag cannot be empty"
    if len(tag) > LONGEST_TAG:
        return f"the tag {tag!r} has {len(tag)} characters; at most {LONGEST_TAG} are allowed"
    if "," in tag or any(not c.isprintable() for c in tag):
        return f"the tag {tag!r} holds a comma or a control character"
    return None


def check_tags(tags: Sequence[str]) -> str | None:
    """Return what is wrong with the tags of one customer or subscription, or None."""
    for tag in tags:
        if problem := check_tag(tag):
            return problem
    distinct = {fold(tag) for tag in tags}
    if len(distinct) > MOST_TAGS:
        return f"more than {MOST_TAGS} tags: {', '.join(tags)}"
    return None
