"""DuckDB: opened with limits of memory, and what its errors mean to a person."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from partnerctl.errors import MachineFault, UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

READING_MEMORY = "1200MB"
"""What a query may hold in memory; what is more goes to temporary files."""
WRITING_MEMORY = "2GB"
"""What an import may hold in memory."""


@contextmanager
def engine(memory: str = READING_MEMORY) -> Iterator[DuckDBPyConnection]:
    """Yield a connection to an empty database in memory; its temporary files go with it.

    Within the block errors of the machine become MachineFault; DuckDB's other errors stay what they are.
    Raises UsageError where the extra is not installed.
    """
    duckdb = _duckdb()
    with tempfile.TemporaryDirectory(prefix="partnerctl-", ignore_cleanup_errors=True) as spill:
        settings = {
            "memory_limit": memory,
            "temp_directory": spill,
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",  # nothing is fetched from anywhere
            "autoload_known_extensions": "false",
        }
        connection = duckdb.connect(":memory:", config=settings)
        try:
            yield connection
        except (duckdb.IOException, duckdb.OutOfMemoryException) as fault:
            raise MachineFault(
                f"call records: {_first_line(fault)}", "free some space, and try again"
            ) from fault
        finally:
            connection.close()


def _duckdb() -> ModuleType:
    try:
        import duckdb
    except ImportError as fault:
        raise UsageError(
            "call records need an extra that is not installed",
            "install it: pip install 'partnerctl[calling]'",
        ) from fault
    return duckdb


def _first_line(fault: Exception) -> str:
    return str(fault).strip().partition("\n")[0]


def quoted(path: Path | str) -> str:
    """Return a path as a literal of SQL, for the places that take no parameter."""
    return "'" + str(path).replace("'", "''") + "'"


def matching(path: Path) -> str:
    """Return the literal of the pattern that this path alone matches: what is read is found by patterns."""
    return quoted("".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path)))
