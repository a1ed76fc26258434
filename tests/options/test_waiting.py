"""Progress over work of which nobody knows the end."""

import io
import sys
from dataclasses import dataclass

import pytest

from partnerctl.options import waiting


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@dataclass
class Settings:
    quiet: bool = False


@dataclass
class App:
    settings: Settings


def test_progress_without_a_known_end_is_drawn_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    with waiting.progress(App(Settings()), "importing") as step:
        step(1000)
        step(234)

    drawn = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert "importing" in drawn
    assert drawn.endswith("\n")
