"""Opening a store by its URL: ``sqlite:///PATH``, or a path alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from partnerctl.stores.connection import connect, create_file, translated
from partnerctl.stores.migrate import migrate, pending, schema_number
from partnerctl.stores.sqlite import SqliteStore
from partnerctl.stores.urls import store_path


def open_store(
    url: str, *, wait: float, create: bool, at: str = "", trace: Callable[[str], None] | None = None
) -> SqliteStore:
    """Return the store at `url`; `wait` is how many seconds to wait for another writer.

    With `create` it is made, or brought up to date, where needed, and `at` (an instant as text) is recorded
    with it; otherwise a store that does not exist reads as empty and nothing is written. Raises UsageError
    for a URL of another kind, MachineFault where the file cannot be opened or is no store.
    """
    path = store_path(url)
    exists = path is not None and path.exists()
    if create and path is not None and not exists:
        create_file(path)
        exists = True
    connection = connect(path if exists else None, wait=wait, readonly=exists and not create)
    if trace is not None:
        connection.set_trace_callback(trace)
    with translated(path):
        if not exists or create:
            migrate(connection, path, at)
        elif pending(connection):
            connection.close()
            return open_store(url, wait=wait, create=True, at=at, trace=trace)
    return SqliteStore(connection, path)


def look_at(path: Path) -> int | None:
    """Return the number of the schema of the store in a file, None where there is no file; change nothing.

    Raises MachineFault where the file cannot be read, is no store, or was made by a newer version.
    """
    if not path.exists():
        return None
    connection = connect(path, wait=0, readonly=True)
    try:
        with translated(path):
            pending(connection)
            return schema_number(connection)
    finally:
        connection.close()
