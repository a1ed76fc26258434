"""Resources: quick links, guides and ways to reach support (PH-H1, PH-H2)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from partnerctl.domain.folding import fold
from partnerctl.services.answers import Answer
from partnerctl.services.arranging import arranged

KINDS = ("link", "guide", "support")
"""What a resource may be, quick links first."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One public help address; `words` are what a search finds it by, besides its title."""

    title: str
    kind: str
    url: str
    words: tuple[str, ...]


def find_resources(
    words: tuple[str, ...] = (),
    kind: str | None = None,
    sort: tuple[str, ...] = (),
    limit: int | None = None,
) -> Answer[Resource]:
    """Return the resources that every one of `words` is a part of, in any case, with or without accents.

    The word ``support`` alone asks for that kind. Raises UsageError for an unknown field in `sort`,
    InvalidData where the file of resources was damaged.
    """
    wanted = [fold(word) for word in words]
    if wanted == ["support"] and kind is None:
        wanted, kind = [], "support"
    found = [
        one for one in _read() if kind in (None, one.kind) and all(word in _searched(one) for word in wanted)
    ]
    return arranged(Resource, found, sort, limit)


def _searched(resource: Resource) -> str:
    return fold(" \n".join((resource.title, resource.kind, *resource.words)))


def _read() -> tuple[Resource, ...]:
    import partnerctl.templates
    from partnerctl.documents.reading import read_document

    document = read_document(Path(partnerctl.templates.__path__[0], "resources.toml"))
    rows = document.tables["resources"] if document else ()
    return tuple(Resource(row["title"], row["kind"], row["url"], tuple(row["words"])) for row in rows)
