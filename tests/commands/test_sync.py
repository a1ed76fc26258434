"""``sync``, and what the other commands do on a profile with a remote side."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.webex import Webex, made_webex
from tests.conftest import Cli
from tests.services.syncing_world import refuse


@pytest.fixture
def webex(monkeypatch: pytest.MonkeyPatch) -> Webex:
    return made_webex(monkeypatch)


def test_a_sync_and_what_the_store_says_then(cli: Cli, webex: Webex) -> None:
    done = cli("sync", "--only", "organizations,licenses,tags,admins")
    assert done.stdout == (
        "part           status  customers  failed  rows\n"
        "-------------  ------  ---------  ------  ----\n"
        "organizations  done           12       0    12\n"
        "licenses       done           12       0    98\n"
        "tags           done           12       0     8\n"
        "admins         done           12       0    16\n"
    )
    assert "take it back with: partnerctl undo 1" in done.stderr
    assert len(cli("customers", "list", "--json").json) == 12
    assert len(cli("licenses", "list", "--json").json) == 98
    assert {one["role"] for one in cli("admins", "list", "--json").json} >= {"full_admin", "admin"}


def test_status_before_and_after(cli: Cli, webex: Webex) -> None:
    assert cli("sync", "status", "--json").json == []
    cli("sync", "--only", "organizations")
    assert cli("sync", "status", "--json").json == [
        {
            "part": "organizations",
            "template": None,
            "region": None,
            "status": "done",
            "day": "2026-11-23",
            "at": "2026-11-23T12:00:00Z",
            "customers": 12,
            "failed": 0,
            "rows": 12,
            "run_id": 1,
            "error": None,
        }
    ]


def test_what_fails_is_told_and_tried_again(cli: Cli, webex: Webex) -> None:
    webex.watch = refuse("GET", "/devices")
    done = cli("sync", "--only", "licenses,devices", "--json", expect=3)
    assert [(one["part"], one["status"]) for one in done.json] == [
        ("licenses", "done"),
        ("devices", "failed"),
    ]
    assert "1 of 2 parts could not be fetched whole" in done.stderr
    assert "go on with it: partnerctl sync --resume" in cli("sync", "status").stderr
    webex.watch = None
    assert [one["status"] for one in cli("sync", "--resume", "--json").json] == ["done", "done"]


def test_bad_words_are_refused_before_anything_is_asked(cli: Cli, webex: Webex) -> None:
    assert "there is no part 'licences'" in cli("sync", "--only", "licences", expect=2).stderr
    assert "--resume goes on" in cli("sync", "--resume", "--full", expect=2).stderr
    assert "no sync to go on with" in cli("sync", "--resume", expect=2).stderr
    assert cli("sync", "--fields", "nothing", expect=2).stdout == ""
    assert webex.world.calls == []


def test_days_of_call_records_that_cannot_be_are_refused(cli: Cli, webex: Webex) -> None:
    assert "--since is for call records alone" in cli("sync", "--since", "-1d", expect=2).stderr
    assert "--resume goes on" in cli("sync", "--resume", "--since", "-1d", expect=2).stderr
    early = cli("sync", "--only", "calls", "--since", "-31d", expect=2)
    assert "Webex gives call records of 30 days" in early.stderr
    assert "choose a day from 2026-10-24 to 2026-11-23" in early.stderr
    assert "30 days" in cli("sync", "--only", "calls", "--since", "tomorrow", expect=2).stderr
    assert webex.world.calls == []


def test_call_records_of_a_day_on_which_nobody_called(cli: Cli, webex: Webex) -> None:
    webex.watch = refuse("GET", "/cdr_feed", 200, b'{"items": []}')
    done = cli("sync", "--only", "calls", "--since", "2026-11-23")
    assert done.stdout == ("part   status  rows\n-----  ------  ----\ncalls  done       0\n")
    said = "call records of 2026-11-23T00:00Z to 2026-11-23T11:50Z: 1 window, one a minute\n"
    assert done.stderr.startswith(said)
    assert cli("sync", "status", "--json").json[0]["part"] == "calls"


def test_a_profile_without_a_remote_side(cli: Cli) -> None:
    done = cli("sync", expect=2)
    assert "the profile default has no remote side" in done.stderr
    assert "partnerctl auth login" in done.stderr


def test_a_token_that_is_refused(cli: Cli, webex: Webex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERCTL_TOKEN", "sandbox-access-00000000000000000000000000000000")
    done = cli("sync", expect=4)
    assert done.stdout == ""


def test_the_store_of_the_demo_has_nothing_to_do_with_webex(
    cli: Cli, webex: Webex, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("demo", "--customers", "3")
    monkeypatch.setenv("PARTNERCTL_API_URL", "https://webexapis.com/v1")
    done = cli("--profile", "demo", "sync", expect=6)
    assert "this store holds the demo's data" in done.stderr
    assert webex.world.calls == []


def test_a_tag_goes_to_webex(cli: Cli, webex: Webex) -> None:
    cli("sync", "--only", "organizations,tags")
    org_id = cli("customers", "list", "--json").json[0]["org_id"]
    done = cli("tags", "set", org_id, "pilot", "--json")
    assert done.json["tags"] == ["pilot"]
    assert done.stderr == "changed 1 object in Webex and in this store\n"
    cli("sync", "--only", "tags")
    assert cli("customers", "show", org_id, "--json").json["tags"] == ["pilot"]
    assert "cannot be undone: it changed Webex first" in cli("undo", "2", expect=6).stderr


def test_tags_of_this_store_are_kept_and_pushed(
    cli: Cli, webex: Webex, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("sync", "--only", "organizations")
    org_id = cli("customers", "list", "--json").json[0]["org_id"]
    monkeypatch.setenv("PARTNERCTL_REMOTE", "none")
    cli("tags", "add", org_id, "ours")
    monkeypatch.delenv("PARTNERCTL_REMOTE")
    done = cli("sync", "--only", "tags", expect=3)
    assert "1 tag of this store is not in Webex: it stays as it is" in done.stdout
    assert ": ours\n" in done.stderr
    pushed = cli("tags", "push", "--json")
    assert [(one["action"], one["object"]) for one in pushed.json] == [("tags push", org_id)]
    assert cli("sync", "--only", "tags", "--json").json[0]["status"] == "done"
    assert "ours" in cli("customers", "show", org_id, "--json").json["tags"]


def test_what_webex_publishes_no_way_to_do(cli: Cli, webex: Webex) -> None:
    cli("sync", "--only", "organizations,admins")
    org_id = cli("customers", "list", "--json").json[0]["org_id"]
    refused = cli("trials", "start", org_id, "--product", "meetings=5", expect=6)
    assert "Webex publishes no way to start a trial: do it in Partner Hub, https://" in refused.stderr
    assert refused.stdout == ""
    started = cli("trials", "start", org_id, "--product", "meetings=5", "--record", "--json").json
    trial = started["subscription_id"]
    assert "extend a trial" in cli("trials", "extend", trial, "--days", "5", expect=6).stderr
    cli("trials", "extend", trial, "--days", "5", "--record")
    assert "end a trial" in cli("trials", "end", trial, expect=6).stderr
    cli("trials", "end", trial, "--record")
    assert "give a role" in cli("admins", "grant", "new@partner.example", "admin", expect=6).stderr
    cli("admins", "grant", "new@partner.example", "admin", "--record")
    assert webex.asked("POST") == []


def test_an_address_that_only_webex_knows(cli: Cli, webex: Webex) -> None:
    from partnerctl.demo.customers import contacts, plan_customer
    from tests.conftest import NOW

    plan = plan_customer(7, 0, NOW.date())
    email = contacts(plan)[0].email
    assert cli("customers", "search", email, "--json").json == []
    (found,) = cli("customers", "search", email, "--remote", "--json").json
    assert (found["org_id"], found["matched_in"]) == (plan.org_id, "webex")


def test_a_report_that_webex_makes(cli: Cli, webex: Webex, tmp_path: Path) -> None:
    done = cli("reports", "run", "devices", "--source", "webex", "--region", "EU", "--dir", tmp_path)
    path = Path(done.stdout.strip())
    assert path.parent == tmp_path
    assert path.name.startswith("Devices_")
    assert cli("runs", "list", "--json").json[0]["path"] == str(path)
    refused = cli("reports", "run", "devices", "--source", "webex", "--format", "xlsx", expect=2)
    assert "Webex makes its own as csv" in refused.stderr


def test_debug_shows_requests_and_no_token(cli: Cli, webex: Webex) -> None:
    done = cli("--debug", "sync", "--only", "organizations")
    assert "debug: GET http://127.0.0.1:8099/v1/organizations 200" in done.stderr


def test_from_python(webex: Webex) -> None:
    from partnerctl import open_hub
    from partnerctl.clock import FixedClock
    from partnerctl.errors import Conflict
    from tests.conftest import NOW

    with open_hub(clock=FixedClock(NOW)) as hub:
        done = hub.sync("organizations", "licenses")
        assert [(one.part, one.status) for one in done.parts] == [
            ("organizations", "done"),
            ("licenses", "done"),
        ]
        org_id = next(iter(hub.customers.list().records)).org_id
        hub.tags.set([org_id], "pilot")
        with pytest.raises(Conflict, match="publishes no way"):
            hub.trials.start(org_id, ["meetings=5"])
        hub.trials.start(org_id, ["meetings=5"], record=True)
    assert [path for path in webex.asked("POST") if path.endswith("/assignTags")]
