"""Headers to columns, and files to layouts."""

from __future__ import annotations

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.domain.entities import CUSTOMERS, ENTITIES
from partnerctl.errors import InvalidData, UsageError
from partnerctl.tabular.columns import Column, canonical_layout
from partnerctl.tabular.headers import Naming, match_headers
from partnerctl.tabular.recognition import chosen, recognise
from tests.tabular.files import DETAILS, DEVICES, LAYOUTS

PORTUGUESE = [column.header("pt") for column in DETAILS.columns]
ENGLISH = [column.header("en") for column in DETAILS.columns]


def keys(headers: list[str], naming: Naming | None = None) -> list[str]:
    return [c.key for _, c in match_headers(headers, DETAILS, "a.csv", naming).columns]


@pytest.mark.parametrize(("headers", "language"), [(PORTUGUESE, "pt"), (ENGLISH, "en")])
def test_headers_match_in_both_languages_and_tell_which(headers: list[str], language: str) -> None:
    match = match_headers(headers, DETAILS, "a.csv")
    assert [c.key for _, c in match.columns] == [c.key for c in DETAILS.columns]
    assert match.language == language


@given(data=st.data())
def test_case_accents_spaces_and_punctuation_do_not_count(data: st.DataObject) -> None:
    column = data.draw(st.sampled_from(DETAILS.columns))
    text = data.draw(st.sampled_from(column.spellings))
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    words = data.draw(st.sampled_from([text, bare])).split()
    messy = data.draw(st.sampled_from(["-", "_", "  ", "\u00a0", ". "])).join(words)
    others = [c.key for c in DETAILS.columns if c.required and c.key != column.key]
    assert column.key in keys(
        [data.draw(st.sampled_from([messy.upper(), messy.title(), f" {messy}:"])), *others]
    )


def test_a_map_and_a_configured_alias_name_columns() -> None:
    naming = Naming(mapped=(("Org", "org_id"),), aliases=(("Firma", "customer"),))
    assert keys(["Firma", "ORG", "Subscription ID", "Colour"], naming) == [
        "customer",
        "org_id",
        "subscription_id",
    ]


def test_a_map_beats_the_header_that_would_name_the_column_itself() -> None:
    naming = Naming(mapped=(("Real name", "customer"),))
    match = match_headers(
        ["Customer name", "Real name", "org_id", "subscription_id"], DETAILS, "a.csv", naming
    )
    assert (1, "customer") in [(place, column.key) for place, column in match.columns]
    assert match.unknown == ("Customer name",)


def test_a_missing_header_is_named_with_the_nearest_one_and_the_map_to_give() -> None:
    with pytest.raises(InvalidData) as caught:
        keys(["Customer name", "Customer org ID", "Subscription ID", "Colour"])
    assert caught.value.reason == (
        "a.csv, line 1: subscription-details needs the column org_id / Customer organization ID / "
        "ID da organização do cliente, and no header names it; the nearest one is 'Customer org ID'"
    )
    assert caught.value.hint == "Say --map 'Customer org ID=org_id'."


def test_a_missing_header_with_nothing_near_lists_what_was_not_recognised() -> None:
    with pytest.raises(InvalidData) as caught:
        keys(["Customer name", "org_id", "???", "XQZ"])
    assert "HEADER=subscription_id" in str(caught.value.hint)
    assert "XQZ" in str(caught.value.hint)


def test_two_headers_for_one_column_are_refused() -> None:
    with pytest.raises(
        InvalidData, match=r"two headers name the column 'customer': 'Customer name' \(column 1\)"
    ):
        keys(["Customer name", "Nome do cliente", "org_id", "subscription_id"])


def test_a_map_to_a_column_that_is_none_suggests_one() -> None:
    with pytest.raises(InvalidData) as caught:
        keys(["Org", "customer"], Naming(mapped=(("Org", "org_idd"),)))
    assert "org_id" in str(caught.value.hint)


@given(
    headers=st.lists(st.text(max_size=12)),
    mapped=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=8))),
)
def test_any_headers_match_or_are_refused(headers: list[str], mapped: list[tuple[str, str]]) -> None:
    with suppress(InvalidData):
        layout = recognise(headers, "x", LAYOUTS, "a.csv", Naming(tuple(mapped)))
        match_headers(headers, layout, "a.csv", Naming(tuple(mapped)))


@pytest.mark.parametrize("name", ENTITIES)
def test_every_canonical_file_is_recognised_by_all_its_headers(name: str) -> None:
    layout = canonical_layout(ENTITIES[name])
    assert (
        recognise([c.key for c in layout.columns], "x", LAYOUTS, "a.csv")
        is LAYOUTS[2 + list(ENTITIES).index(name)]
    )


def test_the_report_wins_where_its_customer_column_is_there() -> None:
    canonical = canonical_layout(ENTITIES["devices"])
    assert recognise([c.header("pt") for c in DEVICES.columns], "x", LAYOUTS, "a.csv") is DEVICES
    assert recognise([c.key for c in DEVICES.columns], "x", LAYOUTS, "a.csv") is DEVICES
    assert recognise(["org_id", "product", "mac"], "x", LAYOUTS, "a.csv") == canonical


def test_the_name_decides_where_the_headers_do_not() -> None:
    headers = ["email", "org_id"]
    assert recognise(headers, "assignments_2026-11-22", LAYOUTS, "a.csv").name == "assignments"
    assert recognise(headers, "My users", LAYOUTS, "a.csv").name == "users"
    with pytest.raises(InvalidData) as caught:
        recognise(headers, "list", LAYOUTS, "list.csv")
    assert (
        caught.value.reason
        == "list.csv, line 1: could be assignments or users, going by its headers (email, org_id)"
    )
    assert caught.value.hint == "Say it with --entity assignments|users."


def test_a_report_that_lacks_a_column_is_still_recognised() -> None:
    headers = ["Org", *(h for h in ENGLISH if h != "Customer organization ID")]
    assert recognise(headers, "x", LAYOUTS, "a.csv") is DETAILS


def test_what_tells_nothing_asks_for_the_entity() -> None:
    with pytest.raises(InvalidData, match=r"neither its headers \(a, b\) nor its name"):
        recognise(["a", "b"], "x", LAYOUTS, "x.csv")


def test_the_user_chooses_and_the_better_of_two_layouts_of_a_name_is_taken() -> None:
    assert chosen(["customer", "org_id"], "devices", LAYOUTS) is DEVICES
    assert chosen(["org_id"], "Devices", LAYOUTS) == canonical_layout(ENTITIES["devices"])
    assert chosen([], "phone_numbers", LAYOUTS).name == "phone-numbers"
    with pytest.raises(UsageError) as caught:
        chosen([], "custmers", LAYOUTS)
    assert "customers" in str(caught.value.hint)


def test_an_alias_in_portuguese_counts_for_the_language() -> None:
    layout = canonical_layout(CUSTOMERS)
    columns = tuple(
        Column(c.key, c.kind, aliases=("Nome da empresa",) * (c.key == "name")) for c in layout.columns
    )
    match = match_headers(["org_id", "Nome da empresa"], type(layout)("customers", columns), "a.csv")
    assert match.language == "pt"
