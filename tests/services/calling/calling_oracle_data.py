"""What the oracle of Webex Calling reads, and the words of ``docs/calling.md``: legs, weeks, human, answered.

No line is shared with the program. What the page leaves open is marked "decided".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

Row = dict[str, Any]

HUMAN = {"user", "place", "virtualline"}  # VirtuaLline, in lower case, is the same word
QUEUE = {"callcenterstandard", "callcenterpremium"}
ROOM = ("room", "board", "desk", "codec", "sx", "mx", "dx")
SUNDAY = 6


@dataclass
class Data:
    """Everything that is in the folder and in the store.

    `records` have the headers of the Calling Detailed Call History, and texts; the others the keys of their
    kinds, and Python values. `customers` has the name and the region by organization id, in lower case.
    """

    records: list[Row] = field(default_factory=list)
    media: list[Row] = field(default_factory=list)
    queue_stats: list[Row] = field(default_factory=list)
    usage: list[Row] = field(default_factory=list)
    customers: dict[str, tuple[str, str | None]] = field(default_factory=dict)

    def name(self, org: str | None) -> str | None:
        """Return the name of a customer; None where the store does not know it."""
        return self.customers[org][0] if org in self.customers else None

    def region(self, org: str | None) -> str | None:
        """Return the region of a customer; None where the store does not know it, or it has none."""
        return self.customers[org][1] if org in self.customers else None


class Leg:
    """One record. Headers are found whatever their case; no value is None."""

    def __init__(self, record: Row) -> None:
        self.cells = {str(header).strip().lower(): _value(text) for header, text in record.items()}
        self.org = (self.text("Org UUID") or "").lower()
        self.id = (self.text("Report ID") or "").lower()
        start = self.time("Start time")
        assert start is not None
        self.start = start

    def text(self, header: str) -> str | None:
        """Return the text of a field; None where it has no value."""
        return self.cells.get(header.lower())

    def word(self, header: str) -> str:
        """Return the text in lower case, for values whose case does not matter; empty without a value."""
        return (self.text(header) or "").lower()

    def time(self, header: str) -> datetime | None:
        """Return a moment in UTC, without its zone; None where there is no value."""
        text = self.text(header)
        if text is None:
            return None
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)

    @cached_property
    def call(self) -> tuple[str, str]:
        """Return what the call is known by.

        Decided: everywhere, a leg without Correlation ID is alone; the case of a Correlation ID matters.
        """
        correlation = self.text("Correlation ID")
        return (self.org, f"call {correlation}") if correlation else (self.org, f"leg {self.id}")

    @cached_property
    def human(self) -> bool:
        return self.word("User type") in HUMAN

    @cached_property
    def answered(self) -> bool:
        return self.word("Answered") == "true"

    @cached_property
    def originating(self) -> bool:
        return self.word("Direction") == "originating"

    @cached_property
    def terminating(self) -> bool:
        return self.word("Direction") == "terminating"

    @cached_property
    def seconds(self) -> int:
        """Return the duration; no value counts as 0."""
        return int(self.text("Duration") or 0)

    @cached_property
    def user(self) -> str | None:
        """Return the user of a leg of User type User; decided: none without User UUID, whose case matters."""
        return self.text("User UUID") if self.word("User type") == "user" else None

    @cached_property
    def endpoint(self) -> str:
        return endpoint_of(self.text("Client type"), self.text("Model"))

    @cached_property
    def place(self) -> tuple[str, str | None]:
        """Return what the location is known by; decided: the case of a Site UUID or a name matters here."""
        site, location = self.text("Site UUID"), self.text("Location")
        return ("site", site) if site else ("name", location)


def _value(text: Any) -> str | None:
    """Return a cell; decided: blanks around it do not matter, and `Na` and `nA` are no value, too."""
    plain = "" if text is None else str(text).strip()
    return None if plain.lower() in {"", "na"} else plain


def endpoint_of(client_type: str | None, model: str | None) -> str:
    """Return the endpoint type of a Client type and a Model."""
    client, device = (client_type or "").strip().lower(), (model or "").strip().lower()
    if client == "wxc_device":
        return device_of(device)
    if client.startswith("teams_"):
        return "teams"
    return {
        "wxc_client": "app",
        "wxc_third_party": "third_party",
        "wxc_sip_gw": "gateway",
        "sip": "sip",
        "cloud_aware_sip": "sip",
    }.get(client, "unknown")


def device_of(device: str) -> str:
    """Return the endpoint type of a device, by its model in lower case."""
    if any(word in device for word in ROOM):
        return "room_device"
    if device.removeprefix("cisco ").startswith(("ata", "vg")):
        return "analog"
    return "desk_phone"


def legs_of(data: Data) -> list[Leg]:
    """Return the living legs: of those with the same Report ID the one with the newest Report time.

    Decided: no Report time is older than any; of equal ones the later in the list lives.
    """
    living: dict[str, Leg] = {}
    for record in data.records:
        leg = Leg(record)
        other = living.get(leg.id)
        if other is None or _version(leg) >= _version(other):
            living[leg.id] = leg
    return list(living.values())


def _version(leg: Leg) -> datetime:
    return leg.time("Report time") or datetime.min  # noqa: DTZ901


def week_of(day: date) -> date:
    """Return the Sunday on which the week of a day begins."""
    while day.weekday() != SUNDAY:
        day -= timedelta(days=1)
    return day


def in_days(moment: datetime, since: date, until: date) -> bool:
    """Tell whether a moment is in these days, both included."""
    return since <= moment.date() <= until


def in_week(moment: datetime, week: date) -> bool:
    """Tell whether a moment is in the week that begins on that day."""
    return in_days(moment, week, week + timedelta(days=6))


def makes_up(periods: Iterable[tuple[date, date]], since: date, until: date) -> bool:
    """Tell whether periods make up exactly these days: each day stands in one of them, and in one alone.

    Decided: periods that reach out of these days say nothing about them, and do no harm.
    """
    inside = {(first, last) for first, last in periods if since <= first and last <= until}
    day = since
    while day <= until:
        if sum(first <= day <= last for first, last in inside) != 1:
            return False
        day += timedelta(days=1)
    return True


def counting(rows: list[Row], org: str, since: date, until: date) -> list[Row] | None:
    """Return the rows of a customer whose periods make up exactly these days; None where they do not."""
    own = [row for row in rows if row["org_id"] == org]
    if not makes_up([(row["since"], row["until"]) for row in own], since, until):
        return None
    return [row for row in own if since <= row["since"] and row["until"] <= until]


def added(values: Iterable[Any]) -> Any:
    """Return the sum of the values that are known; None where none is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def rounded(exact: Fraction | int | None, places: int = 1) -> float | None:
    """Return a number to so many decimals, half to even; None stays None."""
    if exact is None:
        return None
    return float(Fraction(round(Fraction(exact) * 10**places), 10**places))


def percent(part: int | None, whole: int | None) -> float | None:
    """Return 100 x part / whole to one decimal; None where a number is unknown or the whole is 0."""
    return rounded(Fraction(100 * part, whole)) if part is not None and whole else None


def by_name(row: Row) -> tuple[Any, ...]:
    """Return what sorts by customer, then organization id.

    Decided: no name comes last; letters are in the order of Unicode, `Z` before `a`.
    """
    name = row["customer"]
    return (name is None, name or "", row["org_id"] or "")


def heading(data: Data, week: date, org: str | None, **more: Any) -> Row:
    """Return the first keys of a row of that customer, or of no customer."""
    return {"week": week, "customer": data.name(org), "org_id": org, "region": data.region(org), **more}
