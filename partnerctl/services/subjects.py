"""The subjects of a change of many: those of a query, or of a file (``cli.md``, Changes)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from partnerctl.errors import InvalidData, NotFound, UsageError
from partnerctl.services.bulk import Subject
from partnerctl.services.finding import find_customer, find_subscription
from partnerctl.services.questions import question_for

if TYPE_CHECKING:
    from pathlib import Path

    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

CUSTOMER_KEYS = ("org_id", "customer")
"""The keys of a row that name a customer; the first that has a value does."""
SUBSCRIPTION_KEYS = ("subscription_id",)
"""The keys of a row that name a subscription or trial."""


def customer_subject(store: Store, text: str) -> Subject:
    """Return the customer that `text` names; where it names none, the subject says so in its fault."""
    try:
        return Subject(text, find_customer(store, text))
    except NotFound as fault:
        return Subject(text, fault=fault)


def subscription_subject(store: Store, text: str) -> Subject:
    """Return the subscription or trial that `text` names; where it names none, its fault says so."""
    try:
        subscription_id = find_subscription(store, text)
    except NotFound as fault:
        return Subject(text, fault=fault)
    return Subject(text, store.owner_of(subscription_id), subscription_id)


def customers_matching(store: Store, asked: Asked) -> list[Subject]:
    """Return the customers that match a query and regions; raises UsageError for a bad query."""
    found = store.customers(question_for(store, "customers", asked)).records
    return [Subject(one.name or one.org_id, one.org_id) for one in found]


def every_customer(store: Store) -> list[Subject]:
    """Return all customers, by id."""
    return [Subject(name or org_id, org_id) for org_id, name in sorted(store.all_customer_names())]


def trials_matching(store: Store, asked: Asked) -> list[Subject]:
    """Return the trials that match a query over subscriptions; raises UsageError for a bad query."""
    found = store.subscriptions(question_for(store, "subscriptions", asked)).records
    return [
        Subject(one.subscription_id, one.org_id, one.subscription_id) for one in found if one.kind == "trial"
    ]


def subjects_in(
    path: str | Path, keys: Sequence[str], resolve: Callable[[str], Subject], stdin: BinaryIO | None = None
) -> list[Subject]:
    """Return the subjects that a file names, each once: a JSON array, JSON lines or CSV; ``-`` is `stdin`.

    Raises UsageError where the file is not there, InvalidData where it cannot be read or a row names none.
    """
    from partnerctl.ingest.sources import open_sources

    with open_sources([path], stdin if stdin is not None else sys.stdin.buffer) as sources:
        if len(sources.files) != 1:
            raise UsageError(f"--input: {path} holds {len(sources.files)} files", "name one file, or -")
        source = sources.files[0]
        names = dict.fromkeys(_names(source.name, source.open, keys))
    found: dict[tuple[str | None, str | None], Subject] = {}
    for name in names:
        subject = resolve(name)
        key = (subject.org_id, subject.subscription_id) if subject.fault is None else (name, "")
        found.setdefault(key, subject)
    return list(found.values())


def _names(name: str, open_bytes: Callable[[], BinaryIO], keys: Sequence[str]) -> Iterator[str]:
    for line, row in _rows(name, open_bytes, keys):
        named = next((row[key] for key in keys if row.get(key)), None)
        if named is None:
            raise InvalidData.at(name, line, None, f"names nothing: {' or '.join(keys)} is missing or empty")
        yield named


def _rows(
    name: str, open_bytes: Callable[[], BinaryIO], keys: Sequence[str]
) -> Iterable[tuple[int, dict[str, str]]]:
    from partnerctl.tabular.jsonlines import looks_like_json, read_objects

    with open_bytes() as binary:
        if not binary.read(4096).strip():
            return
    if looks_like_json(open_bytes):
        for line, record in read_objects(open_bytes, name):
            yield line, {key: record[key].strip() for key in keys if isinstance(record.get(key), str)}
        return
    from partnerctl.domain.folding import fold_header
    from partnerctl.tabular.delimited import open_delimited

    table = open_delimited(open_bytes, name)
    headers = [fold_header(header) for header in table.headers]
    at = {key: headers.index(fold_header(key)) for key in keys if fold_header(key) in headers}
    if not at:
        known = " or ".join(keys)
        raise InvalidData.at(name, 1, None, f"has no column {known}", f"give it a header with {known}")
    for line, cells in table.rows():
        yield line, {key: cells[place].strip() for key, place in at.items()}
