"""Folding: the form of a text in which case, accents and width no longer differ.

Names are compared, searched and sorted by it. SQLite folds ASCII only, so folded forms are stored.
"""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return `text` without case, accents, width and surplus space: ``Ação  LTDA`` gives ``acao ltda``."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def fold_header(text: str) -> str:
    """Return `text` folded to letters and digits only: headers match by it (``reports.md``, Reading)."""
    return "".join(c for c in fold(text) if c.isalnum())


def nearest(word: str, known: list[str] | tuple[str, ...], count: int = 3) -> list[str]:
    """Return the `count` of `known` that look most like `word`, best first; empty where none does."""
    import difflib  # only on the way to an error message

    by_fold = {fold(k): k for k in known}
    found = difflib.get_close_matches(fold(word), list(by_fold), n=count, cutoff=0.55)
    return [by_fold[f] for f in found]


def did_you_mean(word: str, known: list[str] | tuple[str, ...], otherwise: str) -> str:
    """Return the hint that names those of `known` that look most like `word`, or the other one."""
    near = nearest(word, known)
    return f"did you mean {' or '.join(near)}?" if near else otherwise
