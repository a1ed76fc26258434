"""What Webex says of one customer, as rows of our entities: names of products and countries, joins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from partnerctl.tabular.countries import parse_country
from partnerctl.tabular.words import license_product

if TYPE_CHECKING:
    from partnerctl.domain.history import Value
    from partnerctl.remote.inventories import Device, Location, Number
    from partnerctl.remote.organizations import License

Row = tuple["Value", ...]

LICENSE_COLUMNS = ("subscription_id", "product", "total", "assigned")
LOCATION_COLUMNS = ("location_id", "org_id", "name", "country")
DEVICE_COLUMNS = (
    *("org_id", "location_id", "location", "product", "mac", "firmware", "phone_number", "extension"),
    "user_uuid",
)
NUMBER_COLUMNS = (
    *("org_id", "location_id", "location", "country", "phone_number", "extension", "active", "user_type"),
    *("number_type", "user_uuid"),
)

_ACTIVE = {"ACTIVE": 1, "INACTIVE": 0}
_NUMBER_TYPES = {"PRIMARY": "Primary", "ALTERNATE": "Secondary"}


def license_rows(licenses: Iterable[License], names: Mapping[str, str]) -> list[Row]:
    """Return a row per subscription and product, sites summed; what has no subscription has no row.

    `names` are license names of the user's own with the products that they mean. A figure that one of the
    sites lacks is unknown.
    """
    sums: dict[tuple[str, str], list[tuple[int | None, int | None]]] = {}
    for one in licenses:
        if one.subscription_id is not None:
            key = one.subscription_id, license_product(one.name, names)
            sums.setdefault(key, []).append((one.total, one.assigned))
    return [
        (*key, _sum(total for total, _ in figures), _sum(assigned for _, assigned in figures))
        for key, figures in sorted(sums.items())
    ]


def location_rows(org_id: str, locations: Iterable[Location]) -> list[Row]:
    """Return a row per location."""
    return [(one.location_id, org_id, one.name, _country(one.country)) for one in locations]


def device_rows(
    org_id: str, devices: Iterable[Device], locations: Sequence[Location], numbers: Iterable[Number]
) -> list[Row]:
    """Return a row per device, with the primary phone number of whom it belongs to."""
    places = {one.location_id: one.name for one in locations}
    primary: dict[str, Number] = {}
    for number in numbers:
        if number.owner is not None and (number.kind == "PRIMARY" or number.owner not in primary):
            primary[number.owner] = number
    rows: list[Row] = []
    for one in devices:
        line = primary.get(one.owner or "")
        phone, extension = (line.phone_number, line.extension) if line is not None else (None, None)
        place = places.get(one.location_id or "")
        where = (org_id, one.location_id, place)
        rows.append((*where, one.product, _mac(one.mac), one.firmware, phone, extension, one.owner))
    return rows


def number_rows(org_id: str, numbers: Iterable[Number], locations: Sequence[Location]) -> list[Row]:
    """Return a row per phone number or extension, with the country of its location."""
    countries = {one.location_id: _country(one.country) for one in locations}
    rows: list[Row] = []
    for one in numbers:
        country = countries.get(one.location_id or "")
        active = _ACTIVE.get((one.state or "").upper())
        kind = _NUMBER_TYPES.get((one.kind or "").upper(), one.kind)
        where = (org_id, one.location_id, one.location, country)
        rows.append((*where, one.phone_number, one.extension, active, one.owner_type, kind, one.owner))
    return rows


def _country(text: str | None) -> str | None:
    return None if text is None else parse_country(text)


def _mac(text: str | None) -> str | None:
    """Return twelve digits, as the reports write them."""
    return None if text is None else text.replace(":", "").replace("-", "").upper()


def _sum(figures: Iterable[int | None]) -> int | None:
    known = list(figures)
    return None if None in known else sum(figure for figure in known if figure is not None)
