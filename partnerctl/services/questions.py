"""From what a list was asked to the question put to the store: query, region, order, day and age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from partnerctl.domain.statuses import StatusRules
from partnerctl.errors import StaleData
from partnerctl.stores.terms import Found, Question, R

if TYPE_CHECKING:
    from partnerctl.queries.tree import Query
    from partnerctl.services.answers import Answer
    from partnerctl.stores.contract import Store

EMPTY_STORE = (
    "the store is empty",
    "import a report: partnerctl import FILE",
    "see made data: partnerctl demo",
)
"""What an empty store says: the two commands that come next (``cli.md``, Everywhere)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a list, in plain values.

    `where` is QUERY text, and so is each of `also`: all must hold; `name_part` is any text that must be a
    part of the name; `region` holds region codes or ``unknown``, any of which will do; `sort` field
    names, ``-`` for descending; `options` name fields and the values of which any will do, with the option
    that gave them; `as_of` None asks for the newest knowledge; `today` is the day of date arithmetic. `me`
    is the address of the person who asks, whose role says what they see; None is the owner of the store.
    """

    today: date
    where: str | None = None
    also: tuple[str, ...] = ()
    name_part: str | None = None
    region: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    limit: int | None = None
    as_of: date | None = None
    max_age: timedelta | None = None
    options: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    rules: StatusRules = field(default_factory=StatusRules)
    me: str | None = None


class Known(NamedTuple):
    """The day of the newest data used; where there is none, the notes say why and what to do."""

    newest: date | None
    notes: tuple[str, ...]


def question_for(store: Store, noun: str, asked: Asked) -> Question:
    """Return the question for the list of `noun`; raises UsageError at the place of a bad query or sort.

    With ``--as-of`` all date arithmetic is for that day (``cli.md``).
    """
    day = asked.as_of or asked.today
    dated = asked.as_of is not None
    if asked.me is not None:
        asked = _seen_by(store, asked, asked.me)
    queries = list(_queries(asked))
    if not queries and not asked.sort:  # the query language is not loaded for a plain list
        return Question(day, asked.as_of, limit=asked.limit, rules=asked.rules)
    from partnerctl.queries.compile import compile_query
    from partnerctl.queries.sorting import parse_sort
    from partnerctl.queries.tree import join

    fields = store.fields(noun, dated)
    sort = parse_sort(",".join(asked.sort), fields) if asked.sort else ()
    condition = compile_query(join(*queries), fields, day)
    return Question(day, asked.as_of, condition, sort, asked.limit, asked.rules)


def _seen_by(store: Store, asked: Asked, me: str) -> Asked:
    """Return the same question about what a person sees; raises NotAllowed where the store knows no such."""
    from partnerctl.services.rights import role_of, sees_all

    if sees_all(role_of(store, me)):
        return asked
    return replace(asked, options=(*asked.options, ("assigned_to", "config set me", (me.lower(),))))


def _queries(asked: Asked) -> Iterable[Query]:
    texts = [text for text in (asked.where, *asked.also) if text]
    options = [option for option in asked.options if option[2]]
    if not (texts or options or asked.region or asked.name_part):
        return
    from partnerctl.queries.parser import parse
    from partnerctl.queries.tree import any_of_values, part_of_name

    yield from map(parse, texts)
    if asked.name_part:
        yield part_of_name(asked.name_part)
    yield any_of_values("region", asked.region, "--region")
    for name, option, values in options:
        yield any_of_values(name, values, option)


def answer(
    store: Store,
    asked: Asked,
    question: Question,
    record_type: type[R],
    found: Found[R],
    notes: tuple[str, ...] = (),
) -> Answer[R]:
    """Return what a list found, with the notes that every list makes.

    Raises StaleData where the newest data is older than ``--max-age``.
    """
    from partnerctl.services.answers import Answer

    known = look_at(store, asked)
    said = list(notes)
    if found.left_out:
        said.append(left_out_note(found.left_out, question.where.unknown_fields))
    return Answer(record_type, found.records, (*said, *known.notes), found.total, known.newest)


def look_at(store: Store, asked: Asked) -> Known:
    """Return the day of the newest data that may be used; raises StaleData by ``--max-age``."""
    newest = store.newest_day(None, asked.as_of)
    check_age(newest, asked.max_age, asked.as_of or asked.today)
    return Known(newest, () if newest else _why_nothing(store, asked))


def _why_nothing(store: Store, asked: Asked) -> tuple[str, ...]:
    """Return what to say where no data is known: on the day asked for, or at all (``cli.md``, Everywhere)."""
    if asked.as_of is not None and store.newest_day(None, None) is not None:
        return (f"nothing was known on {asked.as_of}",)
    return EMPTY_STORE


def left_out_note(count: int, fields: tuple[str, ...]) -> str:
    """Return the note on what a condition leaves out only because `fields` are unknown."""
    hint = "; import --region or customers set --region tells it" if "region" in fields else ""
    return f"{count} left out because {' or '.join(fields)} is unknown{hint}"


def check_age(newest: date | None, max_age: timedelta | None, today: date) -> None:
    """Raise StaleData where the newest data is older than `max_age`, or where there is none."""
    if max_age is None:
        return
    if newest is None:
        raise StaleData("there is no data yet", "import a report: partnerctl import FILE")
    if today - newest > max_age:
        raise StaleData(
            f"the newest data is of {newest}, more than {max_age.days} days before {today}",
            "import a newer report: partnerctl import FILE",
        )
