"""The program as a process: closed pipes, full disks, locales."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "partnerctl"]


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PARTNERCTL_HOME": str(tmp_path), "PYTHONPATH": str(ROOT), **more}


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        ran = subprocess.run(
            [*COMMAND, "config", "show"],
            env=environment(tmp_path),
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_the_machine(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [*COMMAND, "config", "show", "--json"],
            env=environment(tmp_path),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert ran.returncode == 13
    assert '"code": "machine"' in ran.stderr
    assert "Exception ignored" not in ran.stderr


def test_utf_8_is_written_in_any_locale(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    config = '[profiles.default]\nstore = "sqlite:///Ação.db"\n'
    (tmp_path / "config" / "config.toml").write_text(config, encoding="utf-8")
    plain = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(
        [*COMMAND, "config", "show", "--json"],
        env=environment(tmp_path, **plain),
        capture_output=True,
        check=True,
    )

    assert "sqlite:///Ação.db".encode() in ran.stdout


def test_the_module_runs_like_the_program(tmp_path: Path) -> None:
    ran = subprocess.run([*COMMAND, "nonsense"], env=environment(tmp_path), capture_output=True, check=False)

    assert (ran.returncode, ran.stdout) == (2, b"")
