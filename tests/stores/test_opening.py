"""Opening: what is a store, what is none, and what a person is told."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from partnerctl.errors import MachineFault, UsageError
from partnerctl.stores import connection as connections
from partnerctl.stores import migrate
from partnerctl.stores.connection import connect
from partnerctl.stores.opening import look_at, open_store
from tests.stores.said import AT, Said, tell

ACME = Said("2026-11-01", {"customers": {("o1",): {"name": "Acme"}}})
ROOT = Path(__file__).resolve().parents[2]
NOW, LATER = migrate.MIGRATIONS, "m999_later"


def made(path: Path) -> Path:
    store = open_store(str(path), wait=0, create=True, at=AT)
    tell(store, ACME)
    store.close()
    return path


def test_a_store_that_does_not_exist_reads_as_empty_and_is_not_created(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'none' / 'store.db'}", wait=0, create=False)

    assert set(store.counts().values()) == {0}
    assert list(tmp_path.iterdir()) == []


def test_a_new_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = made(tmp_path / "folder" / "store.db")

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_migrations_are_recorded_with_the_instant(tmp_path: Path) -> None:
    store = open_store(str(made(tmp_path / "store.db")), wait=0, create=False)

    assert [store.fact(f"migration:{name}") for name in migrate.MIGRATIONS] == [AT] * len(migrate.MIGRATIONS)
    assert store.schema() == len(migrate.MIGRATIONS)


def test_pending_migrations_are_listed_without_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "store.db")
    monkeypatch.setattr(migrate, "MIGRATIONS", (*NOW, LATER))
    before = path.read_bytes()
    connection = connect(path, wait=0, readonly=True)

    assert migrate.pending(connection) == (LATER,)

    connection.close()
    assert path.read_bytes() == before


def test_a_migration_copies_the_store_first_and_lands_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "store.db")
    (tmp_path / f"{LATER}.sql").write_text("CREATE TABLE more (a);\nINSERT INTO nowhere VALUES (1);")
    monkeypatch.setattr(migrate, "MIGRATIONS", (*NOW, LATER))
    monkeypatch.setattr(migrate, "_FOLDER", tmp_path)

    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        open_store(str(path), wait=0, create=True, at=AT)

    monkeypatch.setattr(migrate, "MIGRATIONS", NOW)
    for file in (path, tmp_path / f"store.db.before-{LATER}"):
        store = open_store(str(file), wait=0, create=False)
        assert store.schema() == len(NOW)
        assert store.customer_exists("o1")


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "store.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(MachineFault, match="schema 99") as told:
        open_store(str(path), wait=0, create=True)

    assert "upgrade partnerctl" in str(told.value.hint)


@pytest.mark.parametrize("create", [True, False])
def test_a_text_file_is_no_store_and_stays_as_it_is(tmp_path: Path, create: bool) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("this is no database, but long enough to look at " * 20)
    before = path.read_bytes()

    with pytest.raises(MachineFault, match="damaged or is no store"):
        open_store(str(path), wait=0, create=create)

    assert path.read_bytes() == before


@pytest.mark.parametrize("number", [0, 1, 500])
@pytest.mark.parametrize("create", [True, False])
def test_a_database_of_another_program_is_no_store_and_stays_as_it_is(
    tmp_path: Path, create: bool, number: int
) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE places (url)")
        connection.execute(f"PRAGMA user_version = {number}")
    connection.close()

    with pytest.raises(MachineFault, match="another program"):
        open_store(str(path), wait=0, create=create)

    with closing(sqlite3.connect(path)) as connection, connection:
        assert [name for (name,) in connection.execute("SELECT name FROM sqlite_schema")] == ["places"]
    connection.close()


def test_a_cut_file_is_told_in_words(tmp_path: Path) -> None:
    path = made(tmp_path / "store.db")
    path.write_bytes(path.read_bytes()[: 4096 * 3 + 100])

    with pytest.raises(MachineFault, match="damaged"):
        tell(open_store(str(path), wait=0, create=True), ACME)


def test_a_folder_in_the_place_of_the_store_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(MachineFault, match="unable to open"):
        open_store(str(tmp_path), wait=0, create=False)


def test_another_kind_of_url_is_refused() -> None:
    with pytest.raises(UsageError, match="only sqlite:///PATH is known"):
        open_store("mysql://user:secret@host/db", wait=0, create=False)


def test_a_url_without_a_file_is_refused() -> None:
    with pytest.raises(UsageError, match="names no file"):
        open_store("sqlite:///", wait=0, create=False)


def test_looking_at_a_store_changes_nothing(tmp_path: Path) -> None:
    path = made(tmp_path / "store.db")

    assert look_at(path) == len(NOW)
    assert look_at(tmp_path / "none.db") is None
    assert [p.name for p in tmp_path.iterdir()] == ["store.db"]


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home {folder}/far nfs4 rw 0 0
//server/share {folder}/with\\040space cifs rw 0 0
tmpfs {folder}/far/near tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("name", "kind"), [("far", "nfs4"), ("with space", "cifs"), ("far/deeper/still", "nfs4")]
)
def test_a_network_file_system_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    mounted(tmp_path, monkeypatch)

    with pytest.raises(MachineFault, match=f"network file system .{kind}"):
        open_store(str(tmp_path / name / "store.db"), wait=0, create=True, at=AT)


@pytest.mark.parametrize("name", ["far/near", "farther", "."])
def test_other_file_systems_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    mounted(tmp_path, monkeypatch)

    assert made(tmp_path / name / "store.db").exists()


def test_a_store_that_stands_on_a_network_file_system_is_refused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "far" / "store.db")
    mounted(tmp_path, monkeypatch)

    with pytest.raises(MachineFault, match="network file system"):
        open_store(str(path), wait=0, create=False)


def mounted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = folder / "mounts"
    mounts.write_text(MOUNTS.format(folder=str(folder.resolve()).replace(" ", "\\040")))
    monkeypatch.setattr(connections, "MOUNTS", mounts)


BY_SOMEBODY_ELSE = """
import os, sys
from partnerctl.errors import PartnerctlError
from partnerctl.stores.opening import open_store
os.setgid(65534)
os.setuid(65534)
try:
    store = open_store(sys.argv[1], wait=0, create=sys.argv[2] == "create", at="x")
    print(store.customer_exists("o1"))
except PartnerctlError as fault:
    print(int(fault.exit_code), fault.reason)
"""


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can act as somebody else"
)
@pytest.mark.parametrize("mode", ["create", "read"])
def test_a_folder_without_permission_is_told_in_words(mode: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        path = folder / "store.db"
        if mode == "read":
            made(path).chmod(0o600)
        done = subprocess.run(
            [sys.executable, "-c", BY_SOMEBODY_ELSE, str(path), mode],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.stdout.startswith("13 "), done.stderr
    assert str(path) in done.stdout


FULL = """
import resource, sys
from partnerctl.errors import PartnerctlError
from tests.stores.said import AT, Said, tell
from partnerctl.stores.opening import open_store
store = open_store(sys.argv[1], wait=0, create=True, at=AT)
resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))
many = {(f"org-{n}",): {"name": f"Customer {n} " * 40} for n in range(4000)}
try:
    tell(store, Said("2026-11-03", {"customers": many}))
except PartnerctlError as fault:
    print(int(fault.exit_code), fault.reason)
"""


def test_a_file_that_may_not_grow_is_told_in_words_and_stays_sound(tmp_path: Path) -> None:
    pytest.importorskip("resource")
    path = made(tmp_path / "store.db")

    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path), "SQLITE_TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith("13 "), done.stdout + done.stderr
    store = open_store(str(path), wait=0, create=False)
    assert list(store.check()) == []
    assert store.counts()["customers"] == 1


def test_a_store_beside_which_nothing_may_be_written_is_read_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "Größe #1?.db")
    monkeypatch.setattr(os, "access", lambda *_: False)

    store = open_store(str(path), wait=0, create=False)

    assert store.counts()["customers"] == 1
    assert list(tmp_path.iterdir()) == [path]
    store.close()


def test_a_write_ahead_log_that_lies_there_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "store.db")
    writer = connect(path, wait=0, readonly=False)
    writer.execute("UPDATE customers SET name = 'Beta'")
    monkeypatch.setattr(os, "access", lambda *_: False)

    reader = connect(path, wait=0, readonly=True)

    assert reader.execute("SELECT name FROM customers").fetchone() == ("Beta",)
    reader.close()
    writer.close()


def test_an_old_sqlite_is_told_with_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "OLDEST_SQLITE", (99, 0, 0))

    with pytest.raises(MachineFault, match=r"the store needs 3\.37 or newer") as told:
        open_store(":memory:", wait=0, create=True, at=AT)

    assert told.value.hint == "use a newer Python build"


def test_a_system_that_tells_no_mounts_has_a_store_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOUNTS", tmp_path / "none")

    assert made(tmp_path / "store.db").exists()


def test_a_file_in_the_place_of_the_folder_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(MachineFault, match="data") as told:
        open_store(str(tmp_path / "data" / "store.db"), wait=0, create=True, at=AT)

    assert told.value.hint == "check the folder and its permissions"


def test_a_store_of_an_older_version_is_brought_up_to_date_by_its_first_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "store.db")
    (tmp_path / f"{LATER}.sql").write_text("CREATE TABLE more (a);")
    monkeypatch.setattr(migrate, "MIGRATIONS", (*NOW, LATER))
    monkeypatch.setattr(migrate, "_FOLDER", tmp_path)

    store = open_store(str(path), wait=0, create=False, at=AT)

    assert (store.schema(), store.customer_exists("o1")) == (len(NOW) + 1, True)
    assert look_at(tmp_path / f"store.db.before-{LATER}") == len(NOW)
    store.close()
