"""Importing what ``reports run`` wrote into the same store changes nothing (``reports.md``)."""

from pathlib import Path

import pytest

from tests.commands.importing import ACME, MEETINGS, counts, details, seen, stored, write
from tests.conftest import Cli

TEMPLATES = ("subscription-details", "devices", "phone-numbers", "webex-app-version")


@pytest.mark.parametrize("words", [(), ("--language", "pt"), ("--excel",)])
def test_the_reports_of_a_store_tell_it_nothing_new(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    cli("demo", "--customers", "20")
    monkeypatch.setenv("PARTNERCTL_PROFILE", "demo")
    (tmp_path / "out").mkdir()
    for template in TEMPLATES:
        cli("reports", "run", template, "--dir", tmp_path / "out", *words)
    records = cli("import", tmp_path / "out", "--json").json

    assert len(records) == 4
    assert [
        (r["entity"], r["inserted"], r["updated"]) for r in records if r["inserted"] or r["updated"]
    ] == []


def test_a_row_of_an_older_day_tells_what_was_known_of_the_customer_then(
    cli: Cli, tmp_path: Path, home: Path
) -> None:
    more = f",Subscription type,Total users in organization,{MEETINGS}"
    old = (seen("2026-11-01", s) + ",Suite,10,9,8,7" for s in ("S1", "S2"))
    cli("import", details(tmp_path / "1.csv", *old, more=more))
    new = seen("2026-11-08", "S1", name="Acme Ltd") + ",Suite,20,9,9,9"
    cli("import", details(tmp_path / "2.csv", new, more=more))
    before = stored(home)
    cli("reports", "run", "subscription-details", "--file", tmp_path / "own.csv")

    assert counts(cli, tmp_path / "own.csv") == [(2, 0, 0, 2, 0)]
    assert stored(home)["customers_versions"] == before["customers_versions"]


def test_figures_of_an_older_day_stay_of_that_day(cli: Cli, tmp_path: Path, home: Path) -> None:
    cli("import", details(tmp_path / "1.csv", seen("2026-11-01", "S1") + ",9,8,7", more=f",{MEETINGS}"))
    header = "subscription_id,org_id,kind"
    cli("import", write(tmp_path / "subscriptions_2026-11-08.csv", f"{header}\nS1,{ACME},subscription\n"))
    cli("reports", "run", "subscription-details", "--file", tmp_path / "own.csv")

    assert counts(cli, tmp_path / "own.csv") == [(1, 0, 0, 1, 0)]
