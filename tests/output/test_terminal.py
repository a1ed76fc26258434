"""How wide the terminal is taken to be."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnerctl.output.terminal import WITHOUT_ONE, terminal_columns

needs_terminal = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals of POSIX")
STREAMS = ("__stdin__", "__stdout__", "__stderr__")


@pytest.fixture
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS")
    for name in STREAMS:
        monkeypatch.setattr(sys, name, None)


@pytest.fixture
def wide() -> Iterator[int]:
    """Yield the descriptor of a terminal of 132 columns."""
    import termios

    keeper, terminal = os.openpty()
    termios.tcsetwinsize(terminal, (24, 132))
    yield terminal
    os.close(terminal)
    os.close(keeper)


def test_the_variable_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "61")

    assert terminal_columns() == 61


@needs_terminal
@pytest.mark.usefixtures("no_terminal")
@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("said", [None, "0", "wide", "²"])
def test_any_stream_that_is_a_terminal_tells(
    monkeypatch: pytest.MonkeyPatch, wide: int, stream: str, said: str | None
) -> None:
    if said is not None:
        monkeypatch.setenv("COLUMNS", said)
    with os.fdopen(wide, closefd=False) as terminal:
        monkeypatch.setattr(sys, stream, terminal)

        assert terminal_columns() == 132


@pytest.mark.usefixtures("no_terminal")
def test_pipes_and_closed_streams_are_of_the_usual_width(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open("w") as pipe, Path(os.devnull).open() as closed:
        closed.close()
        monkeypatch.setattr(sys, "__stdout__", pipe)
        monkeypatch.setattr(sys, "__stdin__", closed)

        assert terminal_columns() == WITHOUT_ONE


@needs_terminal
@pytest.mark.usefixtures("no_terminal")
def test_a_terminal_that_tells_no_width_is_of_the_usual_one(
    monkeypatch: pytest.MonkeyPatch, wide: int
) -> None:
    import termios

    termios.tcsetwinsize(wide, (0, 0))
    with os.fdopen(wide, closefd=False) as terminal:
        monkeypatch.setattr(sys, "__stdout__", terminal)

        assert terminal_columns() == WITHOUT_ONE
