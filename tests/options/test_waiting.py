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
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with waiting.progress(App(Settings()), "importing") as step:
        step(1000)
        step(234)

    assert "importing" in screen.getvalue()
    assert screen.getvalue().endswith("\n")
