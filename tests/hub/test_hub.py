"""The hub gives what the commands give, typed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import partnerctl
from partnerctl import open_hub
from partnerctl.clock import FixedClock
from partnerctl.errors import InvalidData, NotFound, PartlyDone, StaleData, UsageError
from partnerctl.hub import Hub
from tests.conftest import Cli

ROOT = Path(__file__).resolve().parents[2]
ACME, BETA = "0f6c2c3e-8b1a-4d53-9a35-5f0a3b1c2d4e", "1f6c2c3e-8b1a-4d53-9a35-5f0a3b1c2d4e"
FILES = {
    "customers.csv": f"""\
org_id,name,region
{ACME},Acme GmbH,EU
{BETA},Beta Ltd,US
""",
    "subscriptions.csv": f"""\
subscription_id,org_id,kind,status,end_date,auto_renew
Sub1,{ACME},subscription,active,2026-12-10,false
Sub2,{BETA},subscription,active,2027-06-30,true
""",
    "licenses.csv": """\
subscription_id,product,total,assigned
Sub1,meetings,100,98
Sub2,meetings,40,4
""",
    "users.csv": f"email,org_id,name\nana@acme.example,{ACME},Ana\n",
    "orders.csv": "order_id,subscription_id,ordered_date\nOrder1,Sub1,2025-12-11\n",
}
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = tmp_path / "files"
    files.mkdir()
    for name, text in FILES.items():
        (files / name).write_text(text)
    return files


@pytest.fixture
def hub(folder: Path, tmp_path: Path) -> Iterator[Hub]:
    with open_hub(tmp_path / "partner.db", clock=FixedClock(NOW)) as opened:
        opened.import_files(folder)
        yield opened


def test_lists_hold_records(hub: Hub) -> None:
    found = hub.customers.list(sort="-name")

    assert [c.name for c in found.records] == ["Beta Ltd", "Acme GmbH"]
    assert [c.name for c in found.records] == ["Beta Ltd", "Acme GmbH"]  # again: nothing is used up
    assert found.data_as_of == date(2026, 11, 23)


def test_a_list_becomes_a_frame(hub: Hub) -> None:
    frame = hub.licenses.list().to_frame()

    assert frame["total"].tolist() == [100, 40]
    assert str(frame["total"].dtype) == "Int64"


def test_options_take_one_word_or_several(hub: Hub) -> None:
    assert len(tuple(hub.customers.list(region="eu").records)) == 1
    assert len(tuple(hub.customers.list(region=["EU", "US"]).records)) == 2
    assert [c.name for c in hub.customers.filter(status="expiring_soon").records] == ["Acme GmbH"]
    assert [c.name for c in hub.customers.filter("-status:expiring_soon").records] == ["Beta Ltd"]


def test_one_customer_and_one_subscription(hub: Hub) -> None:
    assert hub.customers.show("ACME gmbh").org_id == ACME
    assert hub.subscriptions.show("Sub1").days_left == 17
    assert [o.order_id for o in hub.subscriptions.orders("Sub1").records] == ["Order1"]
    with pytest.raises(NotFound, match="there is no customer 'Acne GmbH'"):
        hub.customers.show("Acne GmbH")


def test_subscriptions_by_their_options(hub: Hub) -> None:
    def ids(**options: object) -> list[str]:
        return [s.subscription_id for s in hub.subscriptions.list(**options).records]  # type: ignore[arg-type]

    assert ids(customer="Acme GmbH") == ["Sub1"]
    assert ids(auto_renew=True) == ["Sub2"]
    assert ids(expiring_within=30) == ["Sub1"]
    assert ids(renewing_within=365) == ["Sub2"]
    assert ids(ending_within=16) == []
    assert ids(ending_within=9_999_999) == ["Sub1", "Sub2"]  # beyond every calendar


def test_people_and_searches(hub: Hub) -> None:
    (found,) = hub.customers.search("ana@acme.example").records

    assert (found.org_id, found.matched_in) == (ACME, "users")
    assert [u.email for u in hub.users.list(customer="Acme GmbH").records] == ["ana@acme.example"]


def test_another_day_is_today(folder: Path, tmp_path: Path) -> None:
    with open_hub(tmp_path / "partner.db", today=date(2026, 12, 1), clock=FixedClock(NOW)) as hub:
        hub.import_files(folder, as_of=date(2026, 11, 1))

        assert hub.subscriptions.show("Sub1").days_left == 9
        assert hub.customers.list(as_of=date(2026, 10, 1)).records == ()
        with pytest.raises(StaleData):
            hub.customers.list(max_age=timedelta(days=8))


def test_a_report_is_written(hub: Hub, tmp_path: Path) -> None:
    run = hub.reports.run("subscription-details", tmp_path, region="EU")

    assert run.rows == 1
    assert run.path is not None
    assert "Acme GmbH" in Path(run.path).read_text()


def test_a_store_that_does_not_exist_reads_as_empty(tmp_path: Path) -> None:
    with open_hub(tmp_path / "none.db") as hub:
        assert hub.customers.list().records == ()
    assert not (tmp_path / "none.db").exists()


def test_what_was_read_before_an_import_is_read_anew_after_it(folder: Path, tmp_path: Path) -> None:
    with open_hub(tmp_path / "partner.db", clock=FixedClock(NOW)) as hub:
        assert hub.customers.list().records == ()
        hub.import_files(folder)
        assert len(tuple(hub.customers.list().records)) == 2
        hub.close()
        assert len(tuple(hub.customers.list().records)) == 2


def test_a_bad_file_is_raised_or_told(hub: Hub, folder: Path) -> None:
    bad = folder / "bad.csv"
    bad.write_text("email,org_id\nbo@acme.example,nobody\n")

    with pytest.raises(InvalidData):
        hub.import_files(bad, entity="users")
    with pytest.raises(PartlyDone):
        hub.import_files(folder / "users.csv", bad, entity="users")
    done = hub.import_files(bad, entity="users", check=False)
    assert (done.records, len(done.failures)) == ((), 1)


def test_a_confirmation_is_given_as_a_word(hub: Hub, folder: Path) -> None:
    (folder / "subscriptions.csv").write_text(FILES["subscriptions.csv"].rsplit("Sub2", 1)[0])
    newer = date(2026, 11, 24)

    with pytest.raises(UsageError, match="confirmation"):
        hub.import_files(folder / "subscriptions.csv", as_of=newer, complete=True)

    hub.import_files(folder / "subscriptions.csv", as_of=newer, complete=True, yes=True)
    assert hub.subscriptions.show("Sub2").status == "absent"


def test_profile_and_store_come_from_the_settings(cli: Cli, folder: Path) -> None:
    cli("import", folder, "--profile", "work")

    with open_hub(profile="work") as hub:
        found = hub.customers.list()

    listed = cli("customers", "list", "--profile", "work", "--json").json
    assert [c.org_id for c in found.records] == [c["org_id"] for c in listed]


def test_the_example_of_the_documentation(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "python.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (expected,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("partnerctl.hub.SystemClock", lambda: FixedClock(NOW))

    exec(code, {})  # noqa: S102 - the page itself is what is tested

    printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert printed == [line.rstrip() for line in expected.splitlines()]


def test_the_package_loads_nothing_before_it_is_asked() -> None:
    code = "import sys, json, partnerctl; partnerctl.__version__; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    loaded = [name for name in json.loads(done.stdout) if name.startswith("partnerctl.")]

    assert loaded == []


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'open_hubs'"):
        _ = partnerctl.open_hubs
    assert partnerctl.Hub is Hub


def test_an_import_of_nothing_or_with_unknown_words_is_wrong_usage(hub: Hub, folder: Path) -> None:
    with pytest.raises(UsageError, match="nothing to import"):
        hub.import_files()
    with pytest.raises(UsageError, match="'dym' is no order of dates"):
        hub.import_files(folder, date_order="dym")
    with pytest.raises(UsageError, match="'used' is not total or free"):
        hub.import_files(folder, available="used")


def test_who_acts_is_known_by_the_setting_else_by_the_machine(
    cli: Cli, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ana")
    assert hub.actor == "ana"

    cli("config", "set", "me", "bo@acme.example")
    with open_hub() as later:
        assert later.actor == "bo@acme.example"


def test_a_container_without_users_is_no_hindrance(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise OSError("no username set in the environment")

    monkeypatch.setattr("getpass.getuser", nobody)
    with open_hub() as hub:
        hub.import_files(folder)
        assert hub.actor == "unknown"

    cli("customers", "set", "Acme GmbH", "--region", "US")
    assert {entry["actor"] for entry in cli("audit", "list", "--json").json} == {"unknown"}
