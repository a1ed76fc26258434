"""Bars of licenses in a table: used, assigned and not used, available, and over the limit."""

from __future__ import annotations

from typing import NamedTuple

NARROWEST = 10
WIDEST = 30

HEADER = "used/assigned/available"
"""The header of the column, where the bars are as wide."""


class Part(NamedTuple):
    """One part of a bar: what it stands for, its plain sign, its sign in colours and the colour's code."""

    name: str
    plain: str
    block: str
    code: str


PARTS = (
    Part("used in 7 days", "#", "█", "32"),
    Part("assigned", "=", "▓", "34"),
    Part("over the limit", "!", "!", "31"),
    Part("available", ".", "░", "90"),
)
"""The parts of a bar, from left to right."""


def parts_of(total: int | None, assigned: int | None, used: int | None) -> tuple[int, int, int, int] | None:
    """Return the sizes of the four parts in licenses; None where the bar cannot be drawn.

    Unknown use is drawn as assigned; use beyond what is assigned as used.
    """
    if total is None or assigned is None or max(total, assigned) == 0:
        return None
    within = min(assigned, total)
    used_within = min(used or 0, within)
    return used_within, within - used_within, max(assigned - total, 0), max(total - assigned, 0)


def bar(sizes: tuple[int, int, int, int] | None, width: int, colour: bool) -> str:
    """Return a bar of `width` columns; ``-`` where nothing is known."""
    if sizes is None:
        return "-"
    drawn = zip(PARTS, _columns(sizes, width), strict=True)
    if not colour:
        return "".join(part.plain * columns for part, columns in drawn)
    return "".join(_coloured(part, part.block * columns) for part, columns in drawn if columns)


def legend(colour: bool) -> str:
    """Return the line that says what the parts stand for."""
    signs = (_coloured(part, part.block) if colour else part.plain for part in PARTS)
    return "   ".join(f"{sign} {part.name}" for sign, part in zip(signs, PARTS, strict=True))


def _coloured(part: Part, text: str) -> str:
    return f"\x1b[{part.code}m{text}\x1b[0m"


def _columns(sizes: tuple[int, ...], width: int) -> list[int]:
    """Share `width` columns out by size: one at least for what is there, the rest by remainder."""
    whole = sum(sizes)
    shares = [max(size * width // whole, 1) if size else 0 for size in sizes]
    order = sorted(range(len(sizes)), key=lambda at: -(sizes[at] * width % whole))
    while sum(shares) < width:
        for at in order:
            if sizes[at] and sum(shares) < width:
                shares[at] += 1
    while sum(shares) > width:
        shares[shares.index(max(shares))] -= 1
    return shares
