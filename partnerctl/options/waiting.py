"""Progress on stderr: only on a terminal, and only for work of more than half a second."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

PATIENCE = 0.5
"""Seconds before anything is shown."""


class Progress:
    """Counts steps; draws click's own bar once the patience is over."""

    def __init__(self, label: str, total: int | None, shown: bool) -> None:
        self.label = label
        self.total = total
        self.done = 0
        self._due = time.monotonic() + PATIENCE if shown else float("inf")
        self._bar: ProgressBar[int] | None = None

    def __call__(self, steps: int = 1) -> None:
        """Count `steps` more as done."""
        self.done += steps
        if self._bar is not None:
            self._bar.update(steps)
        elif time.monotonic() >= self._due:
            endless = itertools.count() if self.total is None else None  # a length, or something to go over
            self._bar = click.progressbar(endless, length=self.total, label=self.label, file=sys.stderr)
            self._bar.__enter__()
            self._bar.update(self.done)

    def expect(self, total: int) -> None:
        """Say how many steps there are, where that is known only on the way; not once a bar is drawn."""
        self.total = total

    def close(self) -> None:
        """End the line of the bar, if there is one; none is drawn any more."""
        self._due = float("inf")
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None


@contextmanager
def progress(app: Any, label: str, total: int | None = None) -> Iterator[Progress]:
    """Yield the function to call with each number of steps done; `total` is None where nobody knows."""
    shown = sys.stderr.isatty() and not app.settings.quiet
    bar = Progress(label, total, shown)
    try:
        yield bar
    finally:
        bar.close()
