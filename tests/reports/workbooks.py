"""Workbooks as another library reads them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from partnerctl.domain.entities import Kind
from partnerctl.reports.page import Page
from partnerctl.reports.values import Cell
from partnerctl.reports.xlsx import write_xlsx
from tests.reports.pages import PAGE, ROWS, layout_of

at = datetime.fromisoformat  # as openpyxl gives days and instants: without a zone


def written(folder: Path, page: Page = PAGE, rows: Sequence[Sequence[Cell]] = ROWS) -> Path:
    path = folder / "report.xlsx"
    path.write_bytes(b"")
    assert write_xlsx(path, page, rows) == len(rows)
    return path


def opened(path: Path) -> Worksheet:
    (sheet,) = openpyxl.load_workbook(path).worksheets
    return sheet


def values(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """Return the rows with their escapes undone: openpyxl leaves that to whoever reads."""
    return [
        tuple(unescape(cell) if isinstance(cell, str) else cell for cell in row)
        for row in sheet.iter_rows(values_only=True)
    ]


def one_cell(folder: Path, kind: Kind, cell: Cell) -> Any:
    """Return one cell as it is read from a workbook: its value, and how it is shown."""
    (read,) = opened(written(folder, replace(PAGE, layout=layout_of(kind)), [(cell,)]))[2]
    return (unescape(read.value) if isinstance(read.value, str) else read.value), read.number_format
