"""A small list of customers in SQLite, and the fields that queries may name in it."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from partnerctl.domain.folding import fold
from partnerctl.domain.products import FAMILIES, PRODUCTS
from partnerctl.domain.regions import REGIONS, parse_region
from partnerctl.queries.compile import Condition
from partnerctl.queries.fields import FieldKind, FieldTable, QueryField

TODAY = date(2026, 11, 23)

STATUSES = (
    "trial",
    "subscription",
    "expiring_soon",
    "license_overage",
    "no_recent_activity",
    "ready_for_order_setup",
    "suspended",
    "expired",
)


def words_sql(kind: str) -> str:
    """Return the template of one kind of words."""
    return f"EXISTS (SELECT 1 FROM words w WHERE w.id = c.id AND w.kind = '{kind}' AND w.word {{match}})"


CUSTOMERS = FieldTable(
    (
        QueryField("org_id", FieldKind.TEXT, "c.id", nullable=False),
        QueryField("name", FieldKind.TEXT, "c.name_folded", folded=True, nullable=False, order_sql="c.name"),
        QueryField(
            "region", FieldKind.TEXT, "c.region", aliases=("home",), values=tuple(REGIONS), read=parse_region
        ),
        QueryField("country", FieldKind.TEXT, "c.country"),
        QueryField("statuses", FieldKind.WORDS, words_sql("status"), values=STATUSES),
        QueryField(
            "products",
            FieldKind.WORDS,
            words_sql("product"),
            values=tuple(PRODUCTS),
            closed=False,
            groups=FAMILIES,
        ),
        QueryField("tags", FieldKind.WORDS, words_sql("tag")),
        QueryField("licenses_total", FieldKind.NUMBER, "c.seats + 0", aliases=("seats",)),
        QueryField("assigned_pct", FieldKind.NUMBER, "c.pct"),
        QueryField("next_end_date", FieldKind.DATE, "c.end_date", aliases=("end",)),
        QueryField("auto_renew", FieldKind.BOOLEAN, "c.auto_renew"),
    ),
    name_field="name",
)


@dataclass(frozen=True)
class Row:
    """One customer."""

    name: str = "Acme"
    region: str | None = None
    country: str | None = None
    seats: int | None = None
    pct: float | None = None
    end: date | None = None
    auto_renew: bool | None = None
    statuses: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    id: str = ""


class Rows:
    """Customers in a database of their own; their ids count from 0."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.executescript(
            "CREATE TABLE c (id TEXT, name TEXT, name_folded TEXT, region TEXT, country TEXT, seats INTEGER,"
            " pct REAL, end_date TEXT, auto_renew INTEGER);"
            "CREATE TABLE words (id TEXT, kind TEXT, word TEXT)"
        )
        for number, row in enumerate(rows):
            self._insert(replace(row, id=str(number)))

    def __del__(self) -> None:
        self.connection.close()

    def _insert(self, row: Row) -> None:
        end = row.end.isoformat() if row.end else None
        self.connection.execute(
            "INSERT INTO c VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.id,
                row.name,
                fold(row.name),
                row.region,
                row.country,
                row.seats,
                row.pct,
                end,
                row.auto_renew,
            ),
        )
        words = [("status", w) for w in row.statuses] + [("product", w) for w in row.products]
        words += [("tag", fold(w)) for w in row.tags]
        self.connection.executemany(
            "INSERT INTO words VALUES (?, ?, ?)", [(row.id, kind, word) for kind, word in words]
        )

    def __enter__(self) -> "Rows":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def where(self, condition: Condition) -> set[int]:
        """Return the numbers of the rows that meet a condition, which is never NULL."""
        sql = f"SELECT id, {condition.sql} FROM c"
        answers = self.connection.execute(sql, dict(condition.params)).fetchall()
        assert {truth for _, truth in answers} <= {0, 1}
        return {int(number) for number, truth in answers if truth}

    def unknown(self, condition: Condition) -> set[int]:
        """Return the numbers of the rows that are left out as unknown."""
        sql = f"SELECT id FROM c WHERE {condition.unknown_sql}"
        return {int(number) for (number,) in self.connection.execute(sql, dict(condition.params))}

    def ordered(self, order_by: str) -> list[int]:
        """Return the numbers of all rows in an order."""
        return [int(n) for (n,) in self.connection.execute(f"SELECT id FROM c ORDER BY {order_by}")]
