"""``make bench``: what the user waits for, as ratios within one run (whole processes, medians)."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.analytics import compare
from benchmarks.calls_speed import COUNTED, IMPORTED, compare_imports, compare_questions
from benchmarks.idle_tick import compare_ticks
from benchmarks.processes import Measured, Timed, measure, partnerctl
from benchmarks.stores import made_store
from benchmarks.sync_speed import compare_syncs
from benchmarks.xlsx_pandas import compare_workbooks

FLOOR = "python -c 'import click, sqlite3'"
_PANDAS = """
import sys, sqlite3, pandas as pd
c = sqlite3.connect(sys.argv[1])
CUSTOMERS = (
    "SELECT org_id, name, region, country, managed_by, created_date, last_admin_login, last_seen"
    " FROM customers"
)
SUBSCRIPTIONS = "SELECT subscription_id, org_id, kind, status, start_date, end_date FROM subscriptions"
customers = pd.read_sql(CUSTOMERS, c)
subscriptions = pd.read_sql(SUBSCRIPTIONS, c)
licenses = pd.read_sql("SELECT subscription_id, product, total, assigned FROM licenses", c)
running = subscriptions[subscriptions.status == "active"]
bought = running.merge(licenses, on="subscription_id", how="left")
sums = bought.groupby("org_id")[["total", "assigned"]].sum()
have = bought[bought.total > 0].drop_duplicates(["org_id", "product"])
products = have.groupby("org_id")["product"].agg(list)
counts = running.groupby(["org_id", "kind"]).size().unstack(fill_value=0)
ends = running.groupby("org_id")["end_date"].min()
out = customers.set_index("org_id").join([sums, counts, ends]).join(products)
out = out.reset_index().sort_values(["name", "org_id"])
out.to_json(sys.stdout, orient="records")
"""
_NUMBERS = """
.mode csv
.headers on
SELECT r.external_id, c.name AS customer, c.org_id, r.location_id, r.location, r.country, r.phone_number,
    r.extension, r.pstn_connection, CASE r.active WHEN 1 THEN 'true' WHEN 0 THEN 'false' END AS active,
    r.user_type, r.number_type, r.user_id, r.user_uuid
FROM customers c JOIN inventories i ON i.org_id = c.org_id AND i.entity = 'phone-numbers'
JOIN phone_numbers r ON r.content_id = i.content_id ORDER BY c.name, c.org_id, r.position;
"""


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "partnerctl-bench")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--growth", action="store_true", help="also 1,000 and 100,000 customers")
    asked = parser.parse_args()
    _start_up(asked.folder, asked.runs)
    _report(asked.folder, asked.runs)
    compare(asked.folder, 10_000, max(2, asked.runs // 2), weeks=True)
    compare_workbooks(asked.folder, 100_000, max(2, asked.runs // 3))
    print()
    compare_ticks(1_000, asked.runs)
    print()
    compare_syncs(2_000, latency=0.05, connections=8, runs=1)
    print()
    compare_imports(asked.folder, IMPORTED, max(2, asked.runs // 3))
    compare_questions(asked.folder, COUNTED, max(2, asked.runs // 3))
    if asked.growth:
        _growth(asked.folder, asked.runs)


def _start_up(folder: Path, runs: int) -> None:
    home = folder / "10000"
    path = made_store(home, 10_000, weeks=True)
    completing = {
        "_PARTNERCTL_COMPLETE": "bash_complete",
        "COMP_WORDS": "partnerctl customers show al",
        "COMP_CWORD": "3",
    }
    complete = partnerctl(home, name="completion of a customer name")
    found = measure(
        [
            Timed(FLOOR, (sys.executable, "-c", "import click, sqlite3")),
            partnerctl(home, "--version"),
            partnerctl(home, "--help"),
            Timed(complete.name, complete.argv, (complete.env or {}) | completing),
            partnerctl(home, "customers", "list", "--json"),
            partnerctl(home, "customers", "list", "-o", "csv"),
            Timed("pandas: read and join the same tables", (sys.executable, "-c", _PANDAS, str(path))),
        ],
        runs,
    )
    floor = found[FLOOR]
    print(f"10,000 customers, 26 weeks ({path.stat().st_size / 1e6:.0f} MB)")
    for one in found.values():
        _print(one, floor, "floor")
    ratio = found["pandas: read and join the same tables"].wall / found["customers list --json"].wall
    print(f"  pandas takes {ratio:.1f} x as long as customers list --json\n")


def _report(folder: Path, runs: int) -> None:
    home = folder / "numbers"
    path = made_store(home, 10_000, weeks=False, numbers=1_000_000)
    reports = home / "reports-out"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir()
    shell = shutil.which("sqlite3")
    if shell is None:
        print("SKIPPED: reports run phone-numbers: the sqlite3 shell is not installed")
        return
    script = home / "numbers.sql"
    script.write_text(_NUMBERS)
    argv = ("sh", "-c", f"'{shell}' '{path}' < '{script}' > '{home}/shell.csv'")
    target = str(reports / "numbers.csv")
    found = measure(
        [
            Timed("sqlite3 shell: the same join as CSV", argv),
            partnerctl(home, "reports", "run", "phone-numbers", "--file", target, "--overwrite"),
        ],
        max(2, runs // 3),
    )
    shell_time, report = found.values()
    print("1,000,000 phone numbers")
    for one in found.values():
        _print(one, shell_time, "shell")
    print(f"  peak memory of the report: {report.memory:.0f} MiB\n")


def _growth(folder: Path, runs: int) -> None:
    for customers in (1_000, 10_000, 100_000):
        compare(folder, customers, max(2, runs // 3), weeks=False)
        home = folder / f"growth-{customers}"
        path = made_store(home, customers, weeks=False)
        found = measure(
            [
                Timed(FLOOR, (sys.executable, "-c", "import click, sqlite3")),
                partnerctl(home, "customers", "list", "--json"),
                partnerctl(home, "customers", "filter", "status:expiring_soon", "--json"),
                partnerctl(home, "subscriptions", "list", "-o", "csv"),
                Timed("pandas: read and join the same tables", (sys.executable, "-c", _PANDAS, str(path))),
            ],
            max(2, runs // 3),
        )
        print(f"{customers:,} customers, one week ({path.stat().st_size / 1e6:.0f} MB)")
        for one in found.values():
            _print(one, found[FLOOR], "floor")
        print()


def _print(one: Measured, base: Measured, word: str) -> None:
    ratio = one.wall / base.wall
    figures = f"{one.wall:7.3f} s  cpu {one.cpu:7.3f} s  {one.memory:6.0f} MiB  {ratio:6.2f} x {word}"
    print(f"  {one.name:42.42}  {figures}")


if __name__ == "__main__":
    main()
