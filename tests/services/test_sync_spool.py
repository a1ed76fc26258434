"""The progress of a sync: whole lines count, cut ones never were; nobody else may read it."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnerctl.errors import Locked, MachineFault
from partnerctl.services.syncing.spool import Session, Spool, locked_spool, spool_of

SESSION = Session("2026-11-23T12:00:00Z", ("licenses",), None, "https://webexapis.com/v1 org")


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "sync" / "default")
    spool.begin(SESSION)
    yield spool
    spool.close()


def test_a_session_is_read_as_it_was_begun(spool: Spool) -> None:
    assert spool.session() == SESSION
    spool.begin(SESSION._replace(region="EU"))
    assert spool.session() == SESSION._replace(region="EU")
    spool.clear()
    assert spool.session() is None


def test_beginning_forgets_what_was_there(spool: Spool) -> None:
    spool.add(["one"])
    spool.write("tags.json", ["2026-11-23", {}])
    spool.begin(SESSION)
    assert list(spool.lines()) == []
    assert spool.read("tags.json") is None


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_line_that_was_cut_is_as_if_it_had_never_been(spool: Spool, cut: int) -> None:
    for name in ("one", "two"):
        spool.add([name])
    spool.close()
    path = spool.folder / "customers.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    spool.add(["three"])
    left = whole[:-cut].decode()
    expected = [[name] for name in ("one", "two") if f'["{name}"]' in left]
    assert list(spool.lines()) == [*expected, ["three"]]


def test_a_session_of_another_version_is_none(spool: Spool) -> None:
    spool.write("session.json", {"format": 99})
    assert spool.session() is None
    spool.write("session.json", ["what is this"])
    assert spool.session() is None
    (spool.folder / "session.json").write_text("{cut")
    assert spool.session() is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_it_is_the_owners_alone(spool: Spool) -> None:
    spool.add(["one"])
    spool.close()
    assert stat.S_IMODE(spool.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in spool.folder.iterdir()} == {0o600}


def test_one_at_a_time_per_profile(tmp_path: Path) -> None:
    with locked_spool(tmp_path, "default"):
        with (
            pytest.raises(Locked, match="another sync of the profile default"),
            locked_spool(tmp_path, "default"),
        ):
            pass
        with locked_spool(tmp_path, "brasil") as other:
            assert other.session() is None
    with locked_spool(tmp_path, "default"):
        pass


def test_looking_does_not_lock(tmp_path: Path) -> None:
    with locked_spool(tmp_path, "default") as spool:
        spool.begin(SESSION)
        assert spool_of(tmp_path, "default").session() == SESSION


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "sync").write_text("a file in the way")
    with pytest.raises(MachineFault), locked_spool(tmp_path, "default"):
        pass


def test_a_file_in_the_place_of_the_lines(spool: Spool) -> None:
    (spool.folder / "customers.jsonl").mkdir()
    with pytest.raises(MachineFault, match="the progress of the sync cannot be kept"):
        spool.add(["one"])
    with pytest.raises(MachineFault):
        list(spool.lines())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for the size of files")
def test_a_disk_that_takes_a_part_of_a_line_is_told(tmp_path: Path) -> None:
    """The limit of the size of files stands for a full disk; it holds for a process of its own alone."""
    import subprocess

    program = """
import resource, signal, sys
from pathlib import Path
from partnerctl.errors import MachineFault
from partnerctl.services.syncing.spool import Session, Spool
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
spool = Spool(Path(sys.argv[1]))
spool.begin(Session("2026-11-23T12:00:00Z", ("licenses",), None, "org"))
resource.setrlimit(resource.RLIMIT_FSIZE, (250, 250))
try:
    for number in range(9):
        spool.add(["x" * 60, number])
except MachineFault as fault:
    print(number, len(list(spool.lines())), fault.reason.endswith("(File too large)"))
"""
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "spool")], capture_output=True, text=True, check=True
    )
    assert told.stdout == "3 3 True\n"
