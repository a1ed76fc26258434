"""Statuses against a slow, obvious second reading of ``kpis.md``: plain loops over what the files said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from partnerctl.domain.statuses import StatusRules
from partnerctl.services.questions import Asked, question_for
from tests.stores.said import Said, told

START = date(2026, 11, 1)
DAYS = 6
ORGS = ("00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b")
RULES = StatusRules(expiring_soon_days=3, inactive_after_days=4)
"""Short horizons, so that a few days hold every case."""

Days = st.one_of(st.none(), st.integers(-6, DAYS + 6).map(lambda n: START + timedelta(days=n)))


@dataclass(frozen=True)
class Sub:
    """What one file says of one subscription."""

    kind: str
    status: str | None
    start: date | None
    end: date | None
    auto_renew: bool | None


@dataclass(frozen=True)
class Figures:
    """What one file says of one license row."""

    total: int | None
    assigned: int | None


@dataclass(frozen=True)
class File:
    """One file: the last sign-ins, the subscriptions (by id) and the license rows that it speaks of."""

    day: date
    logins: dict[str, date | None]
    subs: dict[str, Sub]
    licenses: dict[tuple[str, str], Figures]


OWNERS = {"s1": ORGS[0], "s2": ORGS[0], "t1": ORGS[1]}

SUBS = st.builds(
    Sub,
    st.sampled_from(["subscription", "trial"]),
    st.sampled_from(
        ["active", "active", "active", "suspended", "expired", "cancelled", "pending_setup", "odd", None]
    ),
    Days,
    Days,
    st.sampled_from([True, False, None]),
)
FIGURES = st.builds(Figures, st.sampled_from([None, 0, 5]), st.sampled_from([None, 0, 5, 6]))


@st.composite
def files(draw: st.DrawFn) -> list[File]:
    """Files of different days, in any order; the first to arrive names everything, so references hold."""
    days = draw(st.lists(st.integers(0, DAYS - 1), min_size=1, max_size=4, unique=True))
    made: list[File] = []
    for number, day in enumerate(days):
        orgs = ORGS if number == 0 else draw(st.sets(st.sampled_from(ORGS)))
        named = draw(st.sets(st.sampled_from(sorted(OWNERS)), max_size=3))
        before = {name for one in made for name in one.subs} | named
        rows = (
            draw(st.sets(st.tuples(st.sampled_from(sorted(before)), st.sampled_from("ab"))))
            if before
            else set()
        )
        made.append(
            File(
                START + timedelta(days=day),
                {org: draw(Days) for org in sorted(orgs)},
                {name: draw(SUBS) for name in sorted(named)},
                {row: draw(FIGURES) for row in sorted(rows)},
            )
        )
    return made


def said(file: File) -> Said:
    """Return the file in the store's own terms."""
    tables: dict[str, dict[tuple[str, ...], dict[str, str | int | None]]] = {}
    if file.logins:
        tables["customers"] = {
            (org,): {"name": org[-1].upper(), "last_admin_login": iso(day)}
            for org, day in file.logins.items()
        }
    if file.subs:
        tables["subscriptions"] = {
            (name,): {
                "org_id": OWNERS[name],
                "kind": sub.kind,
                "status": sub.status,
                "start_date": iso(sub.start),
                "end_date": iso(sub.end),
                "auto_renew": None if sub.auto_renew is None else int(sub.auto_renew),
            }
            for name, sub in file.subs.items()
        }
    if file.licenses:
        tables["licenses"] = {
            row: {"total": f.total, "assigned": f.assigned, "ended": 0} for row, f in file.licenses.items()
        }
    return Said(file.day.isoformat(), tables)


def iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def expected(all_files: list[File], as_of: date | None, today: date) -> dict[str, list[str]]:
    """Return the statuses of every customer that is known, by the words of the specification."""
    told_by_then = [f for f in all_files if as_of is None or f.day <= as_of]
    in_order = sorted(all_files, key=lambda f: f.day)
    known_subs = {name for f in told_by_then for name in f.subs} | {
        s for f in told_by_then for s, _ in f.licenses
    }
    known_orgs = {org for f in told_by_then for org in f.logins} | {OWNERS[name] for name in known_subs}
    subs: dict[str, Sub] = {}
    for name in known_subs:
        spoken = [f for f in in_order if name in f.subs]
        until = [f for f in spoken if f in told_by_then]
        subs[name] = until[-1].subs[name] if until else spoken[0].subs[name]
    found = {}
    for org in known_orgs:
        spoken = [f for f in in_order if org in f.logins]
        until = [f for f in spoken if f in told_by_then]
        login = until[-1].logins[org] if until else spoken[0].logins[org]
        mine = {name: sub for name, sub in subs.items() if OWNERS[name] == org}
        found[org] = statuses(mine, login, over_limit(told_by_then), bool(subs), as_of or today)
    return found


def over_limit(told_by_then: list[File]) -> set[str]:
    """Return the subscriptions with a license row whose newest figures exceed what was bought."""
    newest: dict[tuple[str, str], Figures] = {}
    for file in sorted(told_by_then, key=lambda f: f.day):
        newest.update(file.licenses)
    return {
        name
        for (name, _), f in newest.items()
        if f.total is not None and f.assigned is not None and f.assigned > f.total
    }


def statuses(
    subs: dict[str, Sub], login: date | None, over: set[str], any_subscription_known: bool, day: date
) -> list[str]:
    """Return the statuses of one customer, in the order of the specification."""
    found = []
    running = {name: sub for name, sub in subs.items() if is_running(sub, day)}
    if any(sub.status == "suspended" for sub in subs.values()):
        found.append("suspended")
    if any(expires_soon(sub, day) for sub in running.values()):
        found.append("expiring_soon")
    if any(name in over for name in running):
        found.append("license_overage")
    if any(sub.status == "pending_setup" and sub.kind == "subscription" for sub in subs.values()):
        found.append("ready_for_order_setup")
    if any(sub.kind == "trial" for sub in running.values()):
        found.append("trial")
    if any(sub.kind == "subscription" for sub in running.values()):
        found.append("subscription")
    if login is not None and (day - login).days > RULES.inactive_after_days:
        found.append("no_recent_activity")
    alive = any(
        name in running
        or sub.status in ("suspended", None)
        or (sub.status == "pending_setup" and sub.kind == "subscription")
        for name, sub in subs.items()
    )
    if any_subscription_known and not alive:
        found.append("expired")
    return found


def is_running(sub: Sub, day: date) -> bool:
    return (
        sub.status == "active"
        and (sub.start is None or sub.start <= day)
        and (sub.end is None or sub.end >= day)
    )


def expires_soon(sub: Sub, day: date) -> bool:
    renews = sub.kind == "subscription" and sub.auto_renew is True
    return sub.end is not None and not renews and 0 <= (sub.end - day).days <= RULES.expiring_soon_days


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(files(), st.one_of(st.none(), st.integers(-1, DAYS + 3)), st.integers(0, DAYS + 8))
@example([File(START, {ORGS[0]: None}, {}, {})], None, 0)
def test_the_store_gives_the_statuses_of_the_specification(
    all_files: list[File], as_of_number: int | None, today_number: int
) -> None:
    as_of = None if as_of_number is None else START + timedelta(days=as_of_number)
    today = START + timedelta(days=today_number)
    store = told([said(file) for file in all_files])
    question = question_for(store, "customers", Asked(today, as_of=as_of, rules=RULES))

    found = {one.org_id: list(one.statuses) for one in store.customers(question).records}

    assert found == expected(all_files, as_of, today)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(files(), st.sampled_from(["expired", "trial", "suspended", "expiring_soon"]))
def test_filtering_by_a_status_keeps_those_who_have_it(all_files: list[File], status: str) -> None:
    today = START + timedelta(days=DAYS)
    store = told([said(file) for file in all_files])
    question = question_for(store, "customers", Asked(today, where=f"status:{status}", rules=RULES))

    found = {one.org_id for one in store.customers(question).records}

    assert found == {org for org, words in expected(all_files, None, today).items() if status in words}
