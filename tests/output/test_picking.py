"""``--fields``: picking and ordering."""

import pytest

from partnerctl.errors import UsageError
from partnerctl.output.picking import pick_fields, row_getter
from tests.output.shelf import FULL, Shelf


def test_fields_come_in_the_order_asked_for_and_once() -> None:
    assert pick_fields(Shelf, ("total", "name", "total")) == ("total", "name")


def test_without_a_choice_all_fields_come_in_their_order() -> None:
    assert pick_fields(Shelf, None)[:3] == ("name", "org_id", "tags")


def test_an_unknown_field_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="no field 'end_dat'") as caught:
        pick_fields(Shelf, ("name", "end_dat"))

    assert caught.value.hint == "did you mean end_date or learned_at?"


def test_an_unknown_field_like_no_other_lists_them_all() -> None:
    with pytest.raises(UsageError) as caught:
        pick_fields(Shelf, ("xyzzy",))

    assert caught.value.hint == (
        "choose from: name, org_id, tags, licenses, reasons, end_date, learned_at, auto_renew, total,"
        " assigned_pct"
    )


def test_a_row_is_a_tuple_even_of_one_field() -> None:
    assert row_getter(("total",))(FULL) == (110,)
    assert row_getter(("total", "name"))(FULL) == (110, "Ação Ltda")
