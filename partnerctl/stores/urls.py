"""A store's URL: ``sqlite:///PATH``, or a path alone."""

from __future__ import annotations

from pathlib import Path

from partnerctl.errors import UsageError

_PREFIX = "sqlite:///"


def store_path(url: str) -> Path | None:
    """Return the file that a store's URL names; None for ``sqlite:///:memory:``.

    Raises UsageError for a URL of another kind.
    """
    if url.startswith(_PREFIX):
        name = url.removeprefix(_PREFIX)
    elif "://" in url:
        raise UsageError(f"store {url.split('://', maxsplit=1)[0]}://...: only sqlite:///PATH is known")
    else:
        name = url
    if not name:
        raise UsageError("the store's URL names no file", "write --store sqlite:///folder/store.db")
    return None if name == ":memory:" else Path(name).expanduser()
