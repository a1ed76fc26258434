import io
from collections.abc import Iterator

import pytest

from partnerctl.domain.entities import Kind
from partnerctl.reports.jsonl import write_jsonl
from partnerctl.reports.values import Cell
from tests.reports.pages import LAYOUT, ROWS, TEXTS, layout_of

LINES = """\
{"end_date":"2026-12-01","customer":"Ação, Ltda","subscription_id":"007","total":1234,"assigned_pct":83.2,\
"auto_renew":true,"tags":["gold","key account"],"seen":"2026-11-22T23:59:05Z"}
{"end_date":"2027-01-31","customer":"=1+1","subscription_id":"1e5","total":0,"assigned_pct":100,\
"auto_renew":false,"tags":null,"seen":null}
{"end_date":null,"customer":"</td><script>document.title='hit'</script>","subscription_id":"Sub3",\
"total":null,"assigned_pct":null,"auto_renew":null,"tags":["new"],"seen":null}
{"end_date":"2026-11-30","customer":"Beta & Sons","subscription_id":"Sub4","total":99,"assigned_pct":7.5,\
"auto_renew":true,"tags":null,"seen":"2026-11-22T23:59:05Z"}
"""


def test_one_object_a_line_under_the_keys_of_the_columns() -> None:
    out = io.BytesIO()
    assert write_jsonl(out, LAYOUT, TEXTS) == 4
    assert out.getvalue().decode() == LINES


def test_typed_rows_give_the_same_but_know_that_there_are_no_words() -> None:
    out = io.BytesIO()
    write_jsonl(out, LAYOUT, ROWS)
    assert out.getvalue().decode() == LINES.replace('"tags":null,"seen":null', '"tags":[],"seen":null', 1)


def test_no_rows_are_no_lines() -> None:
    out = io.BytesIO()
    assert write_jsonl(out, LAYOUT, []) == 0
    assert out.getvalue() == b""


def test_lines_are_written_while_rows_come() -> None:
    out = io.BytesIO()

    def rows() -> Iterator[tuple[Cell, ...]]:
        yield from ((number,) for number in range(1_000))
        assert out.getvalue().startswith(b'{"count":0}\n{"count":1}\n')
        raise LookupError("the store went away")

    with pytest.raises(LookupError):
        write_jsonl(out, layout_of(Kind.COUNT), rows())
    assert out.getvalue().endswith(b'{"count":999}\n')
