"""How fields are found by the words that people write."""

import pytest

from partnerctl.queries.fields import FieldKind, FieldTable, QueryField
from tests.queries.customers import CUSTOMERS

NAME = QueryField("name", FieldKind.TEXT, "n", folded=True)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("name", "name"),
        ("names", "name"),
        ("Region", "region"),
        ("tag", "tags"),
        ("tags", "tags"),
        ("status", "statuses"),
        ("country", "country"),
        ("countries", "country"),
        ("seat", "licenses_total"),
        ("seats", "licenses_total"),
        ("licenses-total", "licenses_total"),
        ("end", "next_end_date"),
        ("home", "region"),
    ],
)
def test_singular_plural_and_aliases_name_a_field(word: str, name: str) -> None:
    found = CUSTOMERS.find(word)
    assert found is not None
    assert found.name == name


def test_a_name_of_its_own_wins_over_another_fields_singular() -> None:
    status = QueryField("status", FieldKind.TEXT, "s")
    statuses = QueryField("statuses", FieldKind.WORDS, "x {match}")
    table = FieldTable((statuses, status, NAME), "name")
    assert table.find("status") is status
    assert table.find("statuses") is statuses


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("regoin", "did you mean region?"),
        ("satuses", "did you mean statuses?"),
        ("zzz", "fields: org_id, name"),
    ],
)
def test_an_unknown_word_gets_a_suggestion(word: str, hint: str) -> None:
    assert CUSTOMERS.find(word) is None
    assert CUSTOMERS.suggestion(word).startswith(hint)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ((NAME, NAME, QueryField("name", FieldKind.TEXT, "m")), "two fields are named name"),
        ((QueryField("name", FieldKind.TEXT, "n"),), "folded text"),
        ((QueryField("tag", FieldKind.TEXT, "t"),), "no field is named name"),
    ],
)
def test_a_table_that_cannot_work_is_refused(fields: tuple[QueryField, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        FieldTable(fields, "name")


def test_words_have_a_place_for_the_comparison() -> None:
    with pytest.raises(ValueError, match="match"):
        QueryField("tags", FieldKind.WORDS, "t.tag")
