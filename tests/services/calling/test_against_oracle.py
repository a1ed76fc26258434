"""Every figure of calling analytics and of the report, against an oracle that shares no code (PH-R5).

One seed and three weeks take a minute; CALLING_SEEDS=1,2,3 asks for more seeds, and for every week.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from partnerctl.clock import FixedClock
from partnerctl.domain.calling.kinds import USAGE_FIGURES
from partnerctl.domain.calling.place import CallingPlace
from partnerctl.services.calling import features, quality, queues, report, usage
from partnerctl.services.calling.asking import Span
from partnerctl.services.import_run import ImportOptions
from partnerctl.services.imports import import_paths, read_options
from partnerctl.services.questions import Asked
from partnerctl.stores.contract import Store
from partnerctl.stores.opening import open_store
from tests.conftest import NOW
from tests.services.calling import (
    calling_made_files,
    calling_oracle,
    calling_oracle_quality,
    calling_oracle_queues,
    calling_oracle_report,
)
from tests.services.calling.calling_made import FIRST, LAST, PERIODS, WEEKS, made
from tests.services.calling.calling_made_rare import rare
from tests.services.calling.calling_oracle_data import Data

SEEDS = tuple(map(int, os.environ.get("CALLING_SEEDS", "1").split(",")))
EVERY_WEEK = "CALLING_SEEDS" in os.environ
TODAY = LAST + timedelta(days=8)
ASKED = Asked(TODAY)

Told = tuple[Data, Store, CallingPlace]


@pytest.fixture(scope="module", params=(0, *SEEDS))
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The made calls of a seed (0: what is rare), and a store and a folder that have read their files."""
    folder = tmp_path_factory.mktemp("calling")
    data = made(request.param) if request.param else rare(1)
    store = open_store(f"sqlite:///{folder / 'store.db'}", wait=0, create=True, at="2026-11-23T12:00:00Z")
    place = CallingPlace(folder / "records", wait=0)
    take_in(store, place, _customers(folder / "customers.csv", data))
    half = len(data.records) // 2
    take_in(store, place, calling_made_files.write_records_csv(folder / "a.csv", data.records[:half], 1))
    take_in(store, place, calling_made_files.write_records_lines(folder / "b.jsonl", data.records[half:]))
    take_in(store, place, calling_made_files.write_media(folder / "media.csv", data))
    for write in (calling_made_files.write_queue_stats, calling_made_files.write_usage):
        (folder / write.__name__).mkdir()
        for path, since, until in write(folder / write.__name__, data):
            take_in(store, place, path, since=since, until=until)
    yield data, store, place
    store.close()


def take_in(
    store: Store, place: CallingPlace, path: Path, since: date | None = None, until: date | None = None
) -> None:
    options = ImportOptions("ana", FixedClock(NOW), TODAY, calling=place, since=since, until=until)
    done = import_paths(store, [path], read_options(), options, lambda _question: None)
    done.raise_failure()


def _customers(path: Path, data: Data) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["org_id", "name", "region"])
        writer.writerows((org, name, region or "") for org, (name, region) in data.customers.items())
    return path


def weeks() -> list[date]:
    return [FIRST + timedelta(days=7 * n) for n in range(WEEKS)]


QUESTIONS: list[tuple[str, Callable[..., Any], Callable[..., Any], tuple[str | None, ...]]] = [
    ("usage", usage.usage, calling_oracle.usage, (None, "customer", "week", "endpoint")),
    ("quality", quality.quality, calling_oracle_quality.quality, (None, "customer", "week", "endpoint")),
    ("endpoints", quality.endpoints, calling_oracle.endpoints, (None, "customer", "week", "endpoint")),
    ("features", features.features, calling_oracle.features, (None, "customer", "week")),
    ("queues", queues.queues, calling_oracle_queues.queues, (None, "customer", "week")),
]
CASES = [(name, ask, oracle, by) for name, ask, oracle, every in QUESTIONS for by in every]


@pytest.mark.parametrize(("name", "ask", "oracle", "by"), CASES, ids=[f"{c[0]}-{c[3]}" for c in CASES])
def test_figures_of_every_week(
    told: Told, name: str, ask: Callable[..., Any], oracle: Callable[..., Any], by: str | None
) -> None:
    data, store, place = told
    for week in weeks() if EVERY_WEEK else (FIRST, FIRST + timedelta(days=28), LAST):
        found = [asdict(one) for one in ask(store, place, ASKED, Span(week, 1, by)).records]
        assert found == oracle(data, week, by), f"{name} of {week} by {by}"


def test_several_weeks_are_the_single_ones_one_after_the_other(told: Told) -> None:
    data, store, place = told
    found = [asdict(one) for one in usage.usage(store, place, ASKED, Span(LAST, 8, "week")).records]
    assert found == [row for week in weeks()[-8:] for row in calling_oracle.usage(data, week, "week")]
    found = [asdict(one) for one in quality.quality(store, place, ASKED, Span(LAST, 3)).records]
    assert found == [row for week in weeks()[:-4:-1] for row in calling_oracle_quality.quality(data, week)]


def test_a_query_leaves_its_customers(told: Told) -> None:
    data, store, place = told
    region = next(region for _, region in data.customers.values() if region)
    only = frozenset(org for org, (_, one) in data.customers.items() if one == region)
    asked = Asked(TODAY, region=(region,))
    for _, ask, oracle, every in QUESTIONS:
        for by in every:
            found = [asdict(one) for one in ask(store, place, asked, Span(LAST, 1, by)).records]
            assert found == oracle(data, LAST, by, only)


@pytest.mark.parametrize(("since", "until"), PERIODS)
def test_the_report_of_a_period(told: Told, since: date, until: date) -> None:
    data, store, place = told
    keys = ("customer", "org_id", "location", *USAGE_FIGURES)
    rows = report.usage_rows(store, place, ASKED, since, until).rows
    assert [{key: getattr(row, key) for key in keys} for row in rows] == calling_oracle_report.report(
        data, since, until
    )


@pytest.mark.parametrize(("since", "until"), PERIODS)
def test_the_report_by_customer(told: Told, since: date, until: date) -> None:
    data, store, place = told
    keys = ("customer", "org_id", "region", "locations", *USAGE_FIGURES)
    rows = report.customer_rows(store, place, ASKED, since, until).rows
    assert [{key: getattr(row, key) for key in keys} for row in rows] == (
        calling_oracle_report.report_by_customer(data, since, until)
    )
