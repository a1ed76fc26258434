"""What the store knows of: each entity, its fields in their order, and which of them are its key.

One table for everything that reads or writes an entity: canonical files in and out, observations,
the store's columns (``files.md``, Canonical files).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a field or a cell holds; it decides how a text is read, checked and written."""

    TEXT = "text"
    NAME = "name"  # text that people wrote: guarded against formulas, folded for comparisons
    PHONE = "phone"
    ORG_ID = "org_id"
    EMAIL = "email"
    COUNT = "count"  # a whole number, never negative
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    REGION = "region"
    COUNTRY = "country"
    STATUS = "status"  # of a subscription
    PRODUCT = "product"
    OFFER = "offer"  # subscription or trial
    MANAGER = "manager"  # partner or external
    WORDS = "words"  # a list of words
    INSTANT = "instant"  # written in UTC, never read


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entity. A required field stands in every file and its cell is never empty."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    key: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of thing that files speak of.

    `history`: every observation is kept and ``--as-of`` works. `carries`: a field keeps its value until
    another day's observation speaks of it; license figures do not carry (``kpis.md``, snapshot).
    `inventory`: a file holds the whole inventory of each customer it names.
    """

    name: str
    fields: tuple[Field, ...]
    history: bool = False
    carries: bool = True
    inventory: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the names of the key fields, in order."""
        return tuple(f.name for f in self.fields if f.key)

    @property
    def values(self) -> tuple[str, ...]:
        """Return the names of the fields that are no key, in order."""
        return tuple(f.name for f in self.fields if not f.key)

    def field(self, name: str) -> Field:
        """Return the field of that name; raises KeyError where there is none."""
        for f in self.fields:
            if f.name == name:
                return f
        raise KeyError(name)


def _key(name: str, kind: Kind = Kind.TEXT, required: bool = True) -> Field:
    return Field(name, kind, required=required, key=True)


_INVENTORY_PLACE = (
    Field("org_id", Kind.ORG_ID, required=True),
    Field("location_id"),
    Field("location", Kind.NAME),
)
_INVENTORY_USER = (Field("user_id"), Field("user_uuid"), Field("external_id"))

CUSTOMERS = Entity(
    "customers",
    (
        _key("org_id", Kind.ORG_ID),
        Field("name", Kind.NAME, required=True),
        Field("region", Kind.REGION),
        Field("country", Kind.COUNTRY),
        Field("industry", Kind.NAME),
        Field("planned_users", Kind.COUNT),
        Field("managed_by", Kind.MANAGER),
        Field("external_id"),
        Field("total_users", Kind.COUNT),
        Field("verified_users", Kind.COUNT),
        Field("created_date", Kind.DATE),
        Field("last_admin_login", Kind.DATE),
    ),
    history=True,
)
USERS = Entity(
    "users",
    (
        _key("email", Kind.EMAIL),
        Field("org_id", Kind.ORG_ID, required=True),
        Field("name", Kind.NAME),
        Field("user_uuid"),
    ),
)
ADMINS = Entity(
    "admins",
    (_key("email", Kind.EMAIL), Field("name", Kind.NAME), Field("role", required=True)),
)
SUBSCRIPTIONS = Entity(
    "subscriptions",
    (
        _key("subscription_id"),
        Field("org_id", Kind.ORG_ID, required=True),
        Field("kind", Kind.OFFER, required=True),
        Field("subscription_type"),
        Field("status", Kind.STATUS),
        Field("start_date", Kind.DATE),
        Field("end_date", Kind.DATE),
        Field("auto_renew", Kind.BOOLEAN),
        Field("invoice"),
    ),
    history=True,
)
LICENSES = Entity(
    "licenses",
    (
        _key("subscription_id"),
        _key("product", Kind.PRODUCT),
        Field("total", Kind.COUNT, required=True),
        Field("assigned", Kind.COUNT, required=True),
        Field("used_7d", Kind.COUNT),
        Field("used_3m", Kind.COUNT),
        Field("used_ever", Kind.COUNT),
    ),
    history=True,
    carries=False,
)
ORDERS = Entity(
    "orders",
    (
        _key("order_id"),
        Field("subscription_id", required=True),
        Field("ordered_date", Kind.DATE, required=True),
        Field("product", Kind.PRODUCT),
        Field("quantity", Kind.COUNT),
        Field("status"),
        Field("invoice"),
    ),
)
# An empty address or tag says that the customer has none: a set can be empty, a file of sets cannot.
ASSIGNMENTS = Entity(
    "assignments", (_key("email", Kind.EMAIL, required=False), _key("org_id", Kind.ORG_ID)), history=True
)
TAGS = Entity(
    "tags",
    (
        _key("org_id", Kind.ORG_ID),
        _key("subscription_id", required=False),
        _key("tag", Kind.NAME, required=False),
    ),
    history=True,
)
LOCATIONS = Entity(
    "locations",
    (
        _key("location_id"),
        Field("org_id", Kind.ORG_ID, required=True),
        Field("name", Kind.NAME),
        Field("country", Kind.COUNTRY),
    ),
)
DEVICES = Entity(
    "devices",
    (
        *_INVENTORY_PLACE,
        Field("product"),
        Field("mac"),
        Field("firmware"),
        Field("phone_number", Kind.PHONE),
        Field("extension", Kind.PHONE),
        *_INVENTORY_USER,
    ),
    inventory=True,
)
PHONE_NUMBERS = Entity(
    "phone-numbers",
    (
        *_INVENTORY_PLACE,
        Field("country", Kind.COUNTRY),
        Field("phone_number", Kind.PHONE),
        Field("extension", Kind.PHONE),
        Field("pstn_connection"),
        Field("active", Kind.BOOLEAN),
        Field("user_type"),
        Field("number_type"),
        *_INVENTORY_USER,
    ),
    inventory=True,
)
APP_VERSIONS = Entity(
    "app-versions",
    (
        Field("org_id", Kind.ORG_ID, required=True),
        Field("app_type"),
        Field("platform"),
        Field("version"),
        Field("os_version"),
        Field("users", Kind.COUNT, required=True),
    ),
    inventory=True,
)

ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        CUSTOMERS,
        USERS,
        ADMINS,
        SUBSCRIPTIONS,
        LICENSES,
        ORDERS,
        ASSIGNMENTS,
        TAGS,
        LOCATIONS,
        DEVICES,
        PHONE_NUMBERS,
        APP_VERSIONS,
    )
}
"""Every entity by name, in the order in which files are read: what others refer to comes first."""
