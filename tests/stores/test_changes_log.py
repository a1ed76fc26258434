"""The log of changes follows the versions, whatever the order of files and whichever are taken back."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerctl.domain.telling import NEW
from partnerctl.stores.sqlite import SqliteStore
from partnerctl.stores.tables import LICENSE_TABLE
from partnerctl.stores.terms import ChangeSpan, Question
from tests.stores.heard import (
    NOTHING,
    TABLES,
    Heard,
    believed,
    gone_on,
    log_of,
    on,
    tags_on,
    versions_of,
)
from tests.stores.said import Said, forget, memory, tell, told
from tests.stores.strategies import DAYS, files, orders

many = settings(
    max_examples=int(os.environ.get("N", "40")), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
QUESTION = Question(date(2026, 11, 23))
ALWAYS = ChangeSpan(date(2000, 1, 1), date(2099, 1, 1))
Step = tuple[str, int]


@st.composite
def steps(draw: st.DrawFn, count: int) -> list[Step]:
    """Return a course of events: files that come, some again, and runs that are taken back in between."""
    found: list[Step] = []
    for run, file in enumerate(draw(orders(count))):
        found.append(("tell", file))
        undone = draw(st.integers(-3, run))
        if undone >= 0:
            found.append(("forget", undone))
    return found


def happen(store: SqliteStore, said: list[Said], course: list[Step], after_each: Any = None) -> None:
    runs: list[int] = []
    forgotten: set[int] = set()
    for what, number in course:
        if what == "tell":
            runs.append(tell(store, said[number]))
        elif number not in forgotten:
            forgotten.add(number)
            forget(store, runs[number])
        if after_each is not None:
            after_each()


@many
@given(files(moves=True), st.data())
def test_every_version_has_one_row_that_stands(said: list[Said], data: st.DataObject) -> None:
    store = memory()
    happen(store, said, data.draw(steps(len(said))))

    standing: dict[str, dict[Any, list[Any]]] = {noun: {} for noun in TABLES}
    for row in sorted(log_of(store), key=lambda row: row["day"]):
        if row["stands"] and row["noun"] in TABLES:
            standing[row["noun"]].setdefault(row["key"], []).append(row)

    for noun, table in TABLES.items():
        versions = versions_of(store, table)
        assert {k: [(r["day"], r["after"]) for r in rows] for k, rows in standing[noun].items()} == versions
        for rows in standing[noun].values():
            assert [row["before"] for row in rows] == [None, *(row["after"] for row in rows[:-1])]
            for row in rows[1:]:
                changed = [i for i in range(len(table.values)) if row["before"][i] != row["after"][i]]
                assert [i for i in range(16) if row["stands"] >> i & 1] == changed
            assert rows[0]["stands"] & NEW
            told_of_new = [i for i in range(2) if table is LICENSE_TABLE and rows[0]["after"][i] is not None]
            assert rows[0]["stands"] == NEW | sum(1 << i for i in told_of_new)
    assert [problem for problem in store.check() if "log" in problem] == []


@many
@given(files(moves=True), st.data())
def test_what_stands_of_tags_and_absences_is_what_changed(said: list[Said], data: st.DataObject) -> None:
    store = memory()
    happen(store, said, data.draw(steps(len(said))))

    standing = [row for row in log_of(store) if row["stands"] and row["noun"] in NOTHING]
    found = {(r["noun"], *r["key"], r["day"]): (r["before"][0], r["after"][0]) for r in standing}

    gone = gone_on(store, list(DAYS))
    expected: dict[Any, Any] = {}
    for yesterday, day in zip((None, *DAYS), DAYS, strict=False):
        old, new = (tags_on(store, d) if d else {} for d in (yesterday, day))
        for key in old.keys() | new.keys():
            if old.get(key, []) != new.get(key, []):
                expected["tags", *key, day] = (old.get(key, []), new.get(key, []))
        for org_id, state in gone[day].items():
            before = gone[yesterday].get(org_id, 0) if yesterday else 0
            if before != state:
                expected["presence", org_id, None, day] = (before, state)
    assert found == expected
    assert len(standing) == len(found)


@many
@given(files(moves=True), st.data())
def test_who_hears_everything_knows_every_day(said: list[Said], data: st.DataObject) -> None:
    store = memory()
    happen(store, said, data.draw(steps(len(said))))

    beliefs = believed(log_of(store))

    for noun, table in TABLES.items():
        versions = versions_of(store, table)
        for key in versions.keys() | beliefs[noun].keys():
            heard = beliefs[noun].get(key, Heard())
            if noun != "licenses":
                assert heard.first == (versions[key][0][0] if key in versions else None)
            for day in DAYS:
                holds = on(versions.get(key, []), day)
                if noun != "licenses" and holds is None:
                    continue
                believes = [heard.value(i, day) for i in range(len(table.values))]
                assert believes == (holds or [None] * len(table.values)), (key, day)
    for day, gone in gone_on(store, list(DAYS)).items():
        tags = tags_on(store, day)
        for key in tags.keys() | beliefs["tags"].keys():
            assert beliefs["tags"][key].value(0, day, []) == tags.get(key, [])
        for (org_id, _), heard in beliefs["presence"].items():
            assert heard.value(0, day, 0) == gone.get(org_id, 0)
        assert sum(gone.values()) == sum(h.value(0, day, 0) for h in beliefs["presence"].values())


@many
@given(files(moves=True), st.data())
def test_reading_in_steps_is_reading_at_once(said: list[Said], data: st.DataObject) -> None:
    store = memory()
    heard: list[Any] = []
    last = 0

    def read(after: int) -> list[Any]:
        span = ChangeSpan(after=after, newest=store.newest_change())
        records = store.changes(QUESTION, span).records
        return [(c.seq, c.day, c.subscription_id, c.kind, c.field, c.before, c.after) for c in records]

    def go_on() -> None:
        nonlocal last
        heard.extend(read(last))
        last = store.newest_change()

    happen(store, said, data.draw(steps(len(said))), go_on)

    assert heard == read(0)
    numbers = [record[0] for record in heard]
    assert numbers == sorted(set(numbers))
    if heard:
        middle = data.draw(st.sampled_from(numbers))
        assert read(middle) == [record for record in heard if record[0] > middle]


@many
@given(files(moves=True), st.data())
def test_a_period_is_the_same_whatever_the_order_of_the_files(said: list[Said], data: st.DataObject) -> None:
    def period(store: SqliteStore) -> list[Any]:
        return sorted(
            (c.day, c.org_id, c.subscription_id or "", c.field, c.kind, repr((c.before, c.after)))
            for c in store.changes(QUESTION, ALWAYS).records
        )

    order = data.draw(orders(len(said)))

    assert period(told(said[i] for i in order)) == period(told(said))


@many
@given(files(moves=True))
def test_the_same_file_again_tells_nothing(said: list[Said]) -> None:
    store = told(said)
    newest = store.newest_change()

    for again in said:
        tell(store, again)

    assert store.newest_change() == newest
