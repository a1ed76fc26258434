"""Plans made-up customers: each from its own seeded source, so that any part can be made alone and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from partnerctl.demo.names import REGION_OF, company, person
from partnerctl.demo.names import address as address_of
from partnerctl.demo.plans import LAST, NEVER, CustomerPlan, LicensePlan, SubscriptionPlan
from partnerctl.demo.storylines import HEALTHY, Story, choose_story, live

_SIZES = (5, 10, 20, 25, 50, 50, 100, 100, 150, 250, 400, 1000, 2500)
_TRIAL_SIZES = (5, 10, 25, 50)
_COUNTS = (
    1,
    2,
    2,
    3,
    3,
    3,
    4,
    4,
    5,
)  # three on average: subscriptions of a customer, products of one of them
_MORE = ("messaging", "real_time_translations", "contact_center")
_FAMILIES = ("meetings", "calling_professional", "calling_standard")
_TYPES = ("Webex Suite", "Flex Plan 3.0", "Enterprise Agreement", "Named User", "Active User")
_TAGS = (
    "gold",
    "silver",
    "renewal call",
    "onboarding",
    "at risk",
    "education",
    "VIP",
    "público",
    "EMEA team",
)
_SUBSCRIPTION_TAGS = ("quote sent", "multi-year", "budget 2026")
_MAX_PER_CUSTOMER = 8  # leaves room: the numbers of subscriptions never meet

ADMINS: tuple[tuple[str, str], ...] = (
    ("Inês Castrovel", "full_admin"),
    ("Oliver Garrowby", "full_admin"),
    ("Katrin Dornhöfer", "admin"),
    ("Mateus Mendrosa", "admin"),
    ("Layla Al Karvani", "admin"),
    ("Chloé Lambertoux", "admin"),
    ("Grace Penhaligan", "readonly_admin"),
    ("Tiago Estevinho", "provisioning_admin"),
    ("Noor Zylbera", "helpdesk_admin"),
)
"""The made-up partner's administrators: name and role."""

PARTNER_DOMAIN = "partner.example"
"""The domain of the made-up partner."""

_ASSIGNED = tuple(
    address_of(name, PARTNER_DOMAIN) for name, role in ADMINS if role in {"admin", "provisioning_admin"}
)


def plan_customer(seed: int, number: int, as_of: date) -> CustomerPlan:
    """Return the customer with that number, counted from 0, over the weeks that end at `as_of`."""
    rng = Random(f"{seed}:{number}")
    story = choose_story(number, rng)
    who = company(number, seed)
    subscriptions = _subscriptions(story, number, seed, as_of, rng)
    return CustomerPlan(
        number=number,
        org_id=make_uuid(rng),
        name=who.name,
        domain=who.domain,
        # every 23rd customer's region is never learned; every 17th only in the course of time
        region=None if number % 23 == 22 else REGION_OF[who.country],
        region_week=rng.randint(6, LAST) if number % 17 == 16 else 0,
        country=who.country,
        industry=who.industry,
        managed_by=rng.choices(("partner", "external", None), (70, 22, 8))[0],
        external_id=f"C-{10_000 + number}" if rng.random() < 0.8 else None,
        users=_users(subscriptions, rng),
        created=_created(subscriptions, as_of, rng),
        signs_in=rng.random() < 0.92,
        sign_in=as_of - timedelta(days=rng.randint(95, 300)) if story.name == "inactive" else None,
        turn=rng.randint(4, LAST) if rng.random() < 0.12 else NEVER,
        tags=_tags(rng),
        admins=_admins(rng),
        subscriptions=subscriptions,
    )


def make_uuid(rng: Random) -> str:
    """Return a random UUID (version 4) from `rng`, in lower case."""
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{'89ab'[int(text[16], 16) % 4]}{text[17:20]}-{text[20:]}"


@dataclass(frozen=True, slots=True)
class Contact:
    """One of a customer's people."""

    email: str
    name: str
    user_uuid: str


def contacts(plan: CustomerPlan) -> list[Contact]:
    """Return a few of the customer's people, always the same ones; their addresses are distinct."""
    rng = Random(f"people:{plan.org_id}")
    names = {address_of(name, plan.domain): name for name in (person(rng) for _ in range(rng.randint(2, 5)))}
    return [Contact(email, name, make_uuid(rng)) for email, name in names.items()]


def _subscriptions(
    story: Story, number: int, seed: int, as_of: date, rng: Random
) -> tuple[SubscriptionPlan, ...]:
    count = rng.choice(_COUNTS)
    stories = [story, *([story if story.alone else HEALTHY] * (count - 1))]
    return tuple(
        _subscription(one, number * _MAX_PER_CUSTOMER + place, seed, as_of, rng)
        for place, one in enumerate(stories)
    )


def _subscription(story: Story, number: int, seed: int, as_of: date, rng: Random) -> SubscriptionPlan:
    life = live(story, as_of, rng)
    is_trial = story.kind == "trial"
    return SubscriptionPlan(
        # the step has no factor in common with the range: distinct numbers that look drawn
        subscription_id=f"Sub{100_000 + (number * 617_039 + seed * 7_919) % 9_000_000:07d}",
        kind=story.kind,
        subscription_type="Webex Trial" if is_trial else rng.choice(_TYPES),
        start=life.start,
        first=life.first,
        then=life.then,
        turn=life.turn,
        seen=life.seen,
        gone=life.gone,
        invoice=None if is_trial or rng.random() < 0.1 else f"INV-{rng.randint(100_000, 999_999)}",
        tag=rng.choice(_SUBSCRIPTION_TAGS) if rng.random() < 0.06 else None,
        licenses=_licenses(story, rng),
    )


def _licenses(story: Story, rng: Random) -> tuple[LicensePlan, ...]:
    count = rng.choice(_COUNTS)
    # the first product is one that the license analytics count
    products = [rng.choice(_FAMILIES)]
    others = [product for product in (*_FAMILIES, *_MORE) if product not in products]
    products += sorted(rng.sample(others, count - 1))
    return tuple(_license(product, story, rng) for product in products)


def _license(product: str, story: Story, rng: Random) -> LicensePlan:
    total = rng.choice(_TRIAL_SIZES if story.kind == "trial" else _SIZES)
    assigned = total * rng.randint(*story.share) // 100
    over = story.name == "overage" and product != "messaging"
    if over:
        assigned = max(assigned, total + 1)
    elif assigned > total:
        assigned = total
    grows = rng.random() < 0.25 and story.name == "healthy"
    idle = story.share == (0, 0)
    return LicensePlan(
        product=product,
        total=total,
        before=total - total // 5 if grows else total,
        upsell=rng.randint(5, LAST - 1) if grows else 0,
        assigned=assigned,
        slope=0 if idle else assigned * rng.randint(-30, 90) // 1000,
        swing=1 if idle or assigned < 20 else 1 + assigned // rng.randint(16, 40),
        over=over,
        used=_used(product, rng),
    )


def _used(product: str, rng: Random) -> tuple[int, int, int] | None:
    if product == "real_time_translations":
        return None
    recent = rng.randint(250, 820)
    quarter = recent + rng.randint(20, 110)
    return recent, quarter, min(1000, quarter + rng.randint(10, 80))


def _users(subscriptions: tuple[SubscriptionPlan, ...], rng: Random) -> int:
    seats = max(license_.assigned for one in subscriptions for license_ in one.licenses)
    return max(5, seats) + rng.randint(0, 40)


def _created(subscriptions: tuple[SubscriptionPlan, ...], as_of: date, rng: Random) -> date:
    weeks = (as_of - timedelta(days=7 * (LAST - one.seen)) for one in subscriptions)
    starts = (one.start for one in subscriptions if one.start is not None)
    return min(*weeks, *starts, as_of) - timedelta(days=rng.randint(1, 30))


def _tags(rng: Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if rng.random() < 0.5:
        return (), ()
    before = tuple(sorted(rng.sample(_TAGS, rng.choice((1, 1, 2, 3)))))
    return before, tuple(sorted(rng.sample(_TAGS, rng.choice((1, 2, 2)))))


def _admins(rng: Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before = tuple(sorted(rng.sample(_ASSIGNED, rng.choice((1, 1, 2)))))
    return before, tuple(sorted(rng.sample(_ASSIGNED, rng.choice((1, 2)))))
