"""A made folder of calling records: customers, locations, people, and about 9 weeks of what they did.

`made(seed, size)` gives the `Data` of the oracle; ``calling_made_files.py`` writes it as files. Everything is
drawn from one random number generator: the same seed makes the same data.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from tests.services.calling.calling_oracle_data import Data, Row

FIRST = date(2026, 9, 27)
"""The Sunday on which the first week begins."""

WEEKS = 9
LAST = FIRST + timedelta(days=7 * (WEEKS - 1))
"""The Sunday on which the last week begins."""

PERIODS = (
    (LAST, LAST + timedelta(days=6)),
    (FIRST + timedelta(days=7), FIRST + timedelta(days=13)),
    (FIRST + timedelta(days=14), FIRST + timedelta(days=27)),
    (date(2026, 10, 1), date(2026, 10, 31)),
    (date(2026, 11, 10), date(2026, 11, 16)),
)
"""Periods to report on: weeks, two weeks, a month, and 7 days that are no week."""

ENDPOINTS = (
    *(("WXC_CLIENT", ""), ("wxc_client", "na"), ("TEAMS_WXC_CLIENT", ""), ("TEAMS_DEVICE", "Cisco Board 55")),
    *(("WXC_DEVICE", "Cisco Room Kit Pro"), ("WXC_DEVICE", "BOARD 70S"), ("WXC_DEVICE", "DX80")),
    *(("WXC_DEVICE", "Cisco Desk Phone 9871"), ("WXC_DEVICE", "TTC7-21 SX20"), ("WXC_DEVICE", "ATA191-MPP")),
    *(("WXC_DEVICE", "Cisco ATA 192"), ("WXC_DEVICE", "cisco vg400"), ("Wxc_Device", "VG420")),
    *(("WXC_DEVICE", "8851-3PCC"), ("WXC_DEVICE", "Cisco 7841"), ("WXC_DEVICE", ""), ("WXC_DEVICE", "NA")),
    *(("WXC_DEVICE", "Strata VGA"), ("WXC_THIRD_PARTY", "Room Phone"), ("WXC_THIRD_PARTY", "")),
    *(
        ("WXC_SIP_GW", ""),
        ("SIP", "ATA191"),
        ("CLOUD_AWARE_SIP", ""),
        ("", "Cisco Board 55"),
        ("NEWER_ONE", ""),
    ),
)
"""What people call on: Client type and Model."""


@dataclass(frozen=True)
class Place:
    """A location; from `renamed` on it has another name."""

    site: str
    first_name: str
    second_name: str = ""
    renamed: datetime | None = None

    def name(self, at: datetime) -> str:
        """Return the name at a moment."""
        return self.second_name if self.renamed is not None and at >= self.renamed else self.first_name


@dataclass(frozen=True)
class Person:
    """A user, a workspace, a virtual line, or a service: whatever has legs."""

    uuid: str
    user_type: str
    place: Place
    number: str
    endpoints: tuple[tuple[str, str], ...] = (("", ""),)
    ip: str = ""


@dataclass
class Org:
    """A customer, and the weeks in which it calls."""

    id: str
    name: str | None
    region: str | None
    places: list[Place] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    services: dict[str, list[Person]] = field(default_factory=dict)
    weeks: tuple[int, int] = (0, WEEKS)

    @property
    def file_names(self) -> list[str]:
        """Return names of locations for files: with records and without, none that was renamed."""
        kept = [place.first_name for place in self.places if place.renamed is None and place.first_name]
        return list(dict.fromkeys([*kept, "Depot", "Éire"]))


@dataclass
class World:
    """The generator of random numbers, and what was made with it."""

    rng: random.Random
    ambiguous: bool = False
    orgs: list[Org] = field(default_factory=list)

    def chance(self, part: float) -> bool:
        """Return True so often."""
        return self.rng.random() < part

    def uuid(self) -> str:
        """Return a new UUID."""
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def moment(self, org: Org, gap: int | None) -> datetime:
        """Return when a call begins: often at the turn of a day, now and then at that of a week."""
        weeks = [week for week in range(*org.weeks) if week != gap]
        day = FIRST + timedelta(days=7 * self.rng.choice(weeks) + self.rng.randrange(7))
        turn = self.chance(0.15)
        if self.chance(0.05):
            # the last minutes of a week
            day, turn = day + timedelta(days=(5 - day.weekday()) % 7), True
        if turn:
            seconds = 86399 - self.rng.randrange(120)
        else:
            seconds = 0 if self.chance(0.03) else self.rng.randrange(86400)
        milliseconds = self.rng.choice((0, 0, 1, 500, 999))
        return datetime.combine(day, time()) + timedelta(seconds=seconds, milliseconds=milliseconds)


NAMES = (
    *(("Acme Example", "EU"), ("Zebra Example", "US"), ("Ação Example", None), ("Twin Example", "AE")),
    *(
        ("Twin Example", "EU"),
        ("Late Example", "EU"),
        ("Gone Example", "US"),
        (None, None),
        (None, None),
    ),
)
TOWNS = ("Lisboa", "Porto", "São Paulo", "New York", "Tokyo", "Faro", "Braga", "Évora")
SERVICES = (
    *("HuntGroup", "CallCenterStandard", "CallCenterPremium", "AutomatedAttendantVideo", "GroupPaging"),
    *("VoiceMailRetrieval", "VoiceMailGroup", "LocalGateway", "RouteList"),
)


def made(seed: int, size: int = 3000, *, ambiguous: bool = False) -> Data:
    """Return made data with about `size` records (not many fewer).

    `ambiguous` adds what ``docs/calling.md`` does not settle: locations with the same name, files that name
    a location by the name it has lost, and periods that overlap.
    """
    from tests.services.calling.calling_made_calls import call_of
    from tests.services.calling.calling_made_figures import made_media, made_queue_stats, made_usage

    world = World(random.Random(seed), ambiguous)
    world.orgs = [_made_org(world, number) for number in range(len(NAMES))]
    gap = 3 if seed % 3 == 0 else None
    records: list[Row] = []
    while len(records) < size:
        org = world.rng.choice(world.orgs)
        records += call_of(world, org, world.moment(org, gap))
    customers = {org.id: (org.name, org.region) for org in world.orgs if org.name is not None}
    customers[world.uuid()] = ("Silent Example", "EU")
    return Data(
        records,
        made_media(world, max(20, size // 6)),
        made_queue_stats(world),
        made_usage(world),
        customers,
    )


def _made_org(world: World, number: int) -> Org:
    name, region = NAMES[number]
    org = Org(world.uuid(), name, region)
    if name == "Late Example":
        org.weeks = (world.rng.randrange(4, 8), WEEKS)
    if name == "Gone Example":
        org.weeks = (0, world.rng.randrange(1, 5))
    towns = world.rng.sample(TOWNS, world.rng.randrange(2, 5))
    for town in towns:
        org.places.append(Place(world.uuid(), town))
    org.places[0] = _renamed(world, org.places[0])
    if world.chance(0.5):
        org.places[-1] = Place("", org.places[-1].first_name)
    if world.ambiguous:
        org.places.append(Place(world.uuid(), org.places[-1].first_name))
    if number == len(NAMES) - 1:
        # legs without any location
        org.places.append(Place("", ""))
    for _ in range(world.rng.randrange(6, 14)):
        org.people.append(_made_person(world, org))
    for user_type in SERVICES:
        number_of = 2 if user_type.startswith("CallCenter") else 1
        org.services[user_type] = [
            Person(world.uuid(), user_type, world.rng.choice(org.places), _number(world))
            for _ in range(number_of)
        ]
    return org


def _renamed(world: World, place: Place) -> Place:
    if world.chance(0.4):
        return place
    day = FIRST + timedelta(days=world.rng.randrange(10, 50))
    return Place(place.site, place.first_name, f"{place.first_name} Sul", datetime.combine(day, time(12)))


def _made_person(world: World, org: Org) -> Person:
    ip = world.rng.choice(("203.0.113.7", "0.0.0.0", "", "2001:db8::7", "198.51.100.9"))
    return Person(
        world.uuid(),
        world.rng.choice(("User", "User", "User", "user", "Place", "VirtualLine", "VirtuaLline")),
        world.rng.choice(org.places),
        _number(world),
        tuple(world.rng.sample(ENDPOINTS, world.rng.randrange(1, 4))),
        ip,
    )


def _number(world: World) -> str:
    return f"+3512{world.rng.randrange(10**7, 10**8)}"
