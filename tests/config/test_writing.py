"""Writing the configuration file."""

import errno
import stat
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from partnerctl.config.writing import set_value, unset_value
from partnerctl.errors import InvalidData, Locked, MachineFault


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "config.toml"


def test_a_value_is_written_into_its_profile(path: Path) -> None:
    set_value(path, "work", "me", "ana@acme.example", wait=0)
    set_value(path, "work", "customers.expiring_soon_days", 45, wait=0)
    set_value(path, "work", "profile", "work", wait=0)

    assert path.read_text() == (
        'profile = "work"\n\n[profiles.work]\nme = "ana@acme.example"\n'
        "\n[profiles.work.customers]\nexpiring_soon_days = 45\n"
    )


def test_comments_survive(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('# mine\n[profiles.default]\nlanguage = "en" # for now\n')
    set_value(path, "default", "wait", "1m", wait=0)

    assert path.read_text() == '# mine\n[profiles.default]\nlanguage = "en" # for now\nwait = "1m"\n'


def test_a_value_is_taken_out(path: Path) -> None:
    set_value(path, "default", "me", "ana@acme.example", wait=0)

    assert unset_value(path, "default", "me", wait=0)
    assert not unset_value(path, "default", "me", wait=0)
    assert "me" not in path.read_text()


def test_a_bad_file_stays_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("[profiles.default\n")

    with pytest.raises(InvalidData):
        set_value(path, "default", "me", "ana@acme.example", wait=0)
    assert path.read_text() == "[profiles.default\n"


def test_another_writer_is_waited_for_and_then_named(path: Path) -> None:
    path.parent.mkdir()
    with FileLock(path.with_name("config.toml.lock")), pytest.raises(Locked, match="another run is changing"):
        set_value(path, "default", "me", "ana@acme.example", wait=0)


def test_a_folder_that_cannot_be_made_is_the_machine(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(MachineFault, match="cannot create the folder"):
        set_value(tmp_path / "file" / "config.toml", "default", "me", "ana@acme.example", wait=0)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are not Windows' way")
def test_folder_and_file_are_the_owners_alone(path: Path) -> None:
    set_value(path, "default", "me", "ana@acme.example", wait=0)

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir() if file.suffix not in {".lock"}] == ["config.toml"]


def test_a_disk_that_fills_up_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_value(path, "default", "me", "ana@acme.example", wait=0)
    before = path.read_text()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(MachineFault, match="No space left on device"):
        set_value(path, "default", "me", "bo@acme.example", wait=0)

    assert path.read_text() == before
    assert [file.name for file in path.parent.iterdir() if file.suffix != ".lock"] == ["config.toml"]
