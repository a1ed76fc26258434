"""A second made folder, small and thin: what ``made`` makes too seldom, or drowns in what is usual.

`rare(seed)` has the same days as ``made``, but a week in which nobody calls, and one in which only somebody
calls whom the store does not know. One customer has services alone, one called in the first week alone. In
every other week there is each of the functions below.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from tests.services.calling.calling_made import FIRST, LAST, WEEKS
from tests.services.calling.calling_made_calls import stamp
from tests.services.calling.calling_oracle_data import Data, Row
from tests.services.calling.calling_oracle_report import FIGURES

SILENT = 2
"""The week in which nobody calls: it is known of nobody."""

STRANGE = 5
"""The week in which only the stranger calls: it is known of everybody who called before."""

WITHOUT_FILES = "Beta Example"
NAMES = ("Acme Example", WITHOUT_FILES, "Services Example", "Once Example", "Files Example")
REGIONS = ("EU", "US", "EU", "US", None)
GOOD = {"audio_jitter": 10, "audio_latency": 20, "audio_packet_loss": 0.5}


class Rare:
    """What is made so far; `acme` and `beta` call, the others are what their names say."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.records: list[Row] = []
        self.acme, self.beta, self.services, self.once, self.files = (self.uuid() for _ in NAMES)
        self.stranger = self.uuid()
        self.sites = {name: self.uuid() for name in ("Norte", "Sul", "Oeste", "")}
        self.shared_user = self.uuid()

    def uuid(self) -> str:
        """Return a new UUID."""
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def leg(self, org: str, start: datetime, **cells: Any) -> Row:
        """Add an answered originating leg of a user on the app, at Sul; `_` in a key is a blank."""
        seconds = self.rng.randrange(1, 600)
        row: Row = {
            "Start time": stamp(start),
            "Answer time": stamp(start + timedelta(seconds=2)),
            "Release time": stamp(start + timedelta(seconds=2 + seconds)),
            "Report time": stamp(start + timedelta(days=4)),
            "Duration": str(seconds),
            "Correlation ID": self.uuid(),
            "Location": "Sul",
            "Site UUID": self.sites["Sul"],
            "Direction": "ORIGINATING",
            "Call type": "SIP_NATIONAL",
            "Client type": "WXC_CLIENT",
            "Answered": "true",
            "User type": "User",
            "User UUID": self.uuid(),
            "Org UUID": org,
            "Report ID": self.uuid(),
            **{key.replace("_", " "): text for key, text in cells.items()},
        }
        self.records.append(row)
        return row

    def queue(self, start: datetime, **cells: Any) -> Row:
        """Add a leg that reached a queue of `acme`, and that the caller left."""
        usual = {"Direction": "TERMINATING", "User_type": "CallCenterStandard", "Releasing_party": "Remote"}
        return self.leg(self.acme, start, **{**usual, "Call_type": "SIP_INBOUND", **cells})

    def agent(self, queue: Row, start: datetime, **cells: Any) -> Row:
        """Add a leg of the same call on which an agent answered."""
        usual = {"Direction": "TERMINATING", "Original_reason": "CallQueue", "Call_type": "SIP_INBOUND"}
        call = {"Correlation_ID": queue["Correlation ID"]}
        return self.leg(cells.pop("org", self.acme), start, **{**usual, **call, **cells})


def on(sunday: date, days: int, hour: int = 10, minute: int = 0) -> datetime:
    """Return that hour, so many days after a Sunday."""
    return datetime.combine(sunday, time(hour, minute)) + timedelta(days=days)


LAST_MOMENT = timedelta(days=1) - timedelta(milliseconds=1)


def turns_of_the_week(made: Rare, sunday: date) -> None:
    """The first and the last moment of a week, and one call on both sides of midnight."""
    made.leg(made.acme, on(sunday, 0, 0))
    made.leg(made.beta, on(sunday, 6, 0) + LAST_MOMENT)
    call = made.uuid()
    for start in (on(sunday, 1, 0) + LAST_MOMENT, on(sunday, 2, 0)):
        made.leg(made.acme, start, Correlation_ID=call, Related_reason="CallForwardAlways")


def one_correlation_id_at_two_customers(made: Rare, sunday: date) -> None:
    """A call between customers: two calls for all together; an agent of the other one answers nothing."""
    call = {"Correlation_ID": made.uuid(), "Related_reason": "CallForwardBusy"}
    made.leg(made.acme, on(sunday, 1), **call, User_UUID=made.shared_user)
    made.leg(made.beta, on(sunday, 1), **call, User_UUID=made.shared_user, Direction="TERMINATING")
    queue = made.queue(on(sunday, 1, 11))
    made.agent(queue, on(sunday, 1, 11), org=made.beta)


def legs_that_are_no_agents(made: Rare, sunday: date) -> None:
    """Answered legs with the reason CallQueue that are originating, or not human."""
    for cells in ({"Direction": "ORIGINATING"}, {"User_type": "HUNTGROUP"}, {"Direction": "na"}):
        made.agent(made.queue(on(sunday, 2, 9)), on(sunday, 2, 9, 1), **cells)


def agents_at_the_end_of_the_next_day(made: Rare, sunday: date) -> None:
    """The last agent that may answer, and the first that may not; on Wednesday and as the week ends."""
    for days in (3, 6):
        made.agent(made.queue(on(sunday, days, 1)), on(sunday, days + 1, 0) + LAST_MOMENT)
        made.agent(made.queue(on(sunday, days, 23)), on(sunday, days + 2, 0))
    # the first does not count, the second would: the queue leg is answered, and its time is not known
    queue = made.queue(on(sunday, 3, 12))
    made.agent(queue, on(sunday, 3, 12, 1), Answer_time=stamp(on(sunday, 3, 11)))
    made.agent(queue, on(sunday, 3, 12, 2))


def deflected_after_midnight(made: Rare, sunday: date) -> None:
    """A queue leg of a Saturday whose call is sent elsewhere on Sunday."""
    queue = made.queue(on(sunday, 6, 23, 59), User_number="+351210000001", Releasing_party="Local")
    call = {"Correlation_ID": queue["Correlation ID"], "Redirecting_number": "+351210000001"}
    made.leg(made.acme, on(sunday, 7, 0, 1), **call, Redirect_reason="Deflection")


def endpoints_of_few(made: Rare, sunday: date) -> None:
    """Models that are rooms before they are analog; `gateway` at services alone, `sip` now and then."""
    for model in ("ATA191 Desk", "VG Board", "Cisco ATA mx", "VG420", "Cisco VG400"):
        made.leg(made.acme, on(sunday, 4), Client_type="WXC_DEVICE", Model=model, User_type="Place")
    made.leg(made.acme, on(sunday, 4), Client_type="WXC_SIP_GW", User_type="LocalGateway")
    if sunday in {FIRST, FIRST + timedelta(days=42)}:
        made.leg(made.beta, on(sunday, 4), Client_type="SIP")


def legs_without_a_direction(made: Rare, sunday: date) -> None:
    """Human legs that neither call nor are called: no calls, and no own address."""
    for direction in ("", "na"):
        addresses = {"Public_Calling_IP_Address": "2001:db8::1", "Public_Called_IP_Address": "2001:db8::1"}
        made.leg(made.beta, on(sunday, 4, 12), Direction=direction, **addresses)


def a_new_name_in_the_middle(made: Rare, sunday: date) -> None:
    """A location with another name from Thursday on, and without one on Friday; and one without any."""
    for days, name in ((2, "Norte"), (4, "Norte Novo"), (5, "na")):
        made.leg(made.acme, on(sunday, days, 14), Location=name, Site_UUID=made.sites["Norte"])
    made.leg(made.beta, on(sunday, 5, 14), Location="", Site_UUID=made.sites[""])


def types_at_both_ends(made: Rare, sunday: date) -> None:
    """A call whose originating leg is of the week before, at another location than the terminating one."""
    call = {"Correlation_ID": made.uuid(), "Call_type": "SIP_OPERATOR"}
    made.leg(made.beta, on(sunday, 6, 0) + LAST_MOMENT, **call)
    place = {"Location": "Oeste", "Site_UUID": made.sites["Oeste"], "Direction": "TERMINATING"}
    made.leg(made.beta, on(sunday, 7, 0), **call, **place)


def records_that_moved(made: Rare, sunday: date) -> None:
    """Records whose newer delivery begins on another day, in another week, or is of another customer.

    The older one is dead wherever it stands: in a week where nobody calls, it makes nothing known.
    """
    newer = stamp(on(sunday, 90))
    for days in (-13, -1, 1, 6):
        old = made.leg(made.acme, on(sunday, 3, 16) + timedelta(days=days))
        made.records.append({**old, "Start time": stamp(on(sunday, 3, 16)), "Report time": newer})
    old = made.leg(made.acme, on(sunday, 5, 16))
    made.records.append({**old, "Org UUID": made.beta.upper(), "Report time": newer})


def services_alone(made: Rare, sunday: date) -> None:
    """Legs of a customer with services alone, and of one that the store does not know."""
    made.leg(made.services, on(sunday, 2, 15), User_type="HuntGroup", Direction="TERMINATING")
    made.leg(made.stranger, on(sunday, 2, 15), Org_UUID=made.stranger.upper())


ODDITIES: tuple[Callable[[Rare, date], None], ...] = (
    turns_of_the_week,
    one_correlation_id_at_two_customers,
    legs_that_are_no_agents,
    agents_at_the_end_of_the_next_day,
    deflected_after_midnight,
    endpoints_of_few,
    legs_without_a_direction,
    a_new_name_in_the_middle,
    types_at_both_ends,
    records_that_moved,
    services_alone,
)


def rare(seed: int) -> Data:
    """Return the folder of that seed, its records in any order."""
    made = Rare(seed)
    for number in range(WEEKS):
        sunday = FIRST + timedelta(days=7 * number)
        hushed: dict[int, tuple[Callable[[Rare, date], None], ...]] = {SILENT: (), STRANGE: (services_alone,)}
        for oddity in hushed.get(number, ODDITIES):
            oddity(made, sunday)
    made.leg(made.once, on(FIRST, 3))
    made.records = [row for row in made.records if not _is_hushed(row, made)]
    made.rng.shuffle(made.records)
    orgs = (made.acme, made.beta, made.services, made.once, made.files)
    customers: dict[str, tuple[str, str | None]] = dict(
        zip(orgs, zip(NAMES, REGIONS, strict=True), strict=True)
    )
    return Data(made.records, _media(made), _queue_stats(made), _usage(made), customers)


def _is_hushed(row: Row, made: Rare) -> bool:
    """Tell whether a record would be heard in a week that is to be silent: it begins in it, and lives.

    What moved away has an older delivery there, which must stay.
    """
    week = (datetime.fromisoformat(row["Start time"]).date() - FIRST).days // 7
    copies = [one for one in made.records if one["Report ID"] == row["Report ID"]]
    newest = max(copies, key=lambda one: str(one["Report time"]))
    stranger = row["Org UUID"].lower() == made.stranger
    return row is newest and (week == SILENT or (week == STRANGE and not stranger))


def _measured(org: str, start: datetime, location: str, **cells: Any) -> Row:
    keys = ("client_type", "model", "call_quality", "video_duration", *GOOD)
    pictures = ("video_jitter", "video_latency", "video_packet_loss")
    unknown: Row = dict.fromkeys(("user_name", "duration", *keys, *pictures))
    return {**unknown, "org_id": org, "start_time": start, "location": location, **cells}


def _media(made: Rare) -> list[Row]:
    """Return measured legs: at `beta` of analog endpoints alone, which is as good as none."""
    rows = []
    for number in range(WEEKS):
        sunday = FIRST + timedelta(days=7 * number)
        analog = {"client_type": "WXC_DEVICE", "model": "ATA191", "video_duration": 60}
        rows += [
            _measured(made.acme, on(sunday, 0, 0), "sul", client_type="WXC_CLIENT", **GOOD),
            _measured(made.acme, on(sunday, 6, 0) + LAST_MOMENT, "NORTE NOVO", call_quality="bad"),
            _measured(made.acme, on(sunday, 3), "Sul", video_jitter=150, video_duration=0),
            _measured(made.beta, on(sunday, 3), "Sul", **analog, **GOOD),
            _measured(made.beta, on(sunday, 3), "Depot", **analog, **GOOD),
            _measured(made.files, on(sunday, 3), "Depot", audio_latency=400, video_duration=33),
        ]
    return rows


def _queue_stats(made: Rare) -> list[Row]:
    """Return rows for two weeks of `acme`, and for every day of `files`."""
    rows = []
    for number in (1, 3):
        since = FIRST + timedelta(days=7 * number)
        rows.append(_stat(made, made.acme, (since, since + timedelta(days=6)), "SUL"))
    for number in range(WEEKS * 7):
        day = FIRST + timedelta(days=number)
        rows.append(_stat(made, made.files, (day, day), "Depot"))
    return rows


def _stat(made: Rare, org: str, span: tuple[date, date], location: str) -> Row:
    answered, abandoned = made.rng.randrange(1, 9), made.rng.randrange(1, 9)
    return {
        "org_id": org,
        "since": span[0],
        "until": span[1],
        "queue": "Sales",
        "location": location,
        "total_wait_seconds": None,
        "avg_wait_seconds": 0.1,
        "answered_calls": answered,
        "abandoned_calls": abandoned,
        "avg_abandoned_seconds": 33.3,
        "total_abandoned_seconds": 7,
        "total_calls": answered + abandoned + 1,
        "calls_overflowed": None,
        "calls_timed_out": 1,
        "calls_transferred": None,
    }


def _usage(made: Rare) -> list[Row]:
    """Return figures of Partner Hub: of `beta`, `files`, and a customer that nothing else tells of."""
    rows = []
    october, last = (date(2026, 10, 1), date(2026, 10, 31)), (LAST, LAST + timedelta(days=6))
    nobody = made.uuid()
    for since, until in (october, last):
        for org, location in ((made.beta, "SUL"), (made.beta, "Leste"), (made.files, "Sul"), (nobody, "Sul")):
            figures = {key: made.rng.randrange(30) for key in FIGURES}
            rows.append({"org_id": org, "since": since, "until": until, "location": location, **figures})
    return rows
