"""Changes from Python: a period, and a feed that goes on from the last record's number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from partnerctl import open_hub
from partnerctl.clock import FixedClock
from partnerctl.errors import UsageError
from partnerctl.hub import Hub

ACME = "0f6c2c3e-8b1a-4d53-9a35-5f0a3b1c2d4e"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def customers(folder: Path, region: str) -> Path:
    path = folder / "customers.csv"
    path.write_text(f"org_id,name,region\n{ACME},Acme GmbH,{region}\n")
    return path


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with open_hub(tmp_path / "partner.db", clock=FixedClock(NOW)) as opened:
        for day, region in ((date(2026, 11, 15), "EU"), (date(2026, 11, 22), "US")):
            opened.import_files(customers(tmp_path, region), as_of=day)
        yield opened


def test_a_period(hub: Hub) -> None:
    (moved,) = hub.changes().records

    assert (moved.day, moved.kind, moved.field) == (date(2026, 11, 22), "customer_changed", "region")
    assert (moved.before, moved.after, moved.learned_at) == ("EU", "US", NOW)
    assert [c.kind for c in hub.changes(date(2026, 11, 1), date(2026, 11, 20)).records] == ["customer_new"]
    assert hub.changes(kind="customer_new").records == ()
    assert hub.changes(region="us", where="field:region", sort="-day", limit=1).records == (moved,)


def test_a_feed_goes_on_from_the_last_record(hub: Hub, tmp_path: Path) -> None:
    heard = list(hub.changes(after=0).records)
    hub.import_files(customers(tmp_path, "CA"), as_of=date(2026, 11, 23))
    (news,) = hub.changes(after=heard[-1].seq).records

    assert [*heard, news] == list(hub.changes(after=0).records)
    assert news.after == "CA"


def test_changes_become_a_frame(hub: Hub) -> None:
    frame = hub.changes(after=0).to_frame()

    assert frame["kind"].tolist() == ["customer_new", "customer_changed"]
    assert str(frame["seq"].dtype) == "Int64"


def test_a_feed_has_no_period(hub: Hub) -> None:
    with pytest.raises(UsageError, match="exclude each other"):
        hub.changes(date(2026, 11, 1), after=0)
