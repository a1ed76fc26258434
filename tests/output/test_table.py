"""Tables for people."""

from collections.abc import Sequence
from datetime import date
from io import StringIO
from typing import Any

import pytest

from partnerctl.output.render import Rows, render, render_one
from partnerctl.output.shape import Shape
from tests.output.shelf import EMPTY, FULL, Shelf

DAY = date(2026, 11, 22)


def shown(
    records: Any, columns: Sequence[str] | None = None, data_as_of: date | None = None, **shape: Any
) -> tuple[str, tuple[str, ...]]:
    out = StringIO()
    notes = render(Rows(Shelf, records, data_as_of), Shape(**shape), out, columns)
    return out.getvalue(), notes


def test_a_table_says_what_is_known_and_of_which_day() -> None:
    text, notes = shown([FULL, EMPTY], ("name", "tags", "licenses", "auto_renew", "total"), DAY)

    assert notes == ()
    assert text == (
        "name       tags          licenses                        auto_renew  total\n"
        "---------  ------------  ------------------------------  ----------  -----\n"
        "Ação Ltda  renewal, vip  meetings:40/100, messaging:/10  yes           110\n"
        "-          -             -                               -               -\n"
        "\n"
        "data as of 2026-11-22\n"
    )


def test_a_column_that_is_empty_throughout_is_hidden_with_a_note() -> None:
    text, notes = shown([EMPTY], columns=("org_id", "name", "tags"))

    assert text == "org_id\n------\n2222\n"
    assert notes == ("nothing is known of name, tags: not shown",)


def test_zero_and_no_are_known() -> None:
    text, notes = shown([Shelf(None, "1", auto_renew=False, total=0)], fields=("auto_renew", "total"))

    assert notes == ()
    assert text.splitlines()[2].split() == ["no", "0"]


def test_one_column_stays_where_all_are_empty() -> None:
    text, notes = shown([EMPTY], fields=("name", "total"))

    assert text.splitlines()[0] == "name"
    assert notes == ("nothing is known of total: not shown",)


def test_an_empty_table_is_a_note_alone() -> None:
    assert shown([]) == ("", ("nothing to show",))


def test_the_demonstration_says_so() -> None:
    assert shown([FULL], ("org_id",), DAY, demo=True)[0].endswith("\n\ndata as of 2026-11-22 · DEMO\n")
    assert shown([FULL], ("org_id",), demo=True)[0].endswith("\n\nDEMO\n")


def test_texts_that_look_like_numbers_stay_as_they_are() -> None:
    text, _ = shown([Shelf("1e5", "007"), Shelf("2.50", "0")], fields=("name", "org_id"), header=False)

    assert text == "1e5   007\n2.50  0\n"


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("Acme\x1b[31m", "Acme\ufffd[31m"),
        ("Ac\nme\tLtda", "Ac me Ltda"),
        ("abc\u202egnp", "abc\ufffdgnp"),
        ("\u200dé", "\u200dé"),
    ],
)
def test_control_characters_are_replaced(name: str, harmless: str) -> None:
    assert shown([Shelf(name, "1")], fields=("name", "org_id"), header=False)[0] == f"{harmless}  1\n"


def test_wide_characters_take_two_columns() -> None:
    text, _ = shown([Shelf("東京", "1"), Shelf("Acme", "2")], fields=("name", "org_id"), header=False)

    assert text == "東京  1\nAcme  2\n"


LONG = Shelf(
    "Companhia Brasileira de Distribuição e Logística", "6b2b3b4c-0000-4000-8000-000000000001", total=5
)


def test_a_terminal_shortens_names_and_never_ids() -> None:
    text, _ = shown([LONG], fields=("name", "org_id", "total"), width=70)

    assert text == (
        "name                      org_id                                total\n"
        "------------------------  ------------------------------------  -----\n"
        "Companhia Brasileira de…  6b2b3b4c-0000-4000-8000-000000000001      5\n"
    )
    assert all(len(line) <= 70 for line in text.splitlines())


def test_a_pipe_shortens_nothing() -> None:
    text, _ = shown([LONG], fields=("name", "org_id", "total"))

    assert LONG.name is not None
    assert LONG.name in text


def test_colours_are_in_the_header_alone() -> None:
    text, _ = shown([FULL], fields=("org_id",), colour=True)

    assert text == "\x1b[1morg_id\x1b[0m\n------\n1111\n"


def test_one_thing_is_keys_and_values_with_its_lists_below() -> None:
    out = StringIO()
    render_one(
        FULL,
        Shape("table"),
        out,
        table_fields=("name", "end_date", "total", "licenses", "reasons"),
        sections={"licenses": ("product", "total")},
        data_as_of=DAY,
    )

    assert out.getvalue() == (
        "name      Ação Ltda\n"
        "end_date  2026-12-01\n"
        "total     110\n"
        "\n"
        "licenses:\n"
        "product    total\n"
        "---------  -----\n"
        "meetings     100\n"
        "messaging     10\n"
        "\n"
        "reasons:\n"
        "code      value\n"
        "--------  -----\n"
        "expiring      3\n"
        "\n"
        "data as of 2026-11-22\n"
    )


def test_a_file_keeps_its_end_on_a_narrow_terminal() -> None:
    from partnerctl.output.table_cells import fit

    cells = [["/home/ana/Downloads/Subscription Details_Ab12Cd34Ef_2026-11-22.csv", "-"], ["12", "3"]]
    fit(["file", "rows"], cells, 40, with_headers=True)

    assert cells == [["…Details_Ab12Cd34Ef_2026-11-22.csv", "-"], ["12", "3"]]
