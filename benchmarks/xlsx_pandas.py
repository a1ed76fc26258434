"""Workbooks against pandas: the same rows of subscriptions, each writer as a whole process.

python -m benchmarks.xlsx_pandas --rows 100000
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks.processes import Measured, Timed, measure

ALLOWED = 0.25
"""The share of the time that pandas takes which our writer may take for the same rows."""

_OURS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from benchmarks.xlsx_pandas import made_rows, texts
from partnerctl.reports.page import Page
from partnerctl.reports.defaults import find_template
from partnerctl.reports.xlsx import write_xlsx
path, rows = Path(sys.argv[1]), made_rows(int(sys.argv[2]))
path.write_bytes(b"")
layout = find_template("subscription-details").layout
page = Page("Subscription Details", layout, "en", (), datetime(2026, 11, 23, tzinfo=UTC))
assert write_xlsx(path, page, ROWS) == int(sys.argv[2])
"""
_PANDAS = """
import sys
import pandas as pd
from benchmarks.xlsx_pandas import made_rows
frame = pd.DataFrame(made_rows(int(sys.argv[2])))
frame.to_excel(sys.argv[1], engine="xlsxwriter", index=False, freeze_panes=(1, 0))
"""
_MADE = """
import sys
from benchmarks.xlsx_pandas import made_rows
for row in made_rows(int(sys.argv[2])):
    pass
"""

OURS, OURS_FROM_TEXT, PANDAS, MADE = "write_xlsx", "write_xlsx, of texts", "pandas to_excel", "the rows alone"
_COMMANDS = {
    OURS: _OURS.replace("ROWS", "rows"),
    OURS_FROM_TEXT: _OURS.replace("ROWS", "map(texts, rows)"),
    PANDAS: _PANDAS,
    MADE: _MADE,
}


def made_rows(count: int) -> Iterator[tuple[object, ...]]:
    """Yield rows like those of Subscription Details: 19 cells, 11 of them figures, some unknown."""
    day = date(2026, 11, 22)
    statuses, types = ("active", "suspended", "expired"), ("Paid", "Trial")
    for n in range(count):
        names = (f"Customer {n % 9_973} Acme, Ltda", f"6b3f1f5e-{n % 65_536:04x}-4000-8000-{n:012d}")
        kinds = (statuses[n % 3], f"Sub{n:07d}", types[n % 2])
        users = (n % 5_000, n % 4_000 if n % 7 else None)
        term = (n % 2 == 0, day + timedelta(days=n % 700))
        licenses = [n * place % 2_500 if (n + place) % 5 else None for place in range(1, 10)]
        yield (day, *names, *kinds, *users, *term, *licenses)


def texts(row: tuple[object, ...]) -> tuple[str, ...]:
    """Return a row as the store writes it out for csv: every cell is text, unknown is empty."""
    return tuple(
        "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell) for cell in row
    )


def main() -> None:
    """Measure one size, and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.xlsx_pandas")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "partnerctl-bench")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    compare_workbooks(asked.folder, asked.rows, asked.runs)


def compare_workbooks(folder: Path, rows: int, runs: int) -> None:
    """Measure one size, and print one table."""
    folder.mkdir(parents=True, exist_ok=True)
    commands = [
        Timed(name, (sys.executable, "-c", code, str(folder / f"{at}.xlsx"), str(rows)))
        for at, (name, code) in enumerate(_COMMANDS.items())
    ]
    found = measure(commands, runs)
    print(f"a workbook of {rows:,} rows and 19 columns")
    for name in _COMMANDS:
        _print(found, name)


def _print(found: dict[str, Measured], name: str) -> None:
    one, pandas = found[name], found[PANDAS]
    line = f"  {name:22} wall {one.wall:6.2f} s  cpu {one.cpu:6.2f} s  {one.memory:5.0f} MiB"
    if name in (OURS, OURS_FROM_TEXT):
        share = one.wall / pandas.wall
        line += (
            f"  pandas takes {1 / share:4.1f} x as long, {'within' if share <= ALLOWED else 'OVER'} {ALLOWED}"
        )
    print(line)


if __name__ == "__main__":
    main()
