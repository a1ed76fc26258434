"""CSV and TSV."""

import csv
from dataclasses import dataclass
from io import StringIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from partnerctl.output.render import Rows, render, render_one
from partnerctl.output.shape import Shape
from tests.output.shelf import EMPTY, FULL, Shelf


def shown(records: Any, **shape: Any) -> str:
    out = StringIO()
    render(Rows(Shelf, records), Shape(**shape), out)
    return out.getvalue()


def test_csv_has_a_header_and_a_row_per_record() -> None:
    assert shown([FULL, EMPTY], format="csv") == (
        "name,org_id,tags,licenses,reasons,end_date,learned_at,auto_renew,total,assigned_pct\n"
        "Ação Ltda,1111,renewal;vip,meetings:40/100;messaging:/10,"
        '"[{""code"":""expiring"",""value"":3}]",2026-12-01,2026-11-23T12:00:05Z,true,110,36.5\n'
        ",2222,,,,,,,,\n"
    )


def test_tsv_differs_by_the_tab_alone() -> None:
    assert shown([FULL], format="tsv", fields=("name", "tags")) == "name\ttags\nAção Ltda\trenewal;vip\n"


def test_no_header_leaves_the_header_out() -> None:
    assert shown([FULL], format="csv", fields=("org_id",), header=False) == "1111\n"


def test_an_empty_list_is_a_header() -> None:
    assert shown([], format="csv", fields=("org_id", "name")) == "org_id,name\n"


def test_one_thing_is_one_row() -> None:
    out = StringIO()
    render_one(FULL, Shape("csv", fields=("name", "total")), out)

    assert out.getvalue() == "name,total\nAção Ltda,110\n"


def test_quotes_stand_only_where_needed() -> None:
    record = Shelf('Acme, "the" first\nLtda', "1")

    assert shown([record], format="csv", fields=("name",), header=False) == '"Acme, ""the"" first\nLtda"\n'


@dataclass(frozen=True)
class Odd:
    mapping: dict[str, str]
    false: bool = False
    zero: int = 0


def test_other_nested_values_are_json_text_and_nothing_known_is_lost() -> None:
    out = StringIO()
    render(Rows(Odd, [Odd({"Kunde": "customer"})]), Shape("csv", header=False), out)

    assert out.getvalue() == '"{""Kunde"":""customer""}",false,0\n'


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))


@given(st.lists(st.builds(Shelf, text, text.filter(bool))), st.sampled_from(["csv", "tsv"]))
def test_any_text_comes_back(records: list[Shelf], format_: str) -> None:
    written = shown(records, format=format_, fields=("name", "org_id"))
    read = list(csv.reader(StringIO(written, newline=""), delimiter="," if format_ == "csv" else "\t"))

    assert read == [["name", "org_id"], *([r.name, r.org_id] for r in records)]
