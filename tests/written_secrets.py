"""The secrets of the test run: every one begins in the same way, so that a grep can find them anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

SECRET = re.compile(rb"sandbox-(access|refresh|secret)-[0-9a-f]{8}")
"""How every token and every client secret of a test begins."""

_MAY_HOLD = ("credentials", "token", "secret")
"""Words in the names of files that are there to hold one."""

_SOURCES = (".py", ".pyc")
"""Suffixes of copies of these very tests."""


def secrets_in(folder: Path) -> Iterator[str]:
    """Yield every file below `folder` that holds a secret, and is not there to hold one."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.suffix in _SOURCES:
            continue
        if any(word in path.name for word in _MAY_HOLD):
            continue
        try:
            found = SECRET.search(path.read_bytes())
        except OSError:  # a test took our right to read it away
            continue
        if found is not None:
            yield f"{path}: {found[0].decode()}..."


def secret_in(text: str) -> bool:
    """Tell whether something that was printed holds a secret."""
    return SECRET.search(text.encode("utf-8", "surrogateescape")) is not None
