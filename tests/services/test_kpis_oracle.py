"""License analytics against a slow, obvious second reading of ``kpis.md``, over made stores full of edges.

The examples are the same in every run; N=2000 in the environment tries as many new ones.
"""

from __future__ import annotations

import os
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.kpi_oracle import SECTIONS, Oracle
from tests.services.kpi_oracle_units import Inquiry
from tests.services.kpi_stores import Program, inquiries, stores
from tests.stores.said import Said, told

many = settings(
    max_examples=int(os.environ.get("N", "110")),
    derandomize="N" not in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
PRODUCTS = ("meetings", "calling", "all")


def same(found: object, expected: object) -> None:
    """Hold values and types against each other: True is not 1, and 6.0 is not 6."""
    assert found == expected
    assert repr(found) == repr(expected)


@many
@given(stores(), inquiries())
def test_the_overview(files: list[Said], inquiry: Inquiry) -> None:
    store = told(files)
    for product in PRODUCTS:
        asking = replace(inquiry, product=product)

        same(Program(store, asking).overview(), Oracle(files, asking).overview())


@many
@given(stores(), inquiries())
def test_the_sections(files: list[Said], inquiry: Inquiry) -> None:
    store = told(files)
    for product in PRODUCTS:
        for name in SECTIONS:
            has_horizon = name in ("added", "expiring", "renewing")
            asking = replace(inquiry, product=product, days=inquiry.days if has_horizon else None)

            same(Program(store, asking).section(name), Oracle(files, asking).section(name))


@many
@given(stores(), inquiries(), st.integers(1, 6))
def test_the_trend(files: list[Said], inquiry: Inquiry, weeks: int) -> None:
    store = told(files)
    for product in PRODUCTS:
        asking = replace(inquiry, product=product)

        same(Program(store, asking).trend(weeks), Oracle(files, asking).trend(weeks))
