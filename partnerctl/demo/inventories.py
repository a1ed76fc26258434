"""Made-up locations, devices, phone numbers and app versions of one customer, as they are on the last day.

Phone numbers come from ranges set aside for fiction, MAC addresses are locally administered.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from partnerctl.demo.customers import Contact, contacts, make_uuid
from partnerctl.demo.names import CITIES
from partnerctl.demo.plans import CustomerPlan
from partnerctl.domain.batches import Cell

Row = tuple[Cell, ...]

_MODELS = (
    *(("DMS Cisco 9841", "3.2.1"), ("DMS Cisco 9861", "3.2.1"), ("DMS Cisco 8845", "12.0.5")),
    *(("Room Bar Pro", "RoomOS 11.18"), ("Desk Pro", "RoomOS 11.18"), ("Board Pro 55", "RoomOS 11.14")),
)
_PSTN = ("Cloud Connected PSTN", "Premises-based PSTN", "Calling Plan")
_USER_TYPES = ("USER", "USER", "USER", "WORKSPACE", "AUTO_ATTENDANT", "HUNT_GROUP")
_AREAS = ("201", "206", "212", "303", "312", "404", "512", "617", "702", "773", "808", "919")
_CANADIAN_AREAS = ("204", "306", "416", "514", "604", "902")
_APPS = (
    *(("Desktop", "Windows", "11"), ("Desktop", "Windows", "10"), ("Desktop", "Mac", "15.1")),
    *(("Mobile", "iPhone", "18.2"), ("Mobile", "Android", "15"), ("Web", "Chrome", None)),
)
_VERSIONS = ("44.8.0.30404", "44.10.1.31028", "45.2.0.31846", "45.6.1.32593")


@dataclass(frozen=True, slots=True)
class Inventory:
    """What one customer has, as rows in the field order of the entities."""

    locations: list[Row]
    devices: list[Row]
    phone_numbers: list[Row]
    app_versions: list[Row]


def make_inventory(plan: CustomerPlan) -> Inventory:
    """Return the inventory of `plan`: the same one whenever it is asked for."""
    rng = Random(f"inventory:{plan.org_id}")
    cities = CITIES[plan.country]
    locations: list[Row] = [
        (make_uuid(rng), plan.org_id, city, plan.country) for city in cities[: rng.choice((1, 1, 2, 3))]
    ]
    numbers = _numbers(plan, locations, contacts(plan), rng)
    return Inventory(
        locations=locations,
        devices=_devices(numbers, rng),
        phone_numbers=numbers,
        app_versions=_apps(plan, rng),
    )


def _numbers(plan: CustomerPlan, locations: list[Row], users: list[Contact], rng: Random) -> list[Row]:
    rows: list[Row] = []
    first = rng.randrange(100)
    for place in range(rng.randint(2, 14)):
        location_id, _, location, country = locations[place % len(locations)]
        kind = _USER_TYPES[place % len(_USER_TYPES)]
        user = users[place % len(users)] if kind == "USER" else None
        rows.append(
            (
                plan.org_id,
                location_id,
                location,
                country,
                _fictional_number(plan.country, first + place, rng),
                str(1000 + place),
                rng.choice(_PSTN),
                rng.random() < 0.9,
                kind,
                "Toll-free" if place == 9 else "Standard",
                user.email if user else None,
                user.user_uuid if user else None,
                plan.external_id,
            )
        )
    return rows


def _fictional_number(country: str, count: int, rng: Random) -> str | None:
    """Return a number that its country keeps free for fiction; None where the country keeps none."""
    last = count % 100
    match country:
        case "US":
            return f"+1{rng.choice(_AREAS)}55501{last:02d}"
        case "CA":
            return f"+1{rng.choice(_CANADIAN_AREAS)}55501{last:02d}"
        case "GB":
            return f"+442079460{rng.randrange(10)}{last:02d}"
        case "DE":
            return f"+493023125{rng.randrange(10)}{last:02d}"
        case "FR":
            return f"+3319900{rng.randrange(100):02d}{last:02d}"
        case _:
            return None


def _devices(numbers: list[Row], rng: Random) -> list[Row]:
    rows: list[Row] = []
    for number in numbers[: rng.randint(1, 10)]:
        product, firmware = rng.choice(_MODELS)
        rows.append(
            (
                *number[:3],
                product,
                f"02{rng.getrandbits(40):010X}",  # 02: locally administered
                firmware,
                *number[4:6],
                *number[10:],
            )
        )
    return rows


def _apps(plan: CustomerPlan, rng: Random) -> list[Row]:
    chosen = sorted(rng.sample(_APPS, rng.randint(2, len(_APPS))), key=str)
    return [
        (plan.org_id, app, platform, rng.choice(_VERSIONS), system, rng.randint(1, plan.users))
        for app, platform, system in chosen
    ]
