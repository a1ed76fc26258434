"""Rows counted on their way, so that a terminal can show how a long command gets on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, TypeVar

Row = TypeVar("Row")

Step: TypeAlias = Callable[[int], None]
"""Hears how many more rows are done."""

ROWS_A_STEP = 1000
"""Rows between two words about them: enough to cost next to nothing."""


def unheard(_rows: int) -> None:
    """Hear of rows, and say nothing."""


def counted(rows: Iterable[Row], step: Step) -> Iterator[Row]:
    """Yield `rows` as they are, and tell `step` of every thousand and of the rest at the end."""
    if step is unheard:
        yield from rows
        return
    count = 0
    for count, row in enumerate(rows, start=1):
        yield row
        if count % ROWS_A_STEP == 0:
            step(ROWS_A_STEP)
    step(count % ROWS_A_STEP)
