"""JSON: one array, one object, or one object a line."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.output.json_lines import BATCH
from partnerctl.output.render import Rows, render, render_one
from partnerctl.output.shape import Shape
from tests.output.shelf import EMPTY, FULL, Shelf


def shown(records: Any, **shape: Any) -> str:
    out = StringIO()
    render(Rows(Shelf, records), Shape(**shape), out)
    return out.getvalue()


def test_a_list_is_one_compact_array_in_utf_8() -> None:
    assert shown([FULL, EMPTY], format="json") == (
        '[{"name":"Ação Ltda","org_id":"1111","tags":["renewal","vip"],'
        '"licenses":[{"product":"meetings","total":100,"assigned":40},'
        '{"product":"messaging","total":10,"assigned":null}],'
        '"reasons":[{"code":"expiring","value":3}],"end_date":"2026-12-01",'
        '"learned_at":"2026-11-23T12:00:05Z","auto_renew":true,"total":110,"assigned_pct":36.5},'
        '{"name":null,"org_id":"2222","tags":[],"licenses":[],"reasons":[],"end_date":null,'
        '"learned_at":null,"auto_renew":null,"total":null,"assigned_pct":null}]\n'
    )


def test_a_list_is_indented_on_a_terminal() -> None:
    assert shown([FULL, EMPTY], format="json", indent=True, fields=("org_id", "tags")) == (
        "[\n"
        '  {\n    "org_id": "1111",\n    "tags": [\n      "renewal",\n      "vip"\n    ]\n  },\n'
        '  {\n    "org_id": "2222",\n    "tags": []\n  }\n'
        "]\n"
    )


def test_an_empty_list_is_an_empty_array() -> None:
    assert shown([], format="json") == shown([], format="json", indent=True) == "[]\n"


def test_lines_are_one_object_each() -> None:
    assert shown([FULL, EMPTY], format="jsonl", fields=("org_id", "total")) == (
        '{"org_id":"1111","total":110}\n{"org_id":"2222","total":null}\n'
    )


def test_one_thing_is_one_object() -> None:
    out = StringIO()
    render_one(FULL, Shape("json", fields=("total", "name")), out)

    assert out.getvalue() == '{"total":110,"name":"Ação Ltda"}\n'


@pytest.mark.parametrize("indent", [False, True])
@pytest.mark.parametrize("count", [1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH])
def test_the_array_is_whole_whatever_the_batches(count: int, indent: bool) -> None:
    text = shown(
        [Shelf(None, str(n)) for n in range(count)], format="json", indent=indent, fields=("org_id",)
    )

    assert json.loads(text) == [{"org_id": str(n)} for n in range(count)]
    assert not indent or text == json.dumps(json.loads(text), indent=2) + "\n"


def test_a_fault_in_mid_stream_leaves_json_that_does_not_parse() -> None:
    def failing() -> Iterator[Shelf]:
        yield from [EMPTY] * (BATCH + 1)
        raise ZeroDivisionError

    out = StringIO()
    with pytest.raises(ZeroDivisionError):
        render(Rows(Shelf, failing()), Shape("json"), out)

    assert out.getvalue().startswith("[{")
    with pytest.raises(json.JSONDecodeError):
        json.loads(out.getvalue())


def test_a_fault_in_the_first_record_leaves_nothing() -> None:
    out = StringIO()
    with pytest.raises(AttributeError):
        render(Rows(Shelf, [object()]), Shape("json"), out)

    assert out.getvalue() == ""


@given(st.lists(st.builds(Shelf, st.none() | st.text(), st.text(), st.lists(st.text()).map(tuple))))
def test_any_text_comes_back(records: list[Shelf]) -> None:
    names = ("name", "org_id", "tags")
    expected = [{"name": r.name, "org_id": r.org_id, "tags": list(r.tags)} for r in records]

    assert json.loads(shown(records, format="json", fields=names)) == expected
    lines = shown(records, format="jsonl", fields=names).split("\n")
    assert [json.loads(line) for line in lines if line] == expected
