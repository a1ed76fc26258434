"""What customers carry and who carries the work: sets, tags, administrators, trials (PH-T1, PH-T3, PH-A3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partnerctl.stores.connection import translated
from partnerctl.stores.customer_sql import RUNNING
from partnerctl.stores.dialect import LISTED, listed
from partnerctl.stores.rows import day
from partnerctl.stores.sources import tags_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import date

    from partnerctl.domain.history import Value
    from partnerctl.domain.records import Admin, TagCount


class Carriers:
    """Reads what changes of tags, administrators and trials rest on, over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def member_sets(self, table: str, org_ids: Iterable[str]) -> dict[str, tuple[str | None, date | None]]:
        """Return the present sets of customers: their text, and the newest day that spoke of them."""
        with translated(None):
            rows = self._connection.execute(
                f"SELECT org_id, members, last_seen FROM {table} WHERE org_id IN {LISTED}",
                {"listed": listed(org_ids)},
            ).fetchall()
        return {org_id: (members, day(last_seen)) for org_id, members, last_seen in rows}

    def sets_said_by(self, table: str, kinds: Iterable[str]) -> frozenset[str]:
        """Return the customers whose present set was last said by a run of one of those kinds."""
        with translated(None):
            rows = self._connection.execute(
                f"SELECT s.org_id FROM {table} s WHERE (SELECT r.kind FROM {table}_observed o"
                " JOIN runs r ON r.run_id = o.run_id WHERE o.org_id = s.org_id"
                f" ORDER BY o.day DESC, o.run_id DESC LIMIT 1) IN {LISTED}",
                {"listed": listed(kinds)},
            ).fetchall()
        return frozenset(org_id for (org_id,) in rows)

    def customer_cells(self, org_ids: Iterable[str], fields: tuple[str, ...]) -> dict[str, tuple[Value, ...]]:
        """Return fields of customers as they are now, by id."""
        with translated(None):
            rows = self._connection.execute(
                f"SELECT org_id, {', '.join(fields)} FROM customers WHERE org_id IN {LISTED}",
                {"listed": listed(org_ids)},
            ).fetchall()
        return {row[0]: tuple(row[1:]) for row in rows}

    def tag_spellings(self) -> dict[str, str]:
        """Return the spelling of every tag that somebody carries, by its folded form."""
        rows = self._connection.execute("SELECT tag_folded, MIN(tag) FROM tags GROUP BY tag_folded")
        return dict(rows.fetchall())

    def tag_counts(self, as_of: date | None) -> list[TagCount]:
        """Return every tag with how many customers and subscriptions carry it, by name."""
        from partnerctl.domain.records import TagCount

        rows = self._connection.execute(
            "SELECT MIN(t.tag) AS name, COUNT(CASE WHEN t.subscription_id = '' THEN 1 END),"
            " COUNT(CASE WHEN t.subscription_id != '' THEN 1 END)"
            f" FROM {tags_of(as_of is not None)} t GROUP BY t.tag_folded ORDER BY name",
            {"as_of": as_of.isoformat() if as_of else None},
        )
        return [TagCount(*row) for row in rows]

    def administrator(self, email: str) -> Admin | None:
        """Return one administrator, or None."""
        return next(iter(self._administrators("AND a.email = :email", {"email": email})), None)

    def administrators(self) -> list[Admin]:
        """Return every administrator who has a role, by address."""
        return self._administrators("", {})

    def _administrators(self, which: str, given: dict[str, str]) -> list[Admin]:
        from partnerctl.domain.records import Admin
        from partnerctl.domain.roles import ROLES

        rows = self._connection.execute(
            "SELECT a.email, a.name, a.role,"
            " (SELECT COUNT(*) FROM assignments s WHERE s.email = a.email)"
            f" FROM admins a WHERE a.role IS NOT NULL {which} ORDER BY a.email",
            given,
        )
        return [
            Admin(email, name, role, None if role in ROLES and ROLES[role].sees_all_customers else count)
            for email, name, role, count in rows
        ]

    def admin_role(self, email: str) -> str | None:
        """Return the role of an administrator, None for nobody."""
        row = self._connection.execute(
            "SELECT role FROM admins WHERE email = :email", {"email": email}
        ).fetchone()
        return None if row is None else row[0]

    def admin_last_seen(self, email: str) -> date | None:
        """Return the newest day on which a file or a change spoke of an administrator."""
        row = self._connection.execute(
            "SELECT last_seen FROM admins WHERE email = :email", {"email": email}
        ).fetchone()
        return None if row is None else day(row[0])

    def customer_name(self, org_id: str) -> str | None:
        """Return the name of a customer, None where nobody knows it."""
        row = self._connection.execute(
            "SELECT name FROM customers WHERE org_id = :org_id", {"org_id": org_id}
        ).fetchone()
        return None if row is None else row[0]

    def admins_with(self, role: str) -> int:
        """Return how many administrators have a role."""
        row = self._connection.execute("SELECT COUNT(*) FROM admins WHERE role = :role", {"role": role})
        count: int = row.fetchone()[0]
        return count

    def assigned_to(self, email: str) -> frozenset[str]:
        """Return the customers that are assigned to an administrator."""
        rows = self._connection.execute(
            "SELECT org_id FROM assignments WHERE email = :email", {"email": email}
        )
        return frozenset(row[0] for row in rows)

    def owner_of(self, subscription_id: str) -> str | None:
        """Return the customer that a subscription or trial belongs to."""
        row = self._connection.execute(
            "SELECT org_id FROM subscriptions WHERE subscription_id = :id", {"id": subscription_id}
        ).fetchone()
        return None if row is None else row[0]

    def home_of(self, email: str) -> str | None:
        """Return the organization of a person, None where the store does not know them."""
        row = self._connection.execute(
            "SELECT org_id FROM users WHERE email = :email", {"email": email}
        ).fetchone()
        return None if row is None else row[0]

    def running_trials(self, today: date) -> dict[str, dict[str, str]]:
        """Return the trials that run on a day: by customer, the products and the id of one trial of each."""
        rows = self._connection.execute(
            "SELECT s.org_id, l.product, MIN(s.subscription_id) FROM subscriptions s"
            " JOIN licenses l ON l.subscription_id = s.subscription_id"
            f" WHERE s.kind = 'trial' AND {RUNNING} AND l.ended = 0 AND l.total > 0 AND s.org_id IS NOT NULL"
            " GROUP BY s.org_id, l.product",
            {"today": today.isoformat()},
        )
        found: dict[str, dict[str, str]] = {}
        for org_id, product, subscription_id in rows:
            found.setdefault(org_id, {})[product] = subscription_id
        return found
