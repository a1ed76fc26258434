"""Trials, as records of this store: started, extended, ended, linked (PH-T3, PH-T4). Webex hears of none."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from partnerctl.domain.folding import fold
from partnerctl.domain.members import members_of, tag_members
from partnerctl.domain.products import FAMILIES, PRODUCTS
from partnerctl.domain.tags import check_tags
from partnerctl.domain.units import days_from
from partnerctl.errors import Conflict, NotFound, UsageError
from partnerctl.services.bulk import Step, Subject
from partnerctl.services.member_sets import new_set, read_sets, set_of, stage_sets
from partnerctl.services.rights import START_TRIALS

if TYPE_CHECKING:
    from partnerctl.domain.records import Subscription
    from partnerctl.services.rights import Right
    from partnerctl.stores.contract import Store, Unit

RECORDED_HERE = "recorded here, nothing was sent to Webex"
"""What every change of a local record says (``cli.md``, trials)."""

LOCAL = "TRIAL-"
"""How the id of a trial begins that was made here."""

LONGEST_DAYS = 180
LONGEST_NAME = 200
MOST_SEATS = 1_000_000

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that are taken for another
PARTNER_HUB = "https://admin.webex.com/partner"
"""Where people do by hand what Webex publishes no way to do."""
_SUBSCRIPTION = ("subscription_id", "org_id", "kind", "subscription_type", "status", "start_date", "end_date")


def is_local(subscription_id: str) -> bool:
    """Tell whether a trial is a record that was made here."""
    return subscription_id.startswith(LOCAL)


def new_trial_id() -> str:
    """Return a new id: it says that the trial is local, and nobody else has it."""
    return LOCAL + "".join(secrets.choice(_LETTERS) for _ in range(10))


class NewCustomer(NamedTuple):
    """A customer that does not exist yet, as it is to be recorded."""

    org_id: str
    name: str
    country: str | None


@dataclass(frozen=True, slots=True)
class StartTrial:
    """Starts a trial of one or more products for customers, or for one that is recorded with it."""

    seats: Mapping[str, int]
    days: int
    email: str | None = None
    new: NewCustomer | None = None
    right: Right = START_TRIALS
    action: str = "trials start"

    def plan(self, store: Store, subjects: Sequence[Subject], today: date) -> list[Step]:
        """Return a new trial per subject; Conflict where a trial of one of the products runs."""
        self._check_email(store, subjects)
        running = store.running_trials(today)
        return [self._step(one, running.get(str(one.org_id), {}), today) for one in subjects]

    def _check_email(self, store: Store, subjects: Sequence[Subject]) -> None:
        if self.email is None:
            return
        home = store.home_of(self.email)
        if home is not None and any(one.org_id != home for one in subjects):
            raise Conflict(
                f"{self.email} belongs to customer {home}", "give an address of this customer, or none"
            )

    def _step(self, subject: Subject, running: Mapping[str, str], today: date) -> Step:
        taken = sorted(product for product in self.seats if product in running)
        if taken:
            fault = Conflict(
                f"a trial of {taken[0]} runs already: {running[taken[0]]}",
                f"extend it: partnerctl trials extend {running[taken[0]]} --days N",
            )
            return Step(subject, str(subject.org_id), fault=fault)
        trial = new_trial_id()
        ends = days_from(today, self.days)
        seats = tuple(f"{product}={count}" for product, count in self.seats.items())
        return Step(subject, trial, None, (str(subject.org_id), *seats, f"ends {ends}"), detail=trial)

    def stage(self, unit: Unit, steps: Sequence[Step], today: date) -> None:
        """Let the unit observe customer, user, trial and licenses, what others refer to first."""
        day, ends = today.isoformat(), days_from(today, self.days).isoformat()
        if self.new is not None:
            _observe(unit, "customers", ("org_id", "name", "country"), day, [tuple(self.new)])
        if self.email is not None:
            people = [(self.email, step.subject.org_id) for step in steps]
            _observe(unit, "users", ("email", "org_id"), day, people)
        trials = [
            (step.detail, step.subject.org_id, "trial", "Trial", "active", day, ends, 0) for step in steps
        ]
        _observe(unit, "subscriptions", (*_SUBSCRIPTION, "auto_renew"), day, trials)
        rows = [
            (step.detail, product, count, 0, 0) for step in steps for product, count in self.seats.items()
        ]
        columns = ("subscription_id", "product", "total", "assigned", "ended")
        _observe(unit, "licenses", columns, day, rows)


@dataclass(frozen=True, slots=True)
class ExtendTrial:
    """Moves the end of local trials by some days."""

    days: int
    right: Right = START_TRIALS
    action: str = "trials extend"

    def plan(self, store: Store, subjects: Sequence[Subject], today: date) -> list[Step]:
        """Return the new ends; Conflict for a trial that is not local, or does not run any more."""
        return [_planned(store, one, today, self._step) for one in subjects]

    def _step(self, subject: Subject, trial: Subscription, today: date) -> Step:
        if trial.status != "active" or (trial.end_date is not None and trial.end_date < today):
            when = f" on {trial.end_date}" if trial.end_date else ""
            raise Conflict(f"{trial.subscription_id} has ended{when}", "start another trial")
        ends = days_from(trial.end_date or today, self.days)
        before = (f"ends {trial.end_date}",) if trial.end_date else ("has no end",)
        return Step(subject, trial.subscription_id, before, (f"ends {ends}",), detail={"end_date": ends})

    def stage(self, unit: Unit, steps: Sequence[Step], today: date) -> None:
        """Let the unit observe the new ends."""
        _observe_trials(unit, steps, today)


@dataclass(frozen=True, slots=True)
class EndTrial:
    """Ends local trials today."""

    right: Right = START_TRIALS
    action: str = "trials end"

    def plan(self, store: Store, subjects: Sequence[Subject], today: date) -> list[Step]:
        """Return what ends; Conflict for a trial that is not local. One that has ended stays as it is."""
        return [_planned(store, one, today, self._step) for one in subjects]

    def _step(self, subject: Subject, trial: Subscription, today: date) -> Step:
        if trial.status != "active":
            state = (f"{trial.status}, ends {trial.end_date}",)
            return Step(subject, trial.subscription_id, state, state)
        ends = min(trial.end_date or today, today)
        before = (f"{trial.status}, ends {trial.end_date}",)
        detail = {"status": "expired", "end_date": ends}
        return Step(subject, trial.subscription_id, before, (f"expired, ends {ends}",), detail=detail)

    def stage(self, unit: Unit, steps: Sequence[Step], today: date) -> None:
        """Let the unit observe the ends."""
        _observe_trials(unit, steps, today)


@dataclass(frozen=True, slots=True)
class LinkTrial:
    """Joins a local trial to the subscription that it has become: that one counts from now on."""

    target: str
    right: Right = START_TRIALS
    action: str = "trials link"

    def plan(self, store: Store, subjects: Sequence[Subject], today: date) -> list[Step]:
        """Return the link; Conflict where the target is local, another customer's, or has too many tags."""
        return [_planned(store, one, today, partial(self._step, store)) for one in subjects]

    def _step(self, store: Store, subject: Subject, trial: Subscription, today: date) -> Step:
        if is_local(self.target):
            raise Conflict(f"{self.target} is a local record too", "name the subscription that Webex shows")
        owner = store.owner_of(self.target)
        if owner != trial.org_id:
            hint = f"join the customers first: partnerctl customers merge {trial.org_id} {owner}"
            raise Conflict(f"{self.target} belongs to customer {owner}, not to {trial.org_id}", hint)
        linked = _linked(self.target)
        if trial.subscription_type == linked:
            return Step(subject, trial.subscription_id, (linked,), (linked,))
        held = set_of(read_sets(store, "tag_sets", (trial.org_id,)), trial.org_id)
        moved = tuple((self.target if m[0] == trial.subscription_id else m[0], m[1]) for m in held.members)
        text = tag_members(moved)
        tags = [member[1] for member in members_of(text) if member[0] == self.target]
        problem = check_tags(tags)
        if problem:
            raise Conflict(f"together they would have {problem}", "take tags away from one of them first")
        state = f"{trial.status}, ends {trial.end_date}"
        return Step(subject, trial.subscription_id, (state,), (linked,), detail=new_set(text, held, today))

    def stage(self, unit: Unit, steps: Sequence[Step], today: date) -> None:
        """Let the unit observe that the local record is no more, and whose its tags are."""
        rows = [
            (step.subject.subscription_id, step.subject.org_id, "trial", _linked(self.target), "linked")
            for step in steps
        ]
        _observe(unit, "subscriptions", _SUBSCRIPTION[:5], today.isoformat(), rows)
        stage_sets(unit, "tag_sets", steps)


def _linked(target: str) -> str:
    return f"Trial, now {target}"


def _planned(
    store: Store, subject: Subject, today: date, step: Callable[[Subject, Subscription, date], Step]
) -> Step:
    """Return the step for a local trial; what stands in its way is the step's fault."""
    trial = find_trial(store, str(subject.subscription_id), today)
    try:
        if not is_local(trial.subscription_id):
            raise Conflict(
                f"{trial.subscription_id} is a trial of Webex, which publishes no way to change one",
                f"change it in Partner Hub: {PARTNER_HUB}",
            )
        return step(subject, trial, today)
    except Conflict as fault:
        return Step(subject, trial.subscription_id, fault=fault)


def start_trial(products: Sequence[str], days: int, email: str | None = None) -> StartTrial:
    """Return a start of a trial as it was written; raises UsageError for a bad product, days or address."""
    from partnerctl.services.admins import read_address

    if not 1 <= days <= LONGEST_DAYS:
        raise UsageError(f"--days: {days} is not a length of a trial", f"choose 1 to {LONGEST_DAYS}")
    return StartTrial(read_seats(products), days, None if email is None else read_address(email))


def for_new_customer(
    store: Store, change: StartTrial, name: str | None, country: str | None, many: bool
) -> tuple[StartTrial, list[Subject]]:
    """Return the start of a trial for a customer that is recorded with it, and that customer.

    Raises UsageError for a bad name or country, Conflict where a customer of that name exists.
    """
    cleaned = " ".join((name or "").split())
    if many or not cleaned or not cleaned.isprintable() or len(cleaned) > LONGEST_NAME:
        raise UsageError(
            "--new: the customer needs a name", "write partnerctl trials start 'New Ltd' --new ..."
        )
    if store.customer_names(fold(cleaned), 1):
        raise Conflict(f"there is a customer {cleaned!r} already", "leave --new out, or choose another name")
    customer = NewCustomer(str(uuid.uuid4()), cleaned, _country(country))
    return replace(change, new=customer), [Subject(cleaned, customer.org_id)]


def check_existing(name: str | None, country: str | None, many: bool) -> None:
    """Raise UsageError where a customer and a query are given, neither, or a country of one that exists."""
    if country is not None:
        raise UsageError(
            "--country goes with --new", "partnerctl customers set changes a customer that exists"
        )
    if many == (name is not None):
        said = "CUSTOMER and --where or --input both say" if many else "nothing says"
        raise UsageError(f"{said} what gets a trial", "name a customer, or give --where or --input")


def _country(text: str | None) -> str | None:
    if text is None:
        return None
    from partnerctl.tabular.countries import parse_country

    code = parse_country(text)
    if code is None:
        raise UsageError(f"--country: {text!r} is no country", "write its two letters, such as BR or AE")
    return code


def find_trial(store: Store, subscription_id: str, today: date, me: str | None = None) -> Subscription:
    """Return one trial as it is; raises NotFound for a subscription, NotAllowed where `me` may not see it."""
    from partnerctl.services.questions import Asked
    from partnerctl.services.subscriptions import show_subscription

    found = show_subscription(store, Asked(today, me=me), subscription_id)
    if found.kind != "trial":
        raise NotFound(f"{subscription_id} is a subscription, not a trial", "see: partnerctl trials list")
    return found


def read_seats(words: Sequence[str]) -> dict[str, int]:
    """Return the seats per product of ``--product P=SEATS``; raises UsageError at a bad one."""
    found: dict[str, int] = {}
    for word in words:
        name, _, count = word.partition("=")
        product = name.strip().lower().replace("-", "_").replace(" ", "_")
        if product not in PRODUCTS:
            raise UsageError(f"--product: there is no product {name!r}", _product_hint(product))
        if not (count.isascii() and count.isdigit() and 1 <= int(count) <= MOST_SEATS):
            raise UsageError(
                f"--product: {word!r} does not say how many seats", f"write --product {product}=25"
            )
        if product in found:
            raise UsageError(f"--product: {product} is given twice", "give each product once")
        found[product] = int(count)
    if not found:
        raise UsageError("no product is given", "write --product meetings=25")
    return found


def _product_hint(word: str) -> str:
    if word in FAMILIES:
        return f"say which: {' or '.join(FAMILIES[word])}"
    from partnerctl.domain.folding import did_you_mean

    return did_you_mean(word, tuple(PRODUCTS), f"choose from: {', '.join(PRODUCTS)}")


def _observe(
    unit: Unit, table: str, columns: tuple[str, ...], day: str, rows: Sequence[tuple[str | int | None, ...]]
) -> None:
    unit.observe(table, columns, ((day, row) for row in rows))


def _observe_trials(unit: Unit, steps: Sequence[Step], today: date) -> None:
    names = tuple(steps[0].detail)
    rows = [
        (
            step.subject.subscription_id,
            step.subject.org_id,
            "trial",
            *(_plain(step.detail[name]) for name in names),
        )
        for step in steps
    ]
    _observe(unit, "subscriptions", (*_SUBSCRIPTION[:3], *names), today.isoformat(), rows)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
