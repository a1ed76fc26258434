"""Which layout a file has: by its headers, else by its name, else the user says it (``files.md``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from partnerctl.domain.folding import fold, nearest
from partnerctl.errors import InvalidData, UsageError
from partnerctl.tabular.columns import Layout
from partnerctl.tabular.headers import Naming, find_columns


class Unrecognised(InvalidData):
    """A file whose headers and name do not tell what it holds."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One layout against one file: how many headers it explains, and whether it has what it requires."""

    layout: Layout
    matched: int
    complete: bool

    @property
    def rank(self) -> tuple[int, bool]:
        return self.matched, self.complete

    @property
    def coverage(self) -> float:
        return self.matched / len(self.layout.columns)


def recognise(
    headers: Sequence[str], stem: str, layouts: Sequence[Layout], file: str, naming: Naming | None = None
) -> Layout:
    """Return the layout that explains most of `headers`, else the one that the file's `stem` names.

    A layout that lacks a required column is returned only where it is clearly meant, so that matching says
    what is missing. Layouts may share a name (a canonical file and a report of the same things).
    Raises InvalidData that asks for ``--entity``.
    """
    candidates = [_candidate(headers, layout, naming) for layout in layouts]
    top = max((c.rank for c in candidates), default=(0, False))
    best = [c for c in candidates if c.rank == top]
    clear = top[1] or top[0] >= 2
    names = {c.layout.name for c in best}
    if clear and len(names) == 1:
        return _closest(best).layout
    whole = [c for c in best if c.complete and c.coverage == 1]
    if clear and len({c.layout.name for c in whole}) == 1:  # a history export of few columns
        return _closest(whole).layout
    by_stem = _named_by(stem, [c.layout.name for c in (best if clear else candidates)])
    if by_stem is not None:
        return _closest([c for c in candidates if c.layout.name == by_stem]).layout
    raise _unrecognised(headers, file, sorted(names) if clear else sorted({x.name for x in layouts}), clear)


def chosen(
    headers: Sequence[str], entity: str, layouts: Sequence[Layout], naming: Naming | None = None
) -> Layout:
    """Return the layout called `entity` that fits `headers` best; raises UsageError where there is none."""
    wanted = fold(entity).replace("_", "-").replace(" ", "-")
    fitting = [_candidate(headers, layout, naming) for layout in layouts if layout.name == wanted]
    if not fitting:
        names = sorted({layout.name for layout in layouts})
        near = nearest(wanted, names)
        hint = f"Did you mean {', '.join(near)}?" if near else f"There are: {', '.join(names)}."
        raise UsageError(f"no kind of file is called {entity!r}", hint)
    return _closest(fitting).layout


def _candidate(headers: Sequence[str], layout: Layout, naming: Naming | None) -> _Candidate:
    match = find_columns(headers, layout, naming)
    return _Candidate(layout, len(match.columns), not match.missing)


def _closest(candidates: Sequence[_Candidate]) -> _Candidate:
    return max(candidates, key=lambda c: (c.complete, c.matched, c.coverage))


def _named_by(stem: str, names: Sequence[str]) -> str | None:
    """Return the longest of `names` whose words stand in `stem`, at its beginning if at all possible."""
    words = _words(stem)
    found = [name for name in dict.fromkeys(names) if f" {_words(name).strip()} " in words]
    return max(found, key=lambda name: (words.startswith(_words(name)), len(name)), default=None)


def _words(text: str) -> str:
    return f" {re.sub('[^a-z0-9]+', ' ', fold(text)).strip()} "


def _unrecognised(headers: Sequence[str], file: str, names: Sequence[str], clear: bool) -> InvalidData:
    shown = ", ".join(header for header in headers[:8] if header) + (", ..." if len(headers) > 8 else "")
    if clear:
        words = f"could be {' or '.join(names)}, going by its headers ({shown})"
    else:
        words = f"neither its headers ({shown}) nor its name tell what it holds"
    return Unrecognised(f"{file}, line 1: {words}", f"Say it with --entity {'|'.join(names)}.")
