"""Any order of dated files, repeated at will, gives the same store; an undo gives the store without one."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stores.said import Said, dump, forget, memory, tell, told
from tests.stores.strategies import files, orders

many = settings(
    max_examples=int(os.environ.get("N", "40")), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@many
@given(files(moves=True), st.data())
def test_any_order_gives_the_same_store(said: list[Said], data: st.DataObject) -> None:
    order = data.draw(orders(len(said)))

    assert dump(told(said[i] for i in order)) == dump(told(said))


@many
@given(files(moves=True))
def test_the_same_file_again_changes_nothing(said: list[Said]) -> None:
    store = told(said)
    before = dump(store)

    for again in said:
        tell(store, again)
        assert dump(store) == before


@many
@given(files(moves=True))
def test_the_store_is_sound_after_every_file(said: list[Said]) -> None:
    store = memory()

    for one in said:
        tell(store, one)
        assert list(store.check()) == []


@many
@given(files(moves=True), st.data())
def test_forgetting_a_file_gives_the_store_without_it(said: list[Said], data: st.DataObject) -> None:
    gone = data.draw(st.integers(1, len(said) - 1))
    store = memory()
    runs = [tell(store, one) for one in said]

    forget(store, runs[gone])

    assert list(store.check()) == []
    assert dump(store) == dump(told(said[:gone] + said[gone + 1 :]))
