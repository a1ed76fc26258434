"""Starting fast: help and version import nothing heavy."""

from pathlib import Path

import pytest

from tests.guards.house import ROOT, run_python

HEAVY = {
    "croniter",
    "duckdb",
    "httpx2",
    "importlib.metadata",
    "keyring",
    "pandas",
    "plotille",
    "sqlite3",
    "tabulate",
    "vl_convert",
    "xlsxwriter",
}

PROBE = """
import sys
before = set(sys.modules)
sys.argv = ["partnerctl", *{arguments!r}]
from partnerctl.cli import main
code = main()
assert code == 0, code
print("loaded:", *sorted(set(sys.modules) - before))
"""


def _loaded_by(*arguments: str) -> set[str]:
    printed = run_python(PROBE.format(arguments=list(arguments)), folder=ROOT)
    (line,) = [line for line in printed.splitlines() if line.startswith("loaded: ")]
    return set(line.split()[1:])


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], []], ids=["help", "version", "bare"])
def test_the_door_opens_without_the_heavy_libraries(arguments: list[str]) -> None:
    assert _loaded_by(*arguments) & HEAVY == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]], ids=["help", "version"])
def test_the_door_opens_without_the_commands(arguments: list[str]) -> None:
    loaded = _loaded_by(*arguments)

    assert {name for name in loaded if name.startswith("partnerctl.commands.")} == set()


def test_a_tick_with_nothing_to_do_reads_no_schedule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERCTL_HOME", str(tmp_path))
    _loaded_by("reports", "schedule", "devices", "--daily", "--at", "7:00", "--tz", "Etc/GMT+12", "-q")
    first = _loaded_by("schedules", "tick")
    second = _loaded_by("schedules", "tick")

    assert {"croniter", "partnerctl.scheduling.file"} <= first
    assert {name for name in second if name.startswith("partnerctl.scheduling.")} == {
        "partnerctl.scheduling.mark"
    }
    assert second & (HEAVY - {"sqlite3"} | {"tomllib", "zoneinfo"}) == set()


def test_the_probe_sees_what_is_loaded() -> None:
    assert "click" in _loaded_by("--help")
