"""Files of the folder replaced all together or not at all, whatever stops the writer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from partnerctl.calling import committing
from partnerctl.calling.counting import held, prune
from partnerctl.calling.importing import take_in_plain
from partnerctl.calling.querying import Days, ask
from partnerctl.domain.calling.kinds import CALLS
from partnerctl.domain.calling.place import CallingPlace
from partnerctl.errors import Locked, MachineFault, UsageError
from tests.calling.made_records import kept, record, write_csv
from tests.calling.test_importing import COLUMNS, counts, take_in, unrecorded

DAYS = [f"2026-11-{day:02}" for day in range(1, 6)]


class Killed(BaseException):
    """What stops a writer: nothing catches it."""


def records(version: int) -> list[dict[str, str]]:
    return [
        record(
            f"r{i}",
            Start_time=f"{day}T10:00:00.000Z",
            Report_time=f"{day}T1{version}:00:00.000Z",
            Duration=str(version),
        )
        for i, day in enumerate(DAYS)
    ]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "calling"


OLD = [(f"r{i}", 1) for i in range(5)]
NEW = [(f"r{i}", 2) for i in range(5)]


@pytest.mark.parametrize("moves", range(6))
def test_a_writer_that_dies_while_files_are_moved_is_finished_by_the_next_command(
    root: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    take_in(root, *records(1))
    move = committing._move
    done: list[Path] = []

    def dying(staged: Path, target: Path, rights: int) -> None:
        if len(done) == moves:
            raise Killed
        done.append(target)
        move(staged, target, rights)

    with monkeypatch.context() as patched:
        patched.setattr(committing, "_move", dying)
        if moves < len(DAYS):
            with pytest.raises(Killed):
                take_in(root, *records(2))
        else:
            take_in(root, *records(2))
    assert committing.is_unsettled(root) == (moves < len(DAYS))
    found = held(CallingPlace(root, wait=0))
    assert (found[0].days, found[0].records) == (5, 5)
    assert kept(root) == NEW
    assert not (root / ".staging").exists()


def test_a_writer_that_dies_before_the_journal_has_changed_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(root, *records(1))

    def dying(_root: Path, _replace: object, _remove: object = ()) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("partnerctl.calling.importing.commit", dying)
        with pytest.raises(Killed):
            take_in(root, *records(2))
    assert kept(root) == OLD
    assert counts(take_in(root, *records(2))) == (0, 5, 0)
    assert kept(root) == NEW


def test_what_a_dead_writer_staged_is_swept(root: Path) -> None:
    take_in(root, *records(1))
    (root / ".staging" / "calls").mkdir(parents=True)
    (root / ".staging" / "calls" / "part.parquet").write_bytes(b"cut")
    take_in(root, *records(2))
    assert sorted(path.name for path in root.iterdir()) == [".lock", "calls"]


def test_one_writer_at_a_time(root: Path) -> None:
    path = write_csv(root.parent / "records.csv", records(1))
    with committing.writing(root, 0), pytest.raises(Locked, match="another command writes call records"):
        take_in_plain(CallingPlace(root, wait=0), CALLS, path, COLUMNS, unrecorded)


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "calling").write_text("not a folder")
    path = write_csv(tmp_path / "records.csv", records(1))
    with pytest.raises(MachineFault, match="cannot create the folder"):
        take_in_plain(CallingPlace(tmp_path / "calling", wait=0), CALLS, path, COLUMNS, unrecorded)


def test_files_are_for_the_owner_alone(root: Path) -> None:
    take_in(root, *records(1))
    assert {path.stat().st_mode & 0o077 for path in (root, *root.rglob("*"))} == {0}


def test_a_question_is_asked_again_where_an_import_came_between(root: Path) -> None:
    take_in(root, *records(1))
    seen: list[int] = []

    def question(analysis: object) -> int:
        seen.append(len(seen))
        if len(seen) == 1:
            take_in(root, *records(2))
        return len(seen)

    from datetime import date

    days = Days(date(2026, 11, 1), date(2026, 11, 5))
    assert ask(CallingPlace(root, wait=0), days, question) == 2


def test_without_the_extra_one_sentence_says_what_to_do(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take_in(root, *records(1))
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageError) as caught:
        held(CallingPlace(root, wait=0))
    assert caught.value.hint == "install it: pip install 'partnerctl[calling]'"


def test_pruning_takes_whole_days_away(root: Path) -> None:
    from datetime import date

    take_in(root, *records(1))
    place = CallingPlace(root, wait=0)
    found = prune(place, date(2026, 11, 4), None)
    assert (found[0].days, found[0].records) == (3, 3)
    assert kept(root) == OLD  # a rehearsal
    prune(place, date(2026, 11, 4), lambda _found: unrecorded(None))  # type: ignore[arg-type]
    assert kept(root, "day, report_id") == [(date(2026, 11, 4), "r3"), (date(2026, 11, 5), "r4")]
    assert sorted(path.name for path in (root / "calls").iterdir()) == ["day=2026-11-04", "day=2026-11-05"]
