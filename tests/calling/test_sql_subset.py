"""The analytics are SQL that DuckDB, Spark and Trino share: each reads the same statement in it."""

from __future__ import annotations

from importlib import resources

import pytest
import sqlglot
from sqlglot import exp

from partnerctl.calling.querying import text_of

DIALECTS = ("duckdb", "spark", "trino")
NAMES = sorted(
    entry.name.removesuffix(".sql")
    for entry in (resources.files("partnerctl.calling") / "analytics").iterdir()
    if entry.name.endswith(".sql")
)


def test_there_are_files() -> None:
    assert len(NAMES) >= 17


@pytest.mark.parametrize("name", NAMES)
def test_every_engine_reads_the_same_statement(name: str) -> None:
    read = [sqlglot.parse(text_of(name), dialect=dialect) for dialect in DIALECTS]
    assert all(len(statements) == 1 for statements in read)
    assert read[0] == read[1] == read[2]
    assert isinstance(read[0][0], exp.Select)


@pytest.mark.parametrize("name", NAMES)
def test_every_function_is_one_that_all_engines_have(name: str) -> None:
    statement = sqlglot.parse_one(text_of(name), dialect="duckdb")
    assert not list(statement.find_all(exp.Anonymous))
    written = {dialect: statement.sql(dialect=dialect, identify=True) for dialect in DIALECTS}
    again = {sqlglot.parse_one(text, dialect=dialect) for dialect, text in written.items()}
    assert len(again) == 1, "an engine would need another spelling"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_begins_by_saying_what_it_counts(name: str) -> None:
    assert text_of(name).startswith("-- ")
