"""Changing a TOML document: comments survive, one writer at a time, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerctl.documents.private import make_private, write_private
from partnerctl.documents.reading import Document, find_line, parse_document, read_document
from partnerctl.errors import Locked, MachineFault

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

__all__ = ["TOMLDocument", "change_document", "changed_text", "table_at", "toml_text", "without_table"]


def change_document(
    path: Path,
    change: Callable[[TOMLDocument], bool | str],
    check: Callable[[Document], object],
    wait: float,
) -> bool:
    """Let `change` work on the document in a file, which need not exist, and return what it returned.

    True writes the file anew, a text writes that instead; False leaves it. `check` looks at the document
    before and after, and raises where it is not in order: the file then stays as it is. `wait` is in seconds.
    Raises Locked where another run changes the file for longer, InvalidData, MachineFault.
    """
    import tomlkit
    from filelock import FileLock, Timeout

    make_private(path.parent)
    try:
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=wait, mode=0o600):
            before = read_document(path) or parse_document("", path)
            check(before)
            document = tomlkit.parse(before.text)
            wanted = change(document)
            if wanted is False:
                return False
            changed = wanted if isinstance(wanted, str) else tomlkit.dumps(document)
            check(parse_document(changed, path))
            write_private(path, changed)
            return True
    except Timeout as fault:
        raise Locked(
            f"another run is changing {path}", "try again, or give it more time with --wait"
        ) from fault
    except OSError as fault:
        raise MachineFault(
            f"cannot write {path}: {fault.strerror or fault}", "check its permissions and the free space"
        ) from fault


def changed_text(text: str, change: Callable[[TOMLDocument], None]) -> str:
    """Return what `change` makes of the text of a document, comments kept; the text must be TOML."""
    import tomlkit

    document = tomlkit.parse(text)
    change(document)
    return tomlkit.dumps(document)


def without_table(text: str, where: tuple[str, ...]) -> str | None:
    """Return the text without a table and the comment right above it; None where that is not safe to tell.

    The comment above the next table stays with that one: libraries take it for the end of this one.
    """
    first = find_line(text, where)
    lines = text.splitlines(keepends=True)
    if first is None or not lines[first - 1].lstrip().startswith("["):
        return None
    start = _with_comment(lines, first - 1)
    later = (at for at in range(first, len(lines)) if lines[at].lstrip().startswith("["))
    end = next(later, None)
    end = len(lines) if end is None else _with_comment(lines, end)
    return "".join((*lines[:start], *lines[end:]))


def _with_comment(lines: list[str], at: int) -> int:
    """Return the first line of the comment that ends right above a line, or that line."""
    while at and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    return at


def table_at(document: TOMLDocument, path: tuple[str, ...]) -> Any:
    """Return the table at the end of `path`, made where it is not there; those above it have no header."""
    import tomlkit

    table: Any = document
    for depth, key in enumerate(path, 1):
        if key not in table:
            table[key] = tomlkit.table(is_super_table=depth == 1 and len(path) > 1)
        table = table[key]
    return table


def toml_text(tables: dict[str, Any], comment: str) -> str:
    """Return tables as the text of a document that begins with a comment."""
    import tomlkit

    return f"# {comment}\n\n{tomlkit.dumps(tables)}"
