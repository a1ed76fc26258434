import errno
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from partnerctl.errors import Conflict, ExitCode, MachineFault, UsageError
from partnerctl.reports import atomic
from partnerctl.reports.atomic import atomic_target, sweep_partials

ROOT = Path(__file__).parents[2]
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals and rights of POSIX")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_appears_whole_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    with atomic_target(path) as partial:
        partial.write_text("whole")
        assert re.fullmatch(r"\.report\.csv\.partial-[0-9a-f]{16}", partial.name)
        assert not path.exists()
    assert path.read_text() == "whole"
    assert names(tmp_path) == ["report.csv"]


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt])
def test_nothing_is_left_when_the_block_fails(tmp_path: Path, fault: type[BaseException]) -> None:
    def write_half() -> None:
        with atomic_target(tmp_path / "report.csv") as partial:
            partial.write_text("half")
            raise fault

    with pytest.raises(fault):
        write_half()
    assert names(tmp_path) == []


def test_a_file_is_never_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("mine")
    with pytest.raises(Conflict, match="exists already"), atomic_target(path):
        pytest.fail("the block must not run")
    with atomic_target(path, overwrite=True) as partial:
        partial.write_text("new")
    assert path.read_text() == "new"


def test_a_file_that_came_meanwhile_is_not_overwritten_either(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"

    def write_slowly() -> None:
        with atomic_target(path) as partial:
            partial.write_text("ours")
            path.write_text("theirs")

    with pytest.raises(Conflict):
        write_slowly()
    assert path.read_text() == "theirs"
    assert names(tmp_path) == ["report.csv"]


@pytest.mark.parametrize("taken", [False, True])
def test_where_there_are_no_hard_links_the_file_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    def no_links(path: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    path = tmp_path / "report.csv"
    if not taken:
        with atomic_target(path) as partial:
            partial.write_text("whole")
        assert path.read_text() == "whole"
        return
    with pytest.raises(Conflict), atomic_target(path):
        path.touch()


@posix_only
def test_a_new_file_has_the_rights_of_the_umask_and_a_replaced_one_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    old = os.umask(0o027)
    try:
        with atomic_target(path):
            pass
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o600)
        with atomic_target(path, overwrite=True):
            pass
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(old)


@posix_only
def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    with atomic_target(tmp_path / "link.csv", overwrite=True) as partial:
        partial.write_text("new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


def test_a_folder_is_no_file_and_a_missing_folder_no_place(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"), atomic_target(tmp_path):
        pass
    with pytest.raises(UsageError, match="there is no folder"), atomic_target(tmp_path / "none" / "x.csv"):
        pass


@posix_only
def test_a_device_is_never_replaced() -> None:
    with pytest.raises(UsageError, match="no ordinary file"), atomic_target(Path(os.devnull), overwrite=True):
        pass
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EACCES, "no permission"),
        (errno.EROFS, "no permission"),
        (errno.EFBIG, "larger than a file may be"),
        (errno.EIO, "cannot be written"),
    ],
)
def test_what_the_machine_refuses_is_said_in_words(tmp_path: Path, number: int, words: str) -> None:
    with pytest.raises(MachineFault, match=words) as caught, atomic_target(tmp_path / "report.csv"):
        raise OSError(number, os.strerror(number))
    assert caught.value.exit_code == ExitCode.MACHINE
    assert names(tmp_path) == []


def test_a_long_name_can_be_written_too(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 125 + ".csv")
    with atomic_target(path):
        pass
    assert path.exists()


def test_partial_files_of_living_writers_are_not_swept(tmp_path: Path) -> None:
    with atomic_target(tmp_path / "one.csv") as one:
        one.write_text("one")
        with atomic_target(tmp_path / "two.csv"):
            assert one.exists()
        sweep_partials(tmp_path)
        assert one.exists()
    assert names(tmp_path) == ["one.csv", "two.csv"]


def test_only_files_of_our_own_making_are_swept(tmp_path: Path) -> None:
    mine = [".x.partial-0123456789abcdef"]
    others = [".x.partial-", "x.partial-0123456789abcdef", ".x.partial-0123456789abcdeg", ".partial-of-mine"]
    for name in (*mine, *others):
        (tmp_path / name).touch()
    sweep_partials(tmp_path)
    assert names(tmp_path) == sorted(others)


_WRITER = """
import sys, time
from pathlib import Path
from partnerctl.reports.atomic import atomic_target
with atomic_target(Path(sys.argv[1])) as partial:
    partial.write_text("half")
    print("writing", flush=True)
    sys.stdin.read()
"""


@posix_only
def test_a_killed_writer_leaves_no_file_and_the_next_one_sweeps(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        sweep_partials(tmp_path)  # it lives: nothing is taken from it
        assert len(names(tmp_path)) == 1
        writer.send_signal(signal.SIGKILL)
    assert not path.exists()
    assert re.fullmatch(r"\.report\.csv\.partial-\w+", names(tmp_path)[0])
    with atomic_target(tmp_path / "other.csv"):
        pass
    assert names(tmp_path) == ["other.csv"]


_LIMITED = """
import resource, sys
from pathlib import Path
from partnerctl.errors import MachineFault
from datetime import UTC, datetime
from partnerctl.reports.page import Page
from partnerctl.reports.defaults import find_template
from partnerctl.reports.writing import write_report_file
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
layout = find_template("webex-app-version").layout
page = Page("Webex App Version", layout, "en", (), datetime(2026, 11, 23, tzinfo=UTC))
row = ("Acme", "0" * 36, "Desktop", "Windows", "44.8", "11", 5)
try:
    write_report_file(Path(sys.argv[1]), page, (row for _ in range(100_000)))
except MachineFault as fault:
    print(fault.reason)
"""


@posix_only
def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", _LIMITED, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == f"{path}: larger than a file may be here; nothing was written\n"
    assert done.stderr == ""
    assert names(tmp_path) == []


def test_a_sweeper_that_is_quicker_takes_nothing_from_a_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[str] = []
    locked = atomic._lock

    def swept_before_it_is_locked(descriptor: int) -> bool:
        if not swept:
            swept.extend(names(tmp_path))
            (tmp_path / swept[0]).unlink()
        return locked(descriptor)

    monkeypatch.setattr(atomic, "_lock", swept_before_it_is_locked)

    with atomic_target(tmp_path / "report.csv") as partial:
        assert partial.name not in swept
        partial.write_text("whole")

    assert (tmp_path / "report.csv").read_text() == "whole"


@posix_only
def test_a_file_system_without_locks_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def no_locks(descriptor: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)

    with atomic_target(tmp_path / "report.csv") as partial:
        partial.write_text("whole")

    assert names(tmp_path) == ["report.csv"]


def test_a_disk_that_fails_while_the_file_is_named_is_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: Path, target: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "hardlink_to", failing)

    with pytest.raises(MachineFault, match="Input/output error"), atomic_target(tmp_path / "report.csv"):
        pass
    assert names(tmp_path) == []


def test_a_file_that_is_open_elsewhere_leaves_the_new_one_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "link.csv"
    path.write_text("old", "utf-8")

    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError(13, "The process cannot access the file", str(path))  # as Windows says it

    monkeypatch.setattr(Path, "replace", refuse)
    for beside in ("link (new).csv", "link (new 2).csv"):
        with pytest.raises(MachineFault) as caught, atomic_target(path, overwrite=True) as partial:
            partial.write_text(beside, "utf-8")
        assert caught.value.reason == (
            f"{path} is open in another program, or may not be replaced; the new file is {tmp_path / beside}"
        )
        assert (tmp_path / beside).read_text("utf-8") == beside
    assert path.read_text("utf-8") == "old"
    assert names(tmp_path) == ["link (new 2).csv", "link (new).csv", "link.csv"]
