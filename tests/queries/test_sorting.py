"""What ``--sort`` names, and the order it gives."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.errors import UsageError
from partnerctl.queries.sorting import SortKey, order_by_sql, parse_sort
from tests.queries.customers import CUSTOMERS, Row, Rows


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("name", [("name", False)]),
        ("-seats", [("licenses_total", True)]),
        ("+name, -end", [("name", False), ("next_end_date", True)]),
        ("name,-names", [("name", False)]),
    ],
)
def test_fields_and_directions(text: str, keys: list[tuple[str, bool]]) -> None:
    assert [(key.field.name, key.descending) for key in parse_sort(text, CUSTOMERS)] == keys


@pytest.mark.parametrize(
    ("text", "caret", "said"),
    [
        ("name,-regoin", "     ^^^^^^^", "there is no field 'regoin' to sort by"),
        ("tags", "^^^^", "tags is a list and has no order"),
        ("", "^", "a field to sort by is missing"),
        ("name,", "     ^", "a field to sort by is missing"),
        ("-", "^", "a field to sort by is missing"),
    ],
)
def test_the_caret_stands_under_what_is_no_field(text: str, caret: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_sort(text, CUSTOMERS)
    reason, shown, carets = caught.value.reason.split("\n")
    assert (said, f"  {text}", f"  {caret}") == (reason[: len(said)], shown, carets)
    assert caught.value.hint


def test_unknown_values_come_last_both_ways_and_ties_go_by_id() -> None:
    with Rows([Row(seats=5), Row(), Row(seats=9), Row(seats=5)]) as rows:
        up = order_by_sql(parse_sort("seats", CUSTOMERS), ["c.id"])
        down = order_by_sql(parse_sort("-seats", CUSTOMERS), ["c.id"])
        assert rows.ordered(up) == [0, 3, 2, 1]
        assert rows.ordered(down) == [2, 0, 3, 1]


def test_a_field_that_is_always_known_sorts_by_its_column_alone() -> None:
    assert order_by_sql(parse_sort("name", CUSTOMERS), ["c.id"]) == "c.name, c.id"


def test_a_list_of_words_cannot_be_put_into_an_order() -> None:
    tags = CUSTOMERS.find("tags")
    assert tags is not None
    with pytest.raises(ValueError, match="no order"):
        order_by_sql([SortKey(tags)])


@given(st.text("name,-+ set") | st.text())
def test_any_text_is_keys_or_wrong_usage(text: str) -> None:
    with suppress(UsageError):
        assert parse_sort(text, CUSTOMERS)
