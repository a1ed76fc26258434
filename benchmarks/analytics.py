"""License analytics against pandas: each section as a whole process, the same figures from the same tables.

python -m benchmarks.analytics --customers 10000
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import Measured, Timed, measure, partnerctl
from benchmarks.stores import made_store

FLOOR = "python -c 'import click, sqlite3'"
ALLOWED = 0.5
"""Seconds of processor time that a section may take beyond the floor, for 10,000 customers."""

SECTIONS = ("overview", "added", "expiring", "renewing", "low-assignment", "unassigned", "overage")

_READ = """
import sys, sqlite3, pandas as pd
c = sqlite3.connect(sys.argv[1])
today, horizon = "2026-11-23", "2027-02-21"
customers = pd.read_sql("SELECT org_id, name, region FROM customers", c)
subscriptions = pd.read_sql(
    "SELECT subscription_id, org_id, kind, status, start_date, first_seen, end_date, auto_renew"
    " FROM subscriptions", c)
licenses = pd.read_sql(
    "SELECT subscription_id, product, total, assigned, used_7d, used_3m, used_ever FROM licenses", c)
family = {"meetings": "meetings", "calling_professional": "calling", "calling_standard": "calling"}
licenses["family"] = licenses["product"].map(family)
figures = ["total", "assigned", "used_7d", "used_3m", "used_ever"]
units = licenses.dropna(subset=["family"]).groupby(["subscription_id", "family"])[figures].sum(min_count=1)
units = units.reset_index().merge(subscriptions, on="subscription_id").merge(customers, on="org_id")
units = units[(units.total > 0) | (units.assigned > 0)]
running = units[(units.status == "active") & (units.start_date.isna() | (units.start_date <= today))
    & (units.end_date.isna() | (units.end_date >= today))].copy()
running["renews"] = (running.kind == "subscription") & (running.auto_renew == 1)
running["share"] = running.assigned / running.total
median = running.groupby("family").share.transform("median")
low = running[(running.total > 0) & (running.share < 0.5 * median)]
order = ["name", "subscription_id", "family"]
"""
_TASKS = {
    "overview": """
ends = running[(running.end_date <= horizon)]
out = {"total_customers": units.org_id.nunique(), "near_expiry": ends[~ends.renews].org_id.nunique(),
    "near_renewal": ends[ends.renews].org_id.nunique(), "low": low.org_id.nunique(),
    "over": running[running.assigned > running.total].org_id.nunique()}
print({name: int(value) for name, value in out.items()})
""",
    "added": """
out = running[running.start_date.fillna(running.first_seen) >= "2026-08-25"]
out = out.sort_values(["start_date", *order])
versions = pd.read_sql(
    "SELECT subscription_id, product, assigned AS before FROM licenses_versions"
    " WHERE valid_from <= '2026-11-16' AND valid_to > '2026-11-16'", c)
versions["family"] = versions["product"].map(family)
week = versions.dropna(subset=["family"]).groupby(["subscription_id", "family"]).before.sum().reset_index()
out = out.merge(week, on=["subscription_id", "family"], how="left")
out["change"] = out.assigned - out.before
out.to_json(sys.stdout, orient="records")
""",
    "expiring": """
out = running[~running.renews & (running.end_date <= horizon)].sort_values(["end_date", *order])
out.to_json(sys.stdout, orient="records")
""",
    "renewing": """
out = running[running.renews & (running.end_date <= horizon)].sort_values(["end_date", *order])
out.to_json(sys.stdout, orient="records")
""",
    "low-assignment": """
versions = pd.read_sql(
    "SELECT subscription_id, product, assigned AS before FROM licenses_versions"
    " WHERE valid_from <= '2026-11-16' AND valid_to > '2026-11-16'", c)
versions["family"] = versions["product"].map(family)
week = versions.dropna(subset=["family"]).groupby(["subscription_id", "family"]).before.sum().reset_index()
out = low.sort_values(["share", *order]).merge(week, on=["subscription_id", "family"], how="left")
out["change"] = out.assigned - out.before
out.to_json(sys.stdout, orient="records")
""",
    "unassigned": """
out = running[(running.total > 0) & (running.assigned == 0)].sort_values(["total", *order])
out.to_json(sys.stdout, orient="records")
""",
    "overage": """
out = running[running.assigned > running.total].copy()
out["overage"] = out.assigned - out.total
out.sort_values(["overage", *order]).to_json(sys.stdout, orient="records")
""",
    "trend": """
weeks = pd.date_range("2026-05-30", "2026-11-21", freq="7D").strftime("%Y-%m-%d")
versions = pd.read_sql(
    "SELECT subscription_id, product, valid_from, valid_to, total, assigned, used_7d, used_ever"
    " FROM licenses_versions WHERE ended = 0", c)
versions["family"] = versions["product"].map(family)
versions = versions.dropna(subset=["family"])
known = pd.read_sql(
    "SELECT subscription_id, org_id, status, start_date, end_date, valid_from AS since, valid_to AS until"
    " FROM subscriptions_versions", c)
rows = versions.merge(known, on="subscription_id")
for day in weeks:
    on = rows[(rows.valid_from <= day) & (rows.valid_to > day) & (rows.since <= day) & (rows.until > day)
        & (rows.status == "active") & (rows.start_date.isna() | (rows.start_date <= day))
        & (rows.end_date.isna() | (rows.end_date >= day))]
    print(day, on[["total", "assigned", "used_7d", "used_ever"]].sum().tolist(), on.org_id.nunique())
""",
}


def main() -> None:
    """Measure one size, and print one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.analytics")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "partnerctl-bench")
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--one-week", action="store_true", help="a store without a past, for growth")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    compare(asked.folder, asked.customers, asked.runs, weeks=not asked.one_week)


def compare(folder: Path, customers: int, runs: int, *, weeks: bool) -> None:
    """Measure every section of a store of that size beside pandas, and print the ratios."""
    home = folder / (f"{customers}" if weeks else f"growth-{customers}")
    path = made_store(home, customers, weeks=weeks)
    names = (*SECTIONS, "trend") if weeks else SECTIONS
    commands = [Timed(FLOOR, (sys.executable, "-c", "import click, sqlite3"))]
    for name in names:
        commands.append(
            partnerctl(home, "kpis", name, "--as-of", "2026-11-23", "--json", name=f"{name} (as of)")
        )
        commands.append(partnerctl(home, "kpis", name, "--json", name=name))
        commands.append(Timed(f"pandas {name}", (sys.executable, "-c", _READ + _TASKS[name], str(path))))
    commands.append(partnerctl(home, "today", "--json", name="today"))
    found = measure(commands, runs)
    print(f"license analytics, {customers:,} customers, {'26 weeks' if weeks else 'one week'}")
    for name in (*names, "today"):
        _print(found, name)
    print()


def _print(found: dict[str, Measured], name: str) -> None:
    one, beyond = found[name], found[name].cpu - found[FLOOR].cpu
    line = f"  {name:15} wall {one.wall:6.3f} s  cpu beyond the floor {beyond:6.3f} s  {one.memory:5.0f} MiB"
    if name in SECTIONS:
        line += f"  {'within' if beyond <= ALLOWED else 'OVER  '} {ALLOWED} s"
    pandas = found.get(f"pandas {name}")
    if pandas is not None:
        line += f"  pandas takes {pandas.wall / one.wall:4.1f} x as long"
    dated = found.get(f"{name} (as of)")
    print(line + (f"  with --as-of {dated.cpu - found[FLOOR].cpu:5.3f} s" if dated is not None else ""))


if __name__ == "__main__":
    main()
