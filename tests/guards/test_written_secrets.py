"""The grep for secrets at the end of the test run finds what it is meant to find."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.written_secrets import secret_in, secrets_in

TOKEN = "sandbox-access-0123456789abcdef"


def test_a_secret_is_found_wherever_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "crash.log").write_text(f"Authorization: Bearer {TOKEN}")
    connection = sqlite3.connect(tmp_path / "store.db")
    connection.execute("CREATE TABLE audit (after TEXT)")
    connection.execute("INSERT INTO audit VALUES (?)", (TOKEN,))
    connection.commit()
    connection.close()
    (tmp_path / "credentials.json").write_text(TOKEN)
    found = [line.partition(":")[0] for line in secrets_in(tmp_path)]
    assert found == [str(tmp_path / "state" / "crash.log"), str(tmp_path / "store.db")]
    for path in map(Path, found):
        path.unlink()  # or the grep at the end of the run would find them, too


def test_a_secret_that_is_printed() -> None:
    assert secret_in(f"error: {TOKEN} is refused")
    assert not secret_in("error: sandbox-access-*** is refused")
