"""A report exists whole or not at all, and every fault has its exit code: real processes, real faults."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands.estate import ALFA, import_estate
from tests.conftest import Cli

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals and limits")


def call(*words: str) -> list[str]:
    """Return the command line that runs the program in a process of its own."""
    return [sys.executable, "-m", "partnerctl", *words]


def many_numbers(count: int) -> str:
    rows = "".join(f"{ALFA},HQ,+1202{n:07d}\n" for n in range(count))
    return f"org_id,location,phone_number\n{rows}"


@pytest.fixture
def large(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, where reports go; the store holds 30,000 numbers, about 3 MB as a report."""
    import_estate(cli, tmp_path / "in", **{"phone-numbers": many_numbers(30_000)})
    out = tmp_path / "out"
    out.mkdir()
    root = Path(__file__).resolve().parents[2]
    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    monkeypatch.chdir(out)
    return out


@POSIX
@pytest.mark.slow
def test_a_killed_run_leaves_a_whole_file_or_none(large: Path) -> None:
    words = call("reports", "run", "phone-numbers", "-q")
    started = time.monotonic()
    whole = Path(subprocess.run(words, capture_output=True, text=True, check=True).stdout.rstrip("\n"))
    took = time.monotonic() - started
    content = whole.read_bytes()
    chance = random.Random(7)

    for _ in range(6):
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(chance.uniform(0.3, 1.0) * took)
            process.send_signal(signal.SIGKILL)

    assert {path.read_bytes() == content for path in large.glob("*.csv")} == {True}
    subprocess.run(words, check=True, capture_output=True)
    assert [path.name for path in large.iterdir() if path.suffix != ".csv"] == []


@POSIX
def test_a_full_disk_exits_13_and_leaves_nothing(large: Path, cli: Cli) -> None:
    code = (
        "import resource, sys; from partnerctl.cli import main;"
        " resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000));"
        " sys.exit(main(['reports', 'run', 'phone-numbers']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (13, "")
    assert re.fullmatch(
        r"error: .*Phone Numbers_\w{10}_.*\.csv: larger than a file may be here; nothing was written\n"
        r"hint: Write elsewhere\.\n",
        done.stderr,
    )
    assert list(large.iterdir()) == []
    (run,) = cli("runs", "list", "--json").json
    assert (run["status"], run["path"], run["rows"]) == ("failed", None, None)
    assert "larger than a file may be here" in run["error"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_standard_output_exits_13(large: Path, cli: Cli) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            call("reports", "run", "phone-numbers", "--stdout"),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert done.returncode == 13
    assert "the disk is full" in done.stderr
    assert [run["status"] for run in cli("runs", "list", "--json").json] == ["failed"]


@POSIX
def test_a_reader_that_goes_away_is_no_failure(large: Path, cli: Cli) -> None:
    with subprocess.Popen(
        call("reports", "run", "phone-numbers", "--stdout", "-q"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert first.startswith(b"External ID,Customer,")
    assert (process.returncode, said) == (0, b"")
    (run,) = cli("runs", "list", "--json").json
    assert (run["status"], run["error"]) == ("done", "the reader closed standard output early")


def test_a_fault_of_the_machine_is_recorded(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_estate(cli, tmp_path / "in")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "fsync", _no_permission)

    result = cli("reports", "run", "devices", "--file", "d.csv", expect=13)

    assert result.stdout == ""
    assert "d.csv: no permission to write there" in result.stderr
    assert not (tmp_path / "d.csv").exists()
    (run,) = cli("runs", "list", "--json").json
    assert (run["status"], run["error"]) == ("failed", f"{tmp_path}/d.csv: no permission to write there")


def _no_permission(_descriptor: int) -> None:
    raise PermissionError(13, "Permission denied")


def test_a_run_that_cannot_be_recorded_is_written_all_the_same(
    cli: Cli, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_estate(cli, tmp_path / "in")
    monkeypatch.chdir(tmp_path)
    (store,) = (home / "data").glob("*.db")
    other = sqlite3.connect(store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    result = cli("reports", "run", "devices", "--file", "d.csv", "--wait", "0s", "--json", "--region", "US")
    other.close()

    assert result.json["run_id"] is None
    assert result.json["status"] == "done"
    assert (tmp_path / "d.csv").exists()
    assert "warning: this run is not in the history: store " in result.stderr
    assert cli("runs", "list", "--json").json == []


def test_a_damaged_store_exits_13(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.db").write_bytes(b"no store at all" * 100)

    result = cli("reports", "run", "devices", "--store", "s.db", expect=13)

    assert result.stdout == ""
    assert "the file is damaged or is no store" in result.stderr
    assert list(tmp_path.glob("*.csv")) == []


def test_a_report_of_no_store_makes_one_for_its_history(
    cli: Cli, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARTNERCTL_TIMEZONE", "UTC")

    cli("reports", "run", "devices")

    assert len(list((home / "data").glob("*.db"))) == 1
    assert [run["rows"] for run in cli("runs", "list", "--json").json] == [0]
