"""Files as tables of typed values, with their notes, bad rows and rejected files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from partnerctl.errors import InvalidData
from partnerctl.ingest.rejected import RejectedRows
from partnerctl.ingest.sources import open_sources
from partnerctl.ingest.typed import ReadOptions, Table, open_table
from partnerctl.tabular.dates import DateOrder
from partnerctl.tabular.rows import BadRow
from tests.tabular.files import ACME, LAYOUTS

EMEA = ACME.replace("1", "9")


def table(tmp_path: Path, text: str, options: ReadOptions | None = None, name: str = "file.csv") -> Table:
    path = tmp_path / name
    path.write_bytes(text.encode())
    with open_sources([path]) as found:
        return open_table(found.files[0], LAYOUTS, options)


def refused(tmp_path: Path, text: str) -> InvalidData:
    with pytest.raises(InvalidData) as caught:
        list(table(tmp_path, text).rows())
    return caught.value


def test_a_portuguese_report_becomes_typed_values(tmp_path: Path) -> None:
    text = (
        "Nome do cliente;ID da organização do cliente;ID de inscrição;"
        "Total de usuários;Validade / data de renovação\n"
        f"Ação LTDA;{ACME.upper()};;2.500;02/11/2026\n"
    )
    opened = table(tmp_path, text)
    assert (opened.layout.name, opened.language) == ("subscription-details", "pt")
    assert opened.keys == ("customer", "org_id", "subscription_id", "total_users", "end_date")
    assert list(opened.rows()) == [(2, ("Ação LTDA", ACME, None, 2500, date(2026, 11, 2)))]
    assert opened.notes == ()


def test_one_date_late_in_the_file_settles_the_order_of_all(tmp_path: Path) -> None:
    text = f"subscription_id,org_id,kind,end_date\ns1,{ACME},trial,03/04/2026\ns2,{ACME},trial,04/31/2026\n"
    assert table(tmp_path, text).date_order is DateOrder.MDY
    assert table(tmp_path, text, ReadOptions(date_order=DateOrder.DMY)).date_order is DateOrder.DMY


def test_a_guessed_order_and_unknown_columns_are_told(tmp_path: Path) -> None:
    text = f"org_id,name,created_date,colour,shape\n{ACME},Acme,03/04/2026,red,round\n"
    opened = table(tmp_path, text)
    assert [row for _, row in opened.rows()] == [(ACME, "Acme", date(2026, 3, 4))]
    name = tmp_path / "file.csv"
    assert opened.notes == (
        f"{name}: skipped 2 columns not known here: colour, shape",
        f"{name}: dates such as 03/04/2026 read as month first; --date-order settles it",
    )


def test_implausible_values_are_kept_with_one_warning_each_time_the_rows_are_read(tmp_path: Path) -> None:
    text = f"org_id,name,country\n{ACME},Acme,br\n{EMEA},Emea,QQ\n{ACME},Acme,zz\n"
    opened = table(tmp_path, text)
    for _ in range(2):
        assert [row[2] for _, row in opened.rows()] == ["BR", "QQ", "ZZ"]
    warning = "'QQ' is no country code of ISO 3166-1; kept as it stands (2 rows in all)"
    assert opened.notes == (f"{tmp_path / 'file.csv'}, line 3: country: {warning}",)


def test_a_bad_cell_is_named_by_line_and_column(tmp_path: Path) -> None:
    error = refused(tmp_path, f"Org_ID,Name,Planned users\n{ACME},Acme,3\n{ACME},Acme,-3\n")
    words = "planned_users (Planned users): '-3' is negative; a count is 0 or more"
    assert error.reason == f"{tmp_path / 'file.csv'}, line 3: {words}"


def test_a_required_cell_may_not_be_empty_and_a_row_of_delimiters_is_no_row(tmp_path: Path) -> None:
    assert "name: is empty" in refused(tmp_path, f"org_id,name\n{ACME},\n").reason
    opened = table(tmp_path, f"org_id,name\n{ACME},Acme\n,\n , \n")
    assert len(list(opened.rows())) == 1
    assert opened.notes == (f"{tmp_path / 'file.csv'}, line 3: skipped an empty row (2 rows in all)",)


def test_bad_rows_are_written_beside_the_file_and_can_be_imported_once_corrected(tmp_path: Path) -> None:
    text = f'org_id,name,country\n{ACME},"Acme, Inc",BR\nnobody,"Emea\nLTDA",BR\n'
    text += f"{ACME},short\n{ACME},a,BR,more\n"
    opened = table(tmp_path, text)
    path = tmp_path / "file.rejected.csv"
    with RejectedRows(path, opened.headers) as rejected:
        assert [line for line, _ in opened.rows(rejected)] == [2]
    assert rejected.count == 3
    assert path.read_bytes().decode().split("\r\n") == [
        "org_id,name,country,rejected_line,rejected_reason",
        "nobody,\"Emea\nLTDA\",BR,3,org_id: 'nobody' is no organization id",
        f'{ACME},short,,5,"the row has 2 cells, the header 3"',
        f'{ACME},a,BR,6,"the row has 4 cells, the header 3",more',
        "",
    ]
    corrected = f"org_id,name,country,rejected_line,rejected_reason\n{EMEA},Emea,BR,3,x\n"
    assert list(table(tmp_path, corrected).rows()) == [(2, (EMEA, "Emea", "BR"))]


def test_without_a_path_rejected_rows_are_only_counted(tmp_path: Path) -> None:
    opened = table(tmp_path, "org_id,name\nx,y\n")
    with RejectedRows(None, opened.headers) as rejected:
        assert list(opened.rows(rejected)) == []
    assert (rejected.count, isinstance(rejected.first, BadRow)) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["file.csv"]


def test_json_lines_are_a_table_too(tmp_path: Path) -> None:
    text = f'{{"org_id": "{ACME}", "name": "Acme", "planned_users": 3, "region": null}}\n'
    opened = table(tmp_path, text, name="customers.jsonl")
    assert list(opened.rows()) == [(1, (ACME, "Acme", 3, None))]


def test_an_excel_file_loses_its_guard_and_any_other_keeps_its_text(tmp_path: Path) -> None:
    text = f"org_id,name,external_id\n{ACME},'=Acme,'@x\n"
    assert [row for _, row in table(tmp_path, "\ufeff" + text).rows()] == [(ACME, "=Acme", "@x")]
    assert [row for _, row in table(tmp_path, text).rows()] == [(ACME, "'=Acme", "'@x")]


def test_the_entity_and_the_headers_can_be_said(tmp_path: Path) -> None:
    options = ReadOptions(entity="admins", header_map=(("Mail", "email"),), aliases=(("Papel", "role"),))
    opened = table(tmp_path, "Mail,Papel\nAna@Acme.example,full_admin\n", options)
    assert list(opened.rows()) == [(2, ("ana@acme.example", "full_admin"))]
