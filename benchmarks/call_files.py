"""Made call detail records in any number, written by DuckDB itself: what the measurements of calling read."""

from __future__ import annotations

from pathlib import Path

import duckdb

from partnerctl.domain.calling.kinds import CALLS, Cell

FIRST_DAY = "2026-10-25"
"""The Sunday on which the made calls begin."""


def made_csv(path: Path, records: int, days: int = 28) -> Path:
    """Write a Calling Detailed Call History of so many records over `days` days; return its path."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = ", ".join(f'"{f.key}" AS "{f.header}"' for f in CALLS.fields)
        with duckdb.connect() as engine:
            _make(engine, records, days)
            engine.execute(f"COPY (SELECT {columns} FROM made) TO '{path}.part' (HEADER)")
        Path(f"{path}.part").rename(path)
    return path


def made_folder(root: Path, records: int, days: int = 28) -> Path:
    """Fill the folder `root` with records as an import leaves them; return the folder of call records."""
    folder = root / "calls"
    if not folder.exists():
        part = root / "part"
        part.mkdir(parents=True)
        with duckdb.connect() as engine:
            columns = ", ".join(_typed(f.key, f.cell) for f in CALLS.fields)
            for day in range(days):
                _make(engine, records, days, (day * records // days, (day + 1) * records // days))
                target = part / f"day={_day(engine, day)}"
                target.mkdir()
                engine.execute(
                    f"COPY (SELECT {columns} FROM made) TO '{target / 'calls.parquet'}' (FORMAT parquet)"
                )
        part.rename(folder)
    return folder


def _day(engine: duckdb.DuckDBPyConnection, day: int) -> str:
    found = engine.execute(f"SELECT CAST(DATE '{FIRST_DAY}' + {day} AS VARCHAR)").fetchone()
    assert found is not None
    return str(found[0])


def _typed(key: str, cell: Cell) -> str:
    kinds = {Cell.TIME: "TIMESTAMP", Cell.COUNT: "BIGINT", Cell.FLAG: "BOOLEAN"}
    return f'CAST("{key}" AS {kinds[cell]}) AS "{key}"' if cell in kinds else f'"{key}"'


def _uuid(text: str) -> str:
    parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return " || '-' || ".join(f"substr({text}, {start}, {length})" for start, length in parts)


def _make(
    engine: duckdb.DuckDBPyConnection, records: int, days: int, part: tuple[int, int] | None = None
) -> None:
    """Define the view `made`: calls of three legs, 2,000 organizations, five locations in each."""
    first, last = part or (0, records)
    client = "CASE i % 7 WHEN 0 THEN 'WXC_DEVICE' WHEN 1 THEN 'WXC_THIRD_PARTY' ELSE 'WXC_CLIENT' END"
    kind = (
        "CASE c % 9 WHEN 0 THEN 'SIP_INBOUND' WHEN 1 THEN 'SIP_NATIONAL' WHEN 2 THEN 'SIP_MOBILE'"
        " WHEN 3 THEN 'SIP_INTERNATIONAL' WHEN 4 THEN 'SIP_TOLLFREE' ELSE 'SIP_ENTERPRISE' END"
    )
    user = (
        "CASE WHEN i % 29 = 0 THEN 'CallCenterStandard' WHEN i % 31 = 0 THEN 'HuntGroup'"
        " WHEN i % 37 = 0 THEN 'AutomatedAttendantVideo' WHEN i % 13 = 0 THEN 'Place' ELSE 'User' END"
    )
    made = {
        "report_id": _uuid("md5('r' || i)"),
        "correlation_id": _uuid("md5('c' || c)"),
        "org_id": _uuid("md5('o' || o)"),
        "site_uuid": _uuid("md5('s' || o || '-' || i % 5)"),
        "user_uuid": _uuid("md5('u' || o || '-' || i % 60)"),
        "location": "'Location ' || i % 5",
        "start_time": "strftime(begun, '%Y-%m-%dT%H:%M:%S.%gZ')",
        "answer_time": (
            "CASE WHEN i % 6 > 0 THEN strftime(begun + INTERVAL 8 SECOND, '%Y-%m-%dT%H:%M:%S.%gZ') END"
        ),
        "release_time": "strftime(begun + to_seconds(8 + i % 900), '%Y-%m-%dT%H:%M:%S.%gZ')",
        "report_time": "strftime(begun + to_seconds(30 + i % 900), '%Y-%m-%dT%H:%M:%S.%gZ')",
        "duration": "CASE WHEN i % 6 > 0 THEN CAST(i % 900 AS VARCHAR) ELSE '0' END",
        "ring_duration": "'8'",
        "hold_duration": "'0'",
        "answered": "CASE WHEN i % 6 > 0 THEN 'true' ELSE 'false' END",
        "direction": "CASE WHEN i % 2 = 0 THEN 'ORIGINATING' ELSE 'TERMINATING' END",
        "call_type": kind,
        "client_type": client,
        "model": "CASE WHEN i % 7 > 0 THEN 'NA' WHEN i % 3 = 0 THEN 'Room Bar' ELSE '8851-3PCC' END",
        "user_type": user,
        "releasing_party": "CASE WHEN i % 3 = 0 THEN 'Remote' ELSE 'Local' END",
        "call_outcome": "'Success'",
        "call_outcome_reason": "'Normal'",
        "os_type": "CASE WHEN i % 4 = 0 THEN 'na' ELSE 'win' END",
        "client_version": "'45.' || i % 12 || '.0.1234'",
        "user": "'Person ' || i % 60",
        "user_number": "'+1555' || lpad(CAST(i % 10000000 AS VARCHAR), 7, '0')",
        "calling_number": "'+1555' || lpad(CAST(i % 9999991 AS VARCHAR), 7, '0')",
        "called_number": "'+1555' || lpad(CAST(i % 9999973 AS VARCHAR), 7, '0')",
        "calling_line_id": "'Person ' || i % 60",
        "called_line_id": "'Person ' || i % 59",
        "call_id": "'SSE' || md5('x' || i) || '@192.0.2.7'",
        "local_sessionid": "md5('l' || i)",
        "remote_sessionid": "md5('m' || i)",
        "local_call_id": "i || ':0'",
        "remote_call_id": "(i + 1) || ':0'",
        "network_call_id": "md5('n' || c)",
        "interaction_id": _uuid("md5('t' || c)"),
        "site_timezone": "'-300'",
        "site_main_number": "'+15550000000'",
        "public_calling_ip_address": "'198.51.100.' || i % 250",
        "public_called_ip_address": "'0.0.0.0'",
        "original_reason": "CASE WHEN i % 29 = 1 THEN 'CallQueue' END",
        "international_country": "'US'",
        "device_mac": "CASE WHEN i % 7 = 0 THEN upper(substr(md5('d' || i % 1000), 1, 12)) END",
    }
    columns = ", ".join(f'{made.get(key, "NULL")} AS "{key}"' for key in CALLS.keys)
    engine.execute(
        f"CREATE OR REPLACE VIEW made AS SELECT i, {columns} FROM ("
        " SELECT i, (i // 3) AS c, (i // 3) * 7919 % 2000 AS o,"
        f" TIMESTAMP '{FIRST_DAY}'"
        f" + to_milliseconds((i * {days * 86_399_000 // records}) + i * 48271 % 1000) AS begun"
        f" FROM range({first}, {last}) t(i))"
    )
