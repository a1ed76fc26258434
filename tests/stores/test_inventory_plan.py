"""The rows of an inventory come sorted from the store without being sorted: the plan that this rests on."""

from datetime import date
from pathlib import Path

import pytest

from partnerctl.domain.entities import ENTITIES
from partnerctl.stores.opening import open_store
from partnerctl.stores.terms import Question

INVENTORIES = [name for name, entity in ENTITIES.items() if entity.inventory]


@pytest.mark.parametrize("entity", INVENTORIES)
def test_a_million_rows_are_not_sorted(entity: str, tmp_path: Path) -> None:
    asked: list[str] = []
    store = open_store(str(tmp_path / "s.db"), wait=1, create=True, trace=asked.append)
    columns = tuple(field.name for field in ENTITIES[entity].fields)

    list(store.inventory_rows(ENTITIES[entity], columns, Question(date(2026, 11, 23))))
    plan = [row[3] for row in store._connection.execute(f"EXPLAIN QUERY PLAN {asked[-1]}")]
    store.close()

    assert [step.partition(" (")[0] for step in plan] == [
        "SCAN c USING COVERING INDEX customers_name",
        "SEARCH i USING PRIMARY KEY",
        "SEARCH r USING PRIMARY KEY",
    ]
