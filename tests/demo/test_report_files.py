from collections import Counter
from datetime import date

import pytest

from partnerctl.demo.made import make_demo
from partnerctl.demo.report_files import COLUMNS, ReportFile, report_files, subscription_details
from partnerctl.reports.defaults import find_template
from partnerctl.reports.templates import STORED_NAMES

DAY = date(2026, 11, 23)
DEMO = make_demo(7, 60, DAY)


def newest(language: str, template: str) -> ReportFile:
    return [file for file in report_files(DEMO, language) if file.template == template][-1]


@pytest.mark.parametrize("name", STORED_NAMES)
def test_the_columns_are_those_of_the_template(name: str) -> None:
    assert COLUMNS[name] == tuple(column.key for column in find_template(name).layout.columns)


def test_there_is_a_subscription_file_per_week_and_one_inventory_of_each_kind() -> None:
    files = list(report_files(DEMO, "en"))
    assert Counter(file.template for file in files) == {
        "subscription-details": 26,
        "devices": 1,
        "phone-numbers": 1,
        "webex-app-version": 1,
    }
    assert [file.day for file in files[:26]] == list(DEMO.days)
    assert {file.day for file in files[26:]} == {DAY}
    assert len({file.seed for file in files}) == len(files)


@pytest.mark.parametrize("name", STORED_NAMES)
def test_rows_are_as_wide_as_the_columns_and_sorted_by_customer(name: str) -> None:
    rows = list(newest("en", name).rows)
    assert rows
    assert {len(row) for row in rows} == {len(COLUMNS[name])}
    customers = [str(row[COLUMNS[name].index("customer")]) for row in rows]
    assert customers == sorted(customers)
    assert {type(cell) for row in rows for cell in row} <= {str, int, type(None)}


def test_portuguese_files_have_portuguese_words_and_iso_days() -> None:
    rows = [
        dict(zip(COLUMNS["subscription-details"], row, strict=True))
        for row in newest("pt", "subscription-details").rows
    ]
    assert {row["auto_renew"] for row in rows} == {"Sim", "Não", None}
    assert {row["subscription_status"] for row in rows} == {"ativa", "suspensa", "expirada", "pendente"}
    assert {row["calculated_date"] for row in rows} == {"2026-11-23"}
    assert any(row["subscription_type"] == "Teste do Webex" for row in rows)
    numbers = [
        dict(zip(COLUMNS["phone-numbers"], row, strict=True)) for row in newest("pt", "phone-numbers").rows
    ]
    assert {row["active"] for row in numbers} == {"Sim", "Não"}


def test_english_files_have_english_words() -> None:
    rows = [
        dict(zip(COLUMNS["subscription-details"], row, strict=True))
        for row in newest("en", "subscription-details").rows
    ]
    assert {row["auto_renew"] for row in rows} == {"true", "false", None}
    assert {row["subscription_status"] for row in rows} == {"active", "suspended", "expired", "pending setup"}
    assert any(row["subscription_type"] == "Webex Trial" for row in rows)


def test_a_file_holds_every_subscription_of_its_week_with_that_weeks_figures() -> None:
    described = {
        row[1]: row for batch in DEMO.batches() if batch.entity.name == "subscriptions" for row in batch.rows
    }
    figures = {
        (row[0], row[1]): row
        for batch in DEMO.batches()
        if batch.entity.name == "licenses" and batch.day == DAY
        for row in batch.rows
    }
    assert described
    for row in subscription_details(DEMO, 25, "en"):
        cells = dict(zip(COLUMNS["subscription-details"], row, strict=True))
        for product in ("meetings", "calling_professional", "calling_standard"):
            known = figures.get((cells["subscription_id"], product), (None,) * 7)
            stated = [cells[f"{product}_{what}"] for what in ("available", "assigned", "used")]
            assert stated == [known[2], known[3], known[6]]
