"""`store`: what it is, how much it knows, whether it is sound, copies of it and back."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import stat
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.upkeep_files import written
from tests.conftest import Cli


@pytest.fixture
def store(cli: Cli, tmp_path: Path, home: Path) -> Path:
    cli("import", written(tmp_path))
    return home / "data" / "default.db"


@pytest.fixture
def archive(cli: Cli, store: Path, tmp_path: Path) -> Path:
    return Path(cli("store", "backup", tmp_path, "--json").json["path"])


def names(cli: Cli) -> list[str]:
    return [c["name"] for c in cli("customers", "list", "--json").json]


def test_info_says_what_the_store_is(cli: Cli, store: Path) -> None:
    found = cli("store", "info", "--json").json

    counts = {one["entity"]: one["rows"] for one in found.pop("entities")}
    assert found == {
        "path": str(store),
        "exists": True,
        "schema": 5,
        "size_bytes": store.stat().st_size,
        "wal_bytes": found["wal_bytes"],
        "newest_day": "2026-11-23",
        "demo": False,
    }
    assert (counts["customers"], counts["subscriptions"], counts["devices"]) == (2, 1, 0)


def test_info_of_no_store_creates_none(cli: Cli, home: Path) -> None:
    found = cli("store", "info", "--json").json

    assert (found["exists"], found["schema"], found["size_bytes"]) == (False, 0, 0)
    assert not home.exists()


def test_info_says_demo(cli: Cli) -> None:
    result = cli("store", "info", "--profile", "demo")

    assert "DEMO" in result.stdout


def test_coverage_says_what_is_known_and_who_supplies_it(cli: Cli, store: Path) -> None:
    found = {(c["entity"], c["field"]): c for c in cli("store", "coverage", "--json").json}

    assert found["customers", "region"] == {
        "entity": "customers",
        "field": "region",
        "known": 1,
        "rows": 2,
        "known_pct": 50.0,
        "supplied_by": ["customers.csv", "import --region", "customers set"],
    }
    assert found["subscriptions", "start_date"]["supplied_by"] == ["subscriptions.csv"]
    assert found["licenses", "used_7d"]["known_pct"] is None


def test_a_sound_store_passes_the_check(cli: Cli, store: Path) -> None:
    result = cli("store", "check", "--json")

    assert (result.json, result.stderr) == ([], "the store is sound\n")


def test_a_tampered_store_exits_13_and_says_where(cli: Cli, store: Path) -> None:
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE customers SET name = 'Other'")
    connection.close()

    result = cli("store", "check", "--json", expect=13)

    assert "table customers differs from its observations" in result.json[0]["problem"]
    assert "store restore" in result.stderr


def test_a_file_that_is_no_store_exits_13(cli: Cli, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    other.write_text("no database, though long enough to be one " * 50)

    result = cli("store", "check", "--store", other, expect=13)

    assert (result.stdout, "damaged or is no store" in result.stderr) == ("", True)


def test_a_backup_holds_store_and_configuration_for_its_owner_alone(
    cli: Cli, store: Path, tmp_path: Path, home: Path
) -> None:
    cli("config", "set", "me", "ana@acme.example")
    (home / "config" / "templates").mkdir()
    (home / "config" / "templates" / "mine.toml").write_text('name = "mine"\n')

    made = cli("store", "backup", tmp_path, "--json").json

    path = tmp_path / "partnerctl-backup_default_2026-11-23.zip"
    assert made["path"] == str(path)
    assert made["contents"] == ["store.db", "config.toml", "templates/mine.toml"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_backup_holds_no_password(cli: Cli, store: Path, tmp_path: Path, home: Path) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text('[profiles.far]\nstore = "sqlite://ana:secret@host/x"\n')

    path = Path(cli("store", "backup", tmp_path, "--json").json["path"])

    with zipfile.ZipFile(path) as file:
        assert b"secret" not in file.read("config.toml")


def test_a_backup_overwrites_nothing(cli: Cli, archive: Path, tmp_path: Path) -> None:
    before = archive.read_bytes()

    second = cli("store", "backup", tmp_path, "--json").json["path"]
    cli("store", "backup", archive, expect=6)

    assert second == str(archive.with_name(f"{archive.stem}_2.zip"))
    assert archive.read_bytes() == before


def test_there_must_be_a_store_and_a_folder(cli: Cli, tmp_path: Path, store: Path) -> None:
    assert "there is no store" in cli("store", "backup", "--profile", "none", expect=5).stderr
    assert "there is no folder" in cli("store", "backup", tmp_path / "no" / "a.zip", expect=2).stderr


def test_a_restore_puts_everything_back_and_keeps_what_stood_there(
    cli: Cli, archive: Path, store: Path
) -> None:
    cli("undo", "1")
    emptied = names(cli)

    done = cli("store", "restore", archive, "--yes", "--json").json

    assert done["kept"] == f"{store}.before-restore"
    assert names(cli) == ["Acme GmbH", "Beta Ltd"]
    assert cli("store", "check").stderr == "nothing to show\nthe store is sound\n"
    kept = cli("customers", "list", "--store", done["kept"], "--json").json
    assert [c["name"] for c in kept] == emptied
    assert {entry["action"] for entry in cli("audit", "list", "--json").json} == {"import"}


def test_a_restore_into_nothing_makes_the_store(cli: Cli, archive: Path, home: Path) -> None:
    done = cli("store", "restore", archive, "--profile", "new", "--yes", "--json").json

    assert done["kept"] is None
    assert [c["name"] for c in cli("customers", "list", "--profile", "new", "--json").json] == [
        "Acme GmbH",
        "Beta Ltd",
    ]
    assert stat.S_IMODE((home / "data" / "new.db").stat().st_mode) == 0o600


def test_a_restore_mends_a_damaged_store(cli: Cli, archive: Path, store: Path) -> None:
    store.write_bytes(b"nothing that anybody could read" * 1000)

    cli("store", "restore", archive, "--yes")

    assert names(cli) == ["Acme GmbH", "Beta Ltd"]
    assert Path(f"{store}.before-restore").read_bytes().startswith(b"nothing that")


def test_a_restore_brings_the_configuration_back(cli: Cli, store: Path, tmp_path: Path, home: Path) -> None:
    cli("config", "set", "me", "ana@acme.example")
    archive = cli("store", "backup", tmp_path, "--json").json["path"]
    cli("config", "set", "me", "bo@acme.example")

    cli("store", "restore", archive, "--yes")

    assert "ana@acme.example" in (home / "config" / "config.toml").read_text()
    assert "bo@acme.example" in (home / "config" / "config.toml.before-restore").read_text()


def test_schedules_arrive_paused(cli: Cli, store: Path, tmp_path: Path, home: Path) -> None:
    (home / "config").mkdir(exist_ok=True)
    path = home / "config" / "schedules.toml"
    entry = '[schedules.weekly]  # for sales\ntemplate = "devices"\ncron = "@weekly"\ntz = "UTC"\n'
    path.write_text(entry)
    archive = cli("store", "backup", tmp_path, "--json").json["path"]
    path.write_text("# another one\n")

    cli("store", "restore", archive, "--yes")

    assert path.read_text() == f"{entry}paused = true\n"
    assert path.with_name("schedules.toml.before-restore").read_text() == "# another one\n"
    assert cli("schedules", "list", "--json").json[0]["paused"] is True


def test_a_restore_asks_first(cli: Cli, archive: Path, store: Path) -> None:
    before = store.read_bytes()

    assert "needs a confirmation" in cli("store", "restore", archive, expect=2).stderr
    cli("store", "restore", archive, terminal=True, input="n\n", expect=130)
    would = cli("store", "restore", archive, "--dry-run", "--json")

    assert would.json["customers"] == 2
    assert store.read_bytes() == before
    assert [p.name for p in store.parent.iterdir() if "restore" in p.name] == []


def test_a_restore_does_not_disturb_another_writer(cli: Cli, archive: Path, store: Path) -> None:
    writer = sqlite3.connect(store, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    result = cli("store", "restore", archive, "--yes", "--wait", "0s", expect=9)

    writer.execute("ROLLBACK")
    writer.close()
    assert "another run is writing" in result.stderr
    assert names(cli) == ["Acme GmbH", "Beta Ltd"]


def parts(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as file:
        return {name: file.read(name) for name in file.namelist()}


def repacked(archive: Path, content: dict[str, bytes], *, honest: bool = True) -> Path:
    """Write an archive of that content; `honest`: its manifest lists it as it is."""
    if honest and "manifest.json" in content:
        manifest = json.loads(content["manifest.json"])
        manifest["sha256"] = {
            name: hashlib.sha256(body).hexdigest()
            for name, body in content.items()
            if name != "manifest.json"
        }
        content = {**content, "manifest.json": json.dumps(manifest).encode()}
    other = archive.with_name("other.zip")
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in content.items():
            file.writestr(name, body)
    return other


UNSOUND = {
    "a database whose tables share a page": """
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'audit')
            WHERE name = 'runs';
    """,
    "a database without its runs": "PRAGMA foreign_keys = OFF; DROP TABLE runs;",
}


def bad_archives(archive: Path) -> Iterator[tuple[str, Path]]:
    content = parts(archive)
    for name in (
        "../evil.toml",
        "/etc/evil",
        "templates/../../evil.toml",
        "templates/a/b.toml",
        "C:\\x.toml",
    ):
        yield name, repacked(archive, {**content, name: b""})
    yield "no store", repacked(archive, {"manifest.json": content["manifest.json"]})
    yield "no manifest", repacked(archive, {"store.db": content["store.db"]})
    yield "changed", repacked(archive, {**content, "store.db": content["store.db"][:-1] + b"x"}, honest=False)
    yield "no database", repacked(archive, {**content, "store.db": b"nothing"})
    yield "empty database", repacked(archive, {**content, "store.db": b""})
    cut = content["store.db"][: len(content["store.db"]) // 2]
    yield "cut database", repacked(archive, {**content, "store.db": cut})
    yield "bad config", repacked(archive, {**content, "config.toml": b"[profiles.default]\nnonsense = 1\n"})
    yield "bad template", repacked(archive, {**content, "templates/a.toml": b"= 1"})
    yield "not UTF-8", repacked(archive, {**content, "config.toml": b"\xff\xfe\xfa"})
    yield "bomb", repacked(archive, {**content, "config.toml": b"\n" * (5 << 20)})
    newer = json.loads(content["manifest.json"]) | {"format": 2}
    yield "newer", repacked(archive, {**content, "manifest.json": json.dumps(newer).encode()})
    yield "strange manifest", repacked(archive, {**content, "manifest.json": b"[]"}, honest=False)
    half = archive.with_name("half.zip")
    half.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    yield "cut archive", half
    yield (
        "too many files",
        repacked(archive, {**content, **{f"templates/{n}.toml": b"" for n in range(5000)}}),
    )
    yield "other files", repacked(archive, {**content, "templates/a.toml": b""}, honest=False)
    for what, script in UNSOUND.items():
        unsound = archive.with_name("unsound.db")
        unsound.write_bytes(content["store.db"])
        with closing(sqlite3.connect(unsound)) as connection:
            connection.executescript(script)
        yield what, repacked(archive, {**content, "store.db": unsound.read_bytes()})
    text = archive.with_name("text.zip")
    text.write_text("no archive")
    yield "no archive", text


def test_a_bad_archive_changes_nothing(
    cli: Cli, archive: Path, store: Path, home: Path, tmp_path: Path
) -> None:
    before = store.read_bytes()
    there = sorted(str(p) for p in home.rglob("*"))

    for what, bad in bad_archives(archive):
        result = cli("store", "restore", bad, "--yes", expect=12)
        assert result.stdout == "", what
        assert store.read_bytes() == before, what
        assert sorted(str(p) for p in home.rglob("*")) == there, what
    assert not (tmp_path / "evil.toml").exists()


def test_a_store_of_a_newer_version_is_refused(cli: Cli, archive: Path, tmp_path: Path) -> None:
    content = parts(archive)
    newer = tmp_path / "newer.db"
    newer.write_bytes(content["store.db"])
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    bad = repacked(archive, {**content, "store.db": newer.read_bytes()})

    assert "schema 99" in cli("store", "restore", bad, "--yes", expect=12).stderr


def test_an_archive_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    assert "there is no file" in cli("store", "restore", tmp_path / "no.zip", expect=2).stderr


def test_a_store_in_memory_is_not_restored_into(cli: Cli, archive: Path) -> None:
    result = cli("store", "restore", archive, "--store", "sqlite:///:memory:", "--yes", expect=2)

    assert "a store in memory has no file" in result.stderr


def test_a_restore_does_not_replace_a_sound_store_of_a_newer_version(
    cli: Cli, archive: Path, store: Path
) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = store.read_bytes()

    assert "schema 99" in cli("store", "restore", archive, "--yes", expect=13).stderr
    assert store.read_bytes() == before


def test_what_lay_beside_a_damaged_store_is_kept_with_it(cli: Cli, archive: Path, store: Path) -> None:
    store.write_bytes(b"nothing that anybody could read" * 1000)
    Path(f"{store}-wal").write_bytes(b"changes of the damaged store")

    cli("store", "restore", archive, "--yes")

    assert names(cli) == ["Acme GmbH", "Beta Ltd"]
    assert Path(f"{store}.before-restore-wal").read_bytes() == b"changes of the damaged store"


def test_a_store_too_damaged_to_be_read_to_its_end_is_told_as_a_problem(cli: Cli, store: Path) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    store.write_bytes(store.read_bytes()[: 4096 * 3 + 100])

    result = cli("store", "check", "--json", expect=13)

    assert "damaged" in result.stdout + result.stderr
