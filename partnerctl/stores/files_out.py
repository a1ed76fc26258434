"""Rows for files: inventories, the Subscription details report, canonical exports; typed as files hold them.

Everything a cell needs is done in the statement, so that rows go from the store to the file untouched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from partnerctl.domain.entities import Entity, Field, Kind
from partnerctl.domain.history import Value
from partnerctl.stores.asking import parameters
from partnerctl.stores.customer_sql import customer_rows
from partnerctl.stores.dialect import text_of_boolean
from partnerctl.stores.sources import rows_of
from partnerctl.stores.tables import INVENTORY_TABLES
from partnerctl.stores.terms import Question

_REPORTED_PRODUCTS = ("meetings", "calling_professional", "calling_standard")


def inventory_rows(
    connection: sqlite3.Connection, entity: Entity, columns: tuple[str, ...], question: Question
) -> Iterator[tuple[Value, ...]]:
    """Yield an inventory's rows by customer's name, id and the rows' own order."""
    tables, condition = _narrowed(question)
    cells = ", ".join(_text(_inventory_cell(entity, column)) for column in columns)
    return connection.execute(
        f"{tables} SELECT {cells} FROM customers c"
        " CROSS JOIN inventories i ON i.entity = :entity AND i.org_id = c.org_id"
        f" CROSS JOIN {INVENTORY_TABLES[entity.name]} r ON r.content_id = i.content_id"
        f" WHERE c.merged_into IS NULL{condition}"
        f" ORDER BY {_inventory_order(condition)}",
        {**parameters(question), "entity": entity.name},
    )


def inventory_regions(
    connection: sqlite3.Connection, entity: Entity, question: Question
) -> dict[str | None, int]:
    """Return how many of an inventory's rows each region has; None is unknown."""
    tables, condition = _narrowed(question)
    return dict(
        connection.execute(
            f"{tables} SELECT c.region, COUNT(*) FROM customers c"
            " CROSS JOIN inventories i ON i.entity = :entity AND i.org_id = c.org_id"
            f" CROSS JOIN {INVENTORY_TABLES[entity.name]} r ON r.content_id = i.content_id"
            f" WHERE c.merged_into IS NULL{condition} GROUP BY c.region",
            {**parameters(question), "entity": entity.name},
        ).fetchall()
    )


def _text(expression: str) -> str:
    """Return the expression as text, empty where it is unknown: rows of text are written ten times faster."""
    return f"COALESCE(CAST({expression} AS TEXT), '')"


def _inventory_order(condition: str) -> str:
    """Return what the rows are ordered by: customer, then the rows' own order."""
    if condition:
        return "c.name, c.org_id, r.position"
    # SQLite would sort a million rows that come sorted: the cross joins walk customers by name and id (an
    # index), find one inventory, and walk its rows by their primary key; a test holds it to that plan
    return "c.name, c.org_id"


def _inventory_cell(entity: Entity, column: str) -> str:
    if column == "customer":
        return "c.name"
    if column == "org_id":
        return "c.org_id"
    expression = f"r.{column}"
    return text_of_boolean(expression) if entity.field(column).kind is Kind.BOOLEAN else expression


def _narrowed(question: Question) -> tuple[str, str]:
    """Return WITH and AND for a condition on customers, where there is one."""
    if question.where.sql == "1 = 1":
        return "", ""
    tables = customer_rows(False).replace("customer_rows AS", "wanted AS")
    where = question.where.sql
    return f"WITH {tables}", f" AND c.org_id IN (SELECT c.org_id FROM wanted c WHERE {where})"


def subscription_report(
    connection: sqlite3.Connection, columns: tuple[str, ...], question: Question
) -> Iterator[tuple[Value, ...]]:
    """Yield the rows of the Subscription details report, one per subscription.

    What a row says of the customer is what was known on the row's own day, so that importing it is no news.
    """
    dated = question.as_of is not None
    licenses = rows_of("licenses", dated)
    joins = "".join(
        f" LEFT JOIN {licenses} {product} ON {product}.subscription_id = s.subscription_id"
        f" AND {product}.product = '{product}' AND {product}.ended = 0"
        for product in _REPORTED_PRODUCTS
    )
    cells = ", ".join(_text(_subscription_cell(column)) for column in columns)
    tables, wanted = _wanted(question)
    return connection.execute(
        f"{tables} SELECT {cells} FROM {rows_of('subscriptions', dated)} s"
        " JOIN customers_versions c ON c.org_id = s.org_id AND c.valid_from <= s.last_seen"
        f" AND c.valid_to > s.last_seen{joins}"
        f" WHERE s.status IS NOT 'absent'{wanted} ORDER BY c.name, c.org_id, s.subscription_id",
        parameters(question),
    )


def subscription_regions(connection: sqlite3.Connection, question: Question) -> dict[str | None, int]:
    """Return how many rows of the Subscription details report each region has; None is unknown."""
    tables, wanted = _wanted(question)
    subscriptions = rows_of("subscriptions", question.as_of is not None)
    return dict(
        connection.execute(
            f"{tables} SELECT c.region, COUNT(*) FROM {subscriptions} s"
            " JOIN customers_versions c ON c.org_id = s.org_id AND c.valid_from <= s.last_seen"
            f" AND c.valid_to > s.last_seen WHERE s.status IS NOT 'absent'{wanted} GROUP BY c.region",
            parameters(question),
        ).fetchall()
    )


def _wanted(question: Question) -> tuple[str, str]:
    """Return WITH and AND for a condition on the customers of subscriptions, where there is one."""
    if question.where.sql == "1 = 1":
        return "", ""
    tables = f"WITH {customer_rows(question.as_of is not None)}"
    return tables, f" AND c.org_id IN (SELECT c.org_id FROM customer_rows c WHERE {question.where.sql})"


_SUBSCRIPTION_CELLS = {
    "calculated_date": "s.last_seen",
    "customer": "c.name",
    "org_id": "c.org_id",
    "subscription_status": "s.status",
    "subscription_type": "CASE WHEN s.kind = 'trial' AND LOWER(COALESCE(s.subscription_type, '')) NOT LIKE"
    " '%trial%' THEN TRIM('Trial ' || COALESCE(s.subscription_type, '')) ELSE s.subscription_type END",
    "total_users": "c.total_users",
    "verified_users": "c.verified_users",
    "auto_renew": text_of_boolean("s.auto_renew"),
    "end_date": "s.end_date",
    "subscription_id": "s.subscription_id",
}


def _subscription_cell(column: str) -> str:
    if column in _SUBSCRIPTION_CELLS:
        return _SUBSCRIPTION_CELLS[column]
    product, _, measure = column.rpartition("_")
    return f"{product}.{ {'available': 'total', 'assigned': 'assigned', 'used': 'used_ever'}[measure] }"


def exported(connection: sqlite3.Connection, entity: Entity, *, history: bool) -> Iterator[tuple[Value, ...]]:
    """Yield the rows of an entity's canonical file, by key; with `history` the day comes last."""
    if entity.inventory:
        return _exported_inventory(connection, entity, history)
    if entity.name in ("tags", "assignments"):
        return _exported_set(connection, entity, history)
    return _exported_rows(connection, entity, history)


def _exported_rows(
    connection: sqlite3.Connection, entity: Entity, history: bool
) -> Iterator[tuple[Value, ...]]:
    cells = [_exported_cell(entity, f) for f in entity.fields]
    keys = ", ".join(f"t.{k}" for k in entity.keys)
    wanted = {"customers": "t.merged_into IS NULL", "subscriptions": "t.org_id IS NOT NULL"}
    where = wanted.get(entity.name, "1 = 1")
    source = f"{entity.name} t"
    order = keys
    if entity.name == "licenses" and not history:
        where = "t.ended = 0"
    if (history and not entity.history) or (entity.name == "licenses" and not history):
        cells.append("t.last_seen")
    if history and entity.history:
        match = " AND ".join(f"o.{k} = t.{k}" for k in entity.keys)
        source = (
            f"(SELECT DISTINCT {', '.join(entity.keys)}, day FROM {entity.name}_observed) o"
            f" JOIN {entity.name}_versions t ON {match} AND t.valid_from <= o.day AND t.valid_to > o.day"
        )
        cells.append("o.day")
        order = f"{keys}, o.day"
    return connection.execute(f"SELECT {', '.join(cells)} FROM {source} WHERE {where} ORDER BY {order}")


def _exported_cell(entity: Entity, field: Field) -> str:
    """Return a cell's expression; what a file must say is said even where the store does not know it."""
    expression = f"t.{field.name}"
    if (entity.name, field.name) == ("customers", "name"):
        return "COALESCE(t.name, t.org_id)"
    if (entity.name, field.name) == ("subscriptions", "kind"):
        return "COALESCE(t.kind, 'subscription')"
    return text_of_boolean(expression) if field.kind is Kind.BOOLEAN else expression


def _exported_set(
    connection: sqlite3.Connection, entity: Entity, history: bool
) -> Iterator[tuple[Value, ...]]:
    names = ", ".join(f.name for f in entity.fields)
    if not history:
        return connection.execute(f"SELECT {names} FROM {entity.name} ORDER BY {names}")
    table = "tag_sets" if entity.name == "tags" else "assignment_sets"
    member = (
        "v.org_id, json_extract(m.value, '$[0]'), json_extract(m.value, '$[1]')"
        if entity.name == "tags"
        else "m.value, v.org_id"
    )
    return connection.execute(
        f"SELECT {member}, o.day FROM (SELECT DISTINCT org_id, day FROM {table}_observed) o"
        f" JOIN {table}_versions v ON v.org_id = o.org_id AND v.valid_from <= o.day AND v.valid_to > o.day"
        f" LEFT JOIN json_each(v.members) m ORDER BY v.org_id, o.day, 2, 3"
    )


def _exported_inventory(
    connection: sqlite3.Connection, entity: Entity, history: bool
) -> Iterator[tuple[Value, ...]]:
    cells = ", ".join(_inventory_cell(entity, f.name) for f in entity.fields)
    cells += ", i.day" if history else ""
    return connection.execute(
        f"SELECT {cells} FROM inventories i"
        " JOIN customers c ON c.org_id = i.org_id"
        f" JOIN {INVENTORY_TABLES[entity.name]} r ON r.content_id = i.content_id"
        " WHERE i.entity = :entity ORDER BY i.org_id, r.position",
        {"entity": entity.name},
    )
