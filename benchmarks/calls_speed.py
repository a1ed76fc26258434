"""Call records against bare DuckDB: importing 2,000,000, the report and the week's table over 10,000,000.

python -m benchmarks.calls_speed
python -m benchmarks.calls_speed --growth    # 1, 2, 5, 10 and 20 million of each
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib import resources
from pathlib import Path

from benchmarks.call_files import made_csv, made_folder
from benchmarks.processes import Measured, Timed, measure, partnerctl

IMPORTED, COUNTED = 2_000_000, 10_000_000
ALLOWED = 1.5
"""How much longer than bare DuckDB."""
FLOOR = "python -c 'import click, sqlite3'"

_SPAN = ("2026-10-25", "2026-11-21")
_WEEK = "2026-11-08"
_COPY = """
import duckdb, sys
duckdb.execute(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}')) TO '{sys.argv[2]}' (FORMAT parquet)")
"""
_ASK = """
import sys
from datetime import date
from pathlib import Path
import duckdb
root, since, until, weekly, *names = sys.argv[1:]
sql = lambda name: Path({folder!r}, name + ".sql").read_text()
c = duckdb.connect(config={{"memory_limit": "1200MB", "preserve_insertion_order": "false"}})
first, last = (date.fromisoformat(text).toordinal() for text in (since, until))
days = [date.fromordinal(n) for n in range(first, last + 1)]
weeks = [date.fromordinal(d.toordinal() - d.isoweekday() % 7) if weekly == "yes" else days[0] for d in days]
c.execute("CREATE TABLE days (day DATE, week DATE, next_day DATE)")
rows = [(d, w, date.fromordinal(d.toordinal() + 1)) for d, w in zip(days, weeks)]
c.executemany("INSERT INTO days VALUES (?, ?, ?)", rows)
places = [Path(root, "calls", f"day={{d}}", "calls.parquet") for d in days]
files = [str(place) for place in places if place.exists()]
c.execute(f"CREATE VIEW records AS SELECT *, epoch_ms(start_time) AS start_ms,"
    f" epoch_ms(answer_time) AS answer_ms, epoch_ms(release_time) AS release_ms"
    f" FROM read_parquet({{files}}, hive_types = {{{{'day': DATE}}}})")
c.execute("CREATE VIEW legs AS " + sql("legs"))
c.execute("CREATE VIEW typed_legs AS " + sql("typed_legs"))
c.execute("CREATE TABLE endpoints AS SELECT *, CASE client_type WHEN 'WXC_CLIENT' THEN 'app'"
    " WHEN 'WXC_DEVICE' THEN CASE WHEN model LIKE '%Room%' THEN 'room_device' ELSE 'desk_phone' END"
    " ELSE 'third_party' END AS endpoint"
    " FROM (" + sql("models") + ")")
for name in names:
    print(name, len(c.execute(sql(name)).fetchall()))
"""
_REPORT = ("report_legs", "report_names", "report_types", "queues", "transferred")


def compare_imports(folder: Path, records: int, runs: int) -> None:
    """Print how long an import into an empty folder takes, and a bare COPY of the same file to Parquet."""
    csv, home = made_csv(folder / f"calls{records}.csv", records), folder / "importing"
    call = partnerctl(home, "import", str(csv))
    emptied = ("sh", "-c", 'rm -rf "$1"; shift; exec "$@"', "sh", str(home), *call.argv)
    copy = (sys.executable, "-c", _COPY, str(csv), str(folder / "bare.parquet"))
    found = measure([Timed("import", emptied, call.env), Timed("bare", copy)], runs)
    _line(f"import of {records:,} records", found["import"], found["bare"], None)


def compare_questions(folder: Path, records: int, runs: int) -> None:
    """Print how long the report and the week's table take, and bare DuckDB with the same SQL."""
    root = folder / f"folder{records}"
    made_folder(root, records)
    code = _ASK.format(folder=str(resources.files("partnerctl.calling") / "analytics"))
    home = folder / "home"

    def program(name: str, *words: str) -> Timed:
        call = partnerctl(home, *words, name=name)
        return Timed(name, call.argv, {**(call.env or {}), "PARTNERCTL_CALLING_PATH": str(root)})

    def bare(name: str, weekly: str, since: str, until: str, *names: str) -> Timed:
        return Timed(name, (sys.executable, "-c", code, str(root), since, until, weekly, *names))

    report = ("reports", "run", "calling-usage", "--since", _SPAN[0], "--until", _SPAN[1], "--stdout")
    found = measure(
        [
            Timed(FLOOR, (sys.executable, "-c", "import click, sqlite3")),
            program("report", *report),
            bare("bare report", "no", *_SPAN, *_REPORT),
            program("week", "calling", "usage", "--week", _WEEK, "-o", "csv"),
            bare("bare week", "yes", "2026-09-20", "2026-11-14", "usage"),
        ],
        runs,
    )
    floor = found[FLOOR].wall
    _line(f"report over {records:,} records", found["report"], found["bare report"], floor)
    _line(f"the week's usage of {records:,} records", found["week"], found["bare week"], floor)


def _line(what: str, ours: Measured, bare: Measured, floor: float | None) -> None:
    ratio = (ours.wall - (floor or 0)) / bare.wall
    print(
        f"{what}: {ours.wall:.2f} s ({ours.memory:.0f} MiB),"
        f" DuckDB {bare.wall:.2f} s ({bare.memory:.0f} MiB):"
        f" {ratio:.2f} times{' beyond the floor' if floor else ''} (allowed {ALLOWED})"
    )


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calls_speed")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "partnerctl-bench")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--growth", action="store_true", help="1 to 20 million instead")
    asked = parser.parse_args()
    sizes = (1, 2, 5, 10, 20) if asked.growth else ()
    for millions in sizes:
        compare_imports(asked.folder, millions * 1_000_000, 1)
        compare_questions(asked.folder, millions * 1_000_000, 1)
    if not sizes:
        compare_imports(asked.folder, IMPORTED, asked.runs)
        compare_questions(asked.folder, COUNTED, asked.runs)


if __name__ == "__main__":
    main()
