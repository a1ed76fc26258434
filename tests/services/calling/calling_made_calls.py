"""Made calls, each a list of records: internal, PSTN, hunt groups, queues, transfers, and the odd ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.services.calling.calling_made import Org, Person, World
from tests.services.calling.calling_oracle_data import Row

OUTWARD = (
    *("SIP_NATIONAL", "SIP_NATIONAL", "SIP_INTERNATIONAL", "SIP_MOBILE", "SIP_TOLLFREE", "SIP_PREMIUM"),
    *("SIP_SHORTCODE", "SIP_EMERGENCY", "SIP_OPERATOR", "SIP_MEETING", "UNKNOWN", "SIP_URI", ""),
)
NOTHING = ("", "na", "NA", None)
STANDING = {"Report time", "Correlation ID", "Direction", "Call type", "User type", "Duration", "Answered"}
CASELESS = (
    *("Direction", "User type", "Call type", "Client type", "Answered", "Original reason", "Related reason"),
    *("Redirect reason", "Releasing party", "Sub client type"),
)


@dataclass
class Call:
    """A call that is being made: its legs so far, and the clock."""

    world: World
    org: Org
    now: datetime
    correlation: str = ""
    legs: list[Row] = field(default_factory=list)

    def wait(self, seconds: int) -> None:
        """Let up to so many seconds pass, or none."""
        self.now += timedelta(seconds=self.world.rng.randrange(seconds + 1))

    def anyone(self) -> Person:
        """Return a person of the customer."""
        return self.world.rng.choice(self.org.people)

    def service(self, user_type: str) -> Person:
        """Return a service of the customer."""
        return self.world.rng.choice(self.org.services[user_type])

    def leg(self, who: Person, way: str, call_type: str = "SIP_ENTERPRISE", **more: Any) -> Row:
        """Add a leg that begins now: `way` is "out" or "in"; it rings, and talks, so many seconds."""
        rng = self.world.rng
        rings, talks = more.pop("rings", rng.randrange(20)), more.pop("talks", rng.randrange(1, 900))
        client, model = rng.choice(who.endpoints)
        talking = 0 if talks is None else talks
        released = self.now + timedelta(seconds=rings + talking)
        row: Row = {
            "Start time": stamp(self.now),
            "Answer time": stamp(self.now + timedelta(seconds=rings)) if talks is not None else "",
            "Duration": str(talking),
            "Correlation ID": self.correlation,
            "Location": who.place.name(self.now),
            "Site UUID": who.place.site,
            "Direction": "ORIGINATING" if way == "out" else "TERMINATING",
            "Call type": call_type,
            "Client type": client,
            "Model": model,
            "Answered": "true" if talks is not None else "false",
            "User type": who.user_type,
            "User UUID": who.uuid,
            "User number": who.number,
            "Org UUID": self.org.id,
            "Report ID": self.world.uuid(),
            "Releasing party": rng.choice(("Local", "Remote", "Unknown", "")),
            "Release time": stamp(released).replace("T", " ").removesuffix("Z"),
            "Report time": stamp(released + timedelta(minutes=rng.randrange(1, 9))),
            # the address of the other side must not count
            "Public Calling IP Address": who.ip if way == "out" else rng.choice(("", "2001:db8::1")),
            "Public Called IP Address": who.ip if way == "in" else rng.choice(("", "2001:db8::1")),
        }
        row.update({key.replace("_", " "): value for key, value in more.items()})
        self.legs.append(row)
        return row


def stamp(moment: datetime) -> str:
    """Return a moment as Webex writes it."""
    return moment.isoformat(timespec="milliseconds") + "Z"


def call_of(world: World, org: Org, start: datetime) -> list[Row]:
    """Return the records of one call as they are delivered: with gaps, in odd case, some of them twice."""
    call = Call(world, org, start, world.uuid())
    world.rng.choices(list(SCENARIOS), weights=list(SCENARIOS.values()))[0](call)
    if world.chance(0.04):
        call.correlation = ""
        for leg in call.legs:
            leg["Correlation ID"] = world.rng.choice(NOTHING)
    return [copy for leg in call.legs for copy in delivered(world, odd(world, leg))]


def odd(world: World, leg: Row) -> Row:
    """Return the record with values missing, and in odd case."""
    for key in CASELESS:
        if leg.get(key) and world.chance(0.04):
            leg[key] = world.rng.choice((str.upper, str.lower))(str(leg[key]))
    for key in (
        "Duration",
        "Answer time",
        "Release time",
        "User UUID",
        "Client type",
        "Call type",
        "Answered",
    ):
        if world.chance(0.01):
            leg[key] = ""
    if leg["Site UUID"] and world.chance(0.01):
        leg["Location"] = ""
    if world.chance(0.06):
        leg["Call Recording Result"] = world.rng.choice(("successful", "failed", "na"))
    if world.chance(0.04):
        leg["Sub client type"] = world.rng.choice(("MOBILE_NETWORK", "OTHER"))
    if world.chance(0.02):
        leg["Org UUID"] = leg["Org UUID"].upper()
    full = {key: value if value else world.rng.choice(NOTHING) for key, value in leg.items()}
    return {key: value or "" for key, value in full.items() if value is not None or key in STANDING}


def delivered(world: World, leg: Row) -> list[Row]:
    """Return the record, sometimes with older or newer deliveries of it, in any order."""
    if not world.chance(0.06):
        return [{**leg, "Report time": ""}] if world.chance(0.01) else [leg]
    copies = [leg]
    for minutes in world.rng.sample((-60, -5, 5, 60), world.rng.randrange(1, 3)):
        moment = datetime.fromisoformat(leg["Report time"]) + timedelta(minutes=minutes)
        copy = {**leg, "Report time": stamp(moment.replace(tzinfo=None))}
        copy["Duration"] = str(world.rng.randrange(500))
        copy["Answered"] = world.rng.choice(("true", "false"))
        copy["Releasing party"] = world.rng.choice(("Local", "Remote"))
        copy["Report ID"] = world.rng.choice((str.upper, str.lower))(leg["Report ID"])
        copies.append(copy)
    world.rng.shuffle(copies)
    return copies


def internal(call: Call) -> None:
    """A call inside the customer, seen from both sides; the called side may begin a moment later."""
    talks = call.world.rng.choice((None, call.world.rng.randrange(1, 2000)))
    call.leg(call.anyone(), "out", talks=talks)
    call.wait(3)
    call.leg(call.anyone(), "in", talks=talks)


def outward(call: Call) -> None:
    """A call to the PSTN, at times with a leg of the trunk."""
    call_type = call.world.rng.choice(OUTWARD)
    call.leg(call.anyone(), "out", call_type)
    if call.world.chance(0.3):
        call.leg(call.service("LocalGateway"), "in", call_type)


def inward(call: Call) -> None:
    """A call from the PSTN, at times with a leg of the trunk, at times with nothing else."""
    legs = call.world.rng.choice((("in",), ("in",), ("in", "out"), ("out",), ("in", "in")))
    for way in legs:
        who = call.service("LocalGateway") if way == "out" else call.anyone()
        call.leg(who, way, "SIP_INBOUND", talks=call.world.rng.choice((None, 30, 90)))


def forwarded_out(call: Call) -> None:
    """A call that is forwarded to a mobile: two originating legs of one type, often at two locations."""
    call_type = call.world.rng.choice(("SIP_MOBILE", "SIP_ENTERPRISE", "SIP_INBOUND"))
    call.leg(call.anyone(), "out", call_type)
    reason = call.world.rng.choice(("CallForwardAlways", "CallForwardNoAnswer", "CallForwardBusy"))
    call.wait(20)
    call.leg(call.anyone(), "in", call_type, talks=None, Related_reason=reason)
    call.leg(call.anyone(), "out", call_type, Related_reason=reason, Original_reason="Unconditional")


def only_in(call: Call) -> None:
    """A call of which only terminating legs are known, of a type that counts at originating ones."""
    for _ in range(call.world.rng.randrange(1, 3)):
        call.leg(call.anyone(), "in", call.world.rng.choice(("SIP_ENTERPRISE", "SIP_NATIONAL")))


def hunt(call: Call) -> None:
    """A call to a hunt group that rings three people: 8 records."""
    group = call.service("HuntGroup")
    call.leg(call.anyone(), "out")
    call.leg(group, "in")
    for attempt in range(3):
        talks = 60 if attempt == 2 and call.world.chance(0.8) else None
        call.leg(group, "out", talks=talks)
        call.leg(call.anyone(), "in", talks=talks, Original_reason="HuntGroup", Related_reason="HuntGroup")
        call.wait(20)


def queue(call: Call) -> None:
    """A call to a queue, or to two of them: answered, abandoned, overflowed, or neither."""
    call_type = call.world.rng.choice(("SIP_INBOUND", "SIP_ENTERPRISE"))
    if call_type == "SIP_ENTERPRISE":
        call.leg(call.anyone(), "out")
    for _ in range(call.world.rng.choice((1, 1, 1, 2, 2, 3))):
        place = call.service(call.world.rng.choice(("CallCenterStandard", "CallCenterPremium")))
        leg = call.leg(place, "in", call_type, talks=call.world.rng.choice((None, 0, 50, 300)))
        leg["Called number"] = call.world.rng.choice((place.number, "1001", ""))
        end = call.world.rng.choice((answered, answered, abandoned, overflowed, overflowed))
        end(call, place, leg)
        call.wait(call.world.rng.choice((0, 5, 90)))


def queue_at_midnight(call: Call) -> None:
    """A call that reaches a queue before midnight and an agent after it, at times as the week turns."""
    call.now = call.now.replace(hour=23, minute=59, second=call.world.rng.randrange(40, 60))
    if call.world.chance(0.5):
        call.now += timedelta(days=(5 - call.now.weekday()) % 7)
    if call.world.chance(0.3):
        queue(call)
    place = call.service("CallCenterPremium")
    call.leg(place, "in", "SIP_INBOUND", Releasing_party="Remote")
    call.now += timedelta(seconds=20)
    for talks in call.world.rng.choice(((40,), (None,), (None, 40), (40, 40))):
        call.leg(call.anyone(), "in", talks=talks, Redirect_reason="CallQueue")
        call.wait(30)


def answered(call: Call, place: Person, leg: Row) -> None:
    """Ring some agents, the last of whom answers; at times a second one joins, or an answer has no time."""
    for attempt in range(call.world.rng.randrange(1, 4)):
        call.wait(call.world.rng.choice((0, 30, 240)))
        talks = 80 if attempt or call.world.chance(0.6) else None
        call.leg(place, "out", talks=talks)
        key = call.world.rng.choice(("Original_reason", "Redirect_reason", "Related_reason"))
        agent = call.leg(call.anyone(), "in", talks=talks, **{key: "CallQueue"})
        if call.world.chance(0.05):
            agent["Answer time"] = stamp(call.now - timedelta(seconds=call.world.rng.randrange(900)))


def abandoned(call: Call, place: Person, leg: Row) -> None:
    """Ring an agent or nobody until the caller gives up; at times a clock is wrong."""
    leg["Releasing party"] = "Remote"
    if call.world.chance(0.5):
        call.leg(call.anyone(), "in", talks=None, Original_reason="CallQueue")
    if call.world.chance(0.05):
        leg["Release time"] = stamp(call.now - timedelta(seconds=3))


def overflowed(call: Call, place: Person, leg: Row) -> None:
    """Send the call elsewhere, by the number of the queue or another one."""
    leg["Releasing party"] = call.world.rng.choice(("Local", "Unknown", "Remote"))
    call.wait(60)
    number = call.world.rng.choice((place.number, leg["Called number"], "1002", ""))
    key = call.world.rng.choice(("Redirect_reason", "Related_reason", "Original_reason"))
    call.leg(call.anyone(), "in", Redirecting_number=number, **{key: "Deflection"})


def attendant(call: Call) -> None:
    """A call that an auto attendant takes, and gives to somebody."""
    call.leg(call.service("AutomatedAttendantVideo"), "in", "SIP_INBOUND")
    call.leg(call.service("AutomatedAttendantVideo"), "out")
    call.wait(60)
    call.leg(call.anyone(), "in", Related_reason="Deflection", Auto_Attendant_Key_Pressed="1")


def transfer(call: Call) -> None:
    """A transfer, consultative or blind."""
    internal(call)
    call.wait(300)
    if call.world.chance(0.5):
        call.legs[-1]["Transfer related call ID"] = call.world.uuid()
        call.leg(call.anyone(), "in", Related_reason="ConsultativeTransfer")
    else:
        call.leg(call.anyone(), "in", Redirect_reason="Deflection", Redirecting_number="1003")


def with_reason(call: Call) -> None:
    """A call that was picked up, parked, joined, or rung at several places."""
    reasons = (
        *("CallPickup", "DirectedCallPickup", "CallPark", "CalllPark", "CallParkRetrieve", "BargeIn"),
        *("Executive", "ExecutiveForward", "SimultaneousRingPersonal", "SequentialRing", "CallRetrieve"),
    )
    internal(call)
    for _ in range(call.world.rng.randrange(1, 3)):
        call.leg(call.anyone(), "in", Related_reason=call.world.rng.choice(reasons))


def voicemail(call: Call) -> None:
    """Somebody hears messages, or leaves one."""
    call.leg(call.anyone(), "out")
    call.leg(call.service(call.world.rng.choice(("VoiceMailRetrieval", "VoiceMailGroup"))), "in")


def paging(call: Call) -> None:
    """Somebody pages a group."""
    call.leg(call.anyone(), "out")
    call.leg(call.service("GroupPaging"), "in")
    for _ in range(call.world.rng.randrange(1, 4)):
        call.leg(call.service("GroupPaging"), "out")
        call.leg(call.anyone(), "in")


SCENARIOS: dict[Callable[[Call], None], int] = {
    internal: 8,
    outward: 8,
    inward: 8,
    forwarded_out: 3,
    only_in: 2,
    hunt: 3,
    queue: 8,
    queue_at_midnight: 2,
    attendant: 2,
    transfer: 3,
    with_reason: 3,
    voicemail: 1,
    paging: 1,
}
"""How often each is drawn."""
