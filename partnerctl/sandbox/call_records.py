"""The operations on call detail records: a few made ones of each hour, in windows as Webex allows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from partnerctl.demo.inventories import make_inventory
from partnerctl.demo.plans import CustomerPlan
from partnerctl.sandbox.exchange import BASE, Refused, Reply, json_reply
from partnerctl.sandbox.ids import rng_of, uuid_of
from partnerctl.sandbox.state import Ask

_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"
_LEAST, _MOST = 500, 5000
_PER_HOUR = 60
_CALL_TYPES = ("SIP_ENTERPRISE", "SIP_INBOUND", "SIP_NATIONAL", "SIP_MOBILE", "SIP_INTERNATIONAL")
_NEXT = "startTimeForNextFetch"


def cdr_feed(ask: Ask) -> Reply:
    """Return the records of a window of at most 12 hours, of 30 days to 5 minutes ago, in pages."""
    return _records(ask, timedelta(hours=12), timedelta(days=30), timedelta(minutes=5))


def cdr_stream(ask: Ask) -> Reply:
    """Return the records of a window of at most 2 hours, of 12 hours to 1 minute ago, in pages."""
    return _records(ask, timedelta(hours=2), timedelta(hours=12), timedelta(minutes=1))


def _records(ask: Ask, widest: timedelta, oldest: timedelta, newest: timedelta) -> Reply:
    now = ask.state.clock.now()
    since, until = _instant(ask, "startTime"), _instant(ask, "endTime")
    if until <= since or until - since > widest:
        raise Refused(
            400, f"The window must be in order and at most {widest.total_seconds() / 3600:.0f} hours."
        )
    if since < now - oldest or until > now - newest:
        raise Refused(400, "The window is too old or too new.")
    page = ask.call.param(_NEXT)
    ask.state.count_records(ask.caller, ask.call.path, first=page is None)
    size = min(max(ask.call.number("max", _MOST, 0, 10**9), _LEAST), _MOST)
    start = ask.call.number(_NEXT, 0, 0, 10**9)
    names = {name.strip() for name in (ask.call.param("locations") or "").split(",") if name.strip()}
    records = [one for one in _made(ask, since, until) if not names or one["Location"] in names]
    headers = {}
    if start + size < len(records):
        query = "&".join(f"{name}={value}" for name, value in ask.call.query if name != _NEXT)
        url = f"{ask.call.root}{BASE}{ask.call.path}?{query}&{_NEXT}={start + size}&totalCount={len(records)}"
        headers["link"] = f'<<{url}>>; rel="next"'  # doubled, as the published example has them
    return json_reply({"items": records[start : start + size]}, headers=headers)


def _instant(ask: Ask, name: str) -> datetime:
    text = ask.call.param(name)
    try:
        if text is None or len(text) != len("2026-11-23T12:00:00.000Z"):
            raise ValueError
        return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
    except ValueError:
        raise Refused(400, f"'{name}' must be a time such as 2026-11-23T12:00:00.000Z.") from None


def _made(ask: Ask, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
    plans = ask.state.clientele.plans
    hour = since.replace(minute=0, second=0, microsecond=0)
    while plans and hour < until:
        rng = rng_of(ask.state.seed, "calls", hour.isoformat())
        for minute in range(_PER_HOUR):
            begun = hour + timedelta(minutes=minute, seconds=rng.randrange(60))
            plan = plans[rng.randrange(len(plans))]
            seconds, call_type = rng.randrange(900), rng.choice(_CALL_TYPES)
            if since <= begun < until:  # only now: a record is the same in whatever window it comes
                yield _record(plan, begun, seconds, call_type)
        hour += timedelta(hours=1)


def _record(plan: CustomerPlan, begun: datetime, seconds: int, call_type: str) -> dict[str, Any]:
    number = make_inventory(plan).phone_numbers[0]
    outward = call_type != "SIP_INBOUND"
    key = (plan.org_id, begun.isoformat())
    return {
        "Start time": _written(begun),
        "Answer time": _written(begun + timedelta(seconds=8)),
        "Release time": _written(begun + timedelta(seconds=8 + seconds)).replace("T", " ").rstrip("Z"),
        "Report time": _written(begun + timedelta(seconds=20 + seconds)),
        "Report ID": uuid_of("record", *key),
        "Correlation ID": uuid_of("correlation", *key),
        "Org UUID": plan.org_id,
        "Site UUID": number[1],
        "Location": number[2],
        "User number": number[4] or number[5],
        "User type": "User",
        "User UUID": number[11] or "",
        "Direction": "ORIGINATING" if outward else "TERMINATING",
        "Call type": call_type,
        "Client type": "WXC_CLIENT",
        "OS type": "na",
        "Answered": "true",
        "Call outcome": "Success",
        "Call outcome reason": "Normal",
        "Duration": seconds,
        "Ring duration": 8,
    }


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
