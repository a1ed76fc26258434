"""The isolation that every test gets, and the callable that runs the program."""

from __future__ import annotations

import io
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from partnerctl import app, failures
from partnerctl.clock import FixedClock
from partnerctl.errors import ExitCode
from tests.written_secrets import secret_in, secrets_in

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""The instant at which every test runs: a Monday."""


@pytest.fixture(autouse=True)
def isolation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a home of its own, a clean environment, a fixed clock, and no network."""
    for name in [name for name in os.environ if name.startswith(("PARTNERCTL_", "_PARTNERCTL_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PARTNERCTL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(app, "default_clock", FixedClock(NOW))
    monkeypatch.setattr(socket.socket, "connect", _no_network)
    monkeypatch.setattr(socket.socket, "connect_ex", _no_network)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the run fail where a token or a client secret was written anywhere but into a file for it."""
    factory = getattr(session.config, "_tmp_path_factory", None)
    if factory is None or session.config.option.collectonly:
        return
    found = list(secrets_in(factory.getbasetemp()))
    if found:
        print("\nsecrets were written:", *found, sep="\n  ")  # noqa: T201 - the run is over
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _no_network(*_args: object) -> NoReturn:
    raise AssertionError("a test opened a connection")


@dataclass(frozen=True)
class Result:
    """What one call of the program printed and returned."""

    stdout: str
    stderr: str
    exit_code: int

    @property
    def json(self) -> Any:
        """Return stdout, read as JSON."""
        return json.loads(self.stdout)

    @property
    def lines(self) -> list[str]:
        """Return stdout line by line."""
        return self.stdout.splitlines()


class Stream(io.TextIOWrapper):
    """A standard stream that remembers what was written to it."""

    def __init__(self, text: str = "", terminal: bool = False) -> None:
        super().__init__(io.BytesIO(text.encode()), encoding="utf-8", newline="")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def getvalue(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode()


class Cli:
    """Runs the program within this process: ``cli("customers", "list", "--json").json``."""

    def __call__(
        self,
        *words: str | Path,
        input: str | None = None,  # noqa: A002 - reads well where it is used
        expect: int = ExitCode.DONE,
        terminal: bool = False,
    ) -> Result:
        """Run one command line and return what it printed; its exit code must be `expect`.

        An exception that nobody expected is raised, not reported, unless `expect` is 1. `terminal`: all
        three streams are terminals, and `input` is what is typed.
        """
        out, err = Stream(terminal=terminal), Stream(terminal=terminal)
        with _streams(Stream(input or "", terminal), out, err), pytest.MonkeyPatch.context() as patch:
            if expect != ExitCode.BUG:
                patch.setattr("partnerctl.cli.report_unexpected", _raise)
            code = _run([str(word) for word in words])
        result = Result(out.getvalue(), err.getvalue(), code)
        if "sandbox" not in words:  # that one says with which token it can be asked
            assert not secret_in(result.stdout + result.stderr), "a secret was printed"
        assert code == expect, f"exit {code}, not {expect}\n{result.stdout}{result.stderr}"
        return result


def _raise(fault: Exception, *args: Any) -> int:
    if isinstance(fault, OSError) and not isinstance(fault, FileNotFoundError):
        return failures.report_unexpected(fault, *args)
    raise fault


def _run(words: list[str]) -> int:
    from partnerctl.cli import main

    try:
        return main(words)
    except SystemExit as stop:  # only completion exits by itself
        return int(stop.code or 0)


@contextmanager
def _streams(stdin: Stream, out: Stream, err: Stream) -> Iterator[None]:
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = stdin, out, err
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


@pytest.fixture
def cli() -> Cli:
    """Return the callable that runs the program."""
    return Cli()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the folder that ``PARTNERCTL_HOME`` names; it does not exist yet."""
    return tmp_path / "home"
