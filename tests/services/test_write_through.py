"""Changes on a profile with a remote side: Webex first, verified, then the store in one audited run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from partnerctl.errors import Conflict, NotAllowed, NotFound, PartnerctlError, Unavailable
from partnerctl.remote.tags import tag_descriptions, tags_of, write_tags
from partnerctl.remote.transport import NetworkFault, Request, Response
from partnerctl.services.acting import Acting
from partnerctl.services.admins import assignment_change, role_change
from partnerctl.services.bulk import Change, Done, Limits, Subject
from partnerctl.services.tags import TagChange, tag_change
from partnerctl.services.undo import undo_run
from partnerctl.services.webex.changes import remote_form
from partnerctl.services.webex.tags import TagPush, places_to_push
from partnerctl.services.webex.write_through import carry_out_remotely
from tests.services.syncing_world import Partner, everything, present, refuse

ACTOR = "ines@partner.example"


@pytest.fixture
def partner(tmp_path: Path) -> Partner:
    partner = Partner(tmp_path / "partner", customers=25)
    partner.sync("organizations", "licenses", "tags", "admins")
    return partner


def change(partner: Partner, wanted: Change, *org_ids: str, dry_run: bool = False, **limits: Any) -> Done:
    """Make a change of customers, as the commands do."""
    form = remote_form(wanted, partner.store, partner.client, recording=False)
    assert form is not None
    subjects = [Subject(org_id, org_id) for org_id in org_ids]
    limits.setdefault("many", len(org_ids) != 1)
    acting = Acting(ACTOR, partner.time.now(), dry_run)
    return carry_out_remotely(partner.store, form, subjects, acting, Limits(**limits))


def org_ids(partner: Partner) -> list[str]:
    return sorted(str(row[0]) for row in everything(partner.store)["customers"])


def untagged(partner: Partner, place: int = 0) -> str:
    """Return the id of a customer without tags."""
    tagged = {row[0] for row in present(partner.store, "tags") if row[2]}
    return [org_id for org_id in org_ids(partner) if org_id not in tagged][place]


def in_store(partner: Partner, org_id: str) -> set[str]:
    return {row[2] for row in present(partner.store, "tags") if row[0] == org_id and not row[1] and row[2]}


def in_webex(partner: Partner, org_id: str) -> set[str]:
    return set(tags_of(partner.client(), org_id, None))


def test_a_tag_goes_to_webex_and_then_to_the_store(partner: Partner) -> None:
    org_id = untagged(partner)
    done = change(partner, tag_change("add", ("pilot",)), org_id)
    assert in_webex(partner, org_id) == in_store(partner, org_id) == {"pilot"}
    entry = next(partner.store.audit_entries(1))
    assert (entry.run_id, entry.action, entry.object) == (done.run_id, "tags add", org_id)
    assert (entry.before, entry.after) == ("[]", '["pilot"]')


def test_what_webex_has_meanwhile_is_what_is_changed(partner: Partner) -> None:
    """Another administrator tagged the customer since the last sync: that tag stays."""
    org_id = untagged(partner)
    write_tags(partner.client(), org_id, None, ["theirs"], {})
    change(partner, tag_change("add", ("ours",)), org_id)
    assert in_webex(partner, org_id) == in_store(partner, org_id) == {"ours", "theirs"}


def test_descriptions_survive(partner: Partner) -> None:
    org_id = untagged(partner)
    write_tags(partner.client(), org_id, None, ["pilot"], {"pilot": "First ones"})
    change(partner, tag_change("add", ("late",)), org_id)
    assert tag_descriptions(partner.client(), "ORGANIZATION")["pilot"] == "First ones"


def test_a_dry_run_asks_and_changes_nothing(partner: Partner) -> None:
    org_id = untagged(partner)
    partner.world.calls.clear()
    done = change(partner, tag_change("add", ("pilot",)), org_id, dry_run=True)
    assert [(step.before, step.after) for step in done.changed] == [((), ("pilot",))]
    assert partner.asked("POST") == []
    assert in_webex(partner, org_id) == in_store(partner, org_id) == set()


def test_a_sixth_tag_is_refused_before_anything_is_sent(partner: Partner) -> None:
    org_id = untagged(partner)
    write_tags(partner.client(), org_id, None, ["a", "b", "c", "d", "e"], {})
    partner.world.calls.clear()
    with pytest.raises(Conflict, match="would have more than 5 tags"):
        change(partner, tag_change("add", ("f",)), org_id)
    assert partner.asked("POST") == []


def test_a_refusal_leaves_the_store_and_says_what_webex_holds(partner: Partner) -> None:
    org_id = untagged(partner)
    write_tags(partner.client(), org_id, None, ["theirs"], {})
    before = everything(partner.store)
    partner.watch = refuse("POST", "/assignTags", 400, b'{"message": "no", "trackingId": "T9"}')
    with pytest.raises(Conflict) as raised:
        change(partner, tag_change("add", ("ours",)), org_id)
    assert "Webex holds theirs; nothing was changed in this store" in raised.value.reason
    assert everything(partner.store) == before


@pytest.mark.parametrize("carried_out", [True, False])
def test_an_answer_that_is_lost_is_looked_up(partner: Partner, *, carried_out: bool) -> None:
    """The connection breaks while the tags are written: reading them back tells what became of it."""
    org_id = untagged(partner)
    inner = partner.client()
    lost = 0

    def lose(request: Request) -> Response | None:
        nonlocal lost
        if request.method == "POST" and lost == 0:
            lost += 1
            if carried_out:
                write_tags(inner, org_id, None, ["pilot"], {})
            raise NetworkFault("the connection was closed")
        return None

    partner.watch = lose
    change(partner, tag_change("add", ("pilot",)), org_id)
    assert lost == 1
    partner.watch = None
    assert in_webex(partner, org_id) == in_store(partner, org_id) == {"pilot"}


def test_when_nobody_knows_what_webex_holds_it_is_said(partner: Partner) -> None:
    org_id = untagged(partner)
    posted = False

    def vanish(request: Request) -> Response | None:
        nonlocal posted
        posted = posted or request.method == "POST"
        if posted:
            partner.time.wait(100.0)
            raise NetworkFault("no route")
        return None

    partner.watch = vanish
    before = everything(partner.store)
    with pytest.raises(Unavailable, match="nobody knows what Webex holds now"):
        change(partner, tag_change("add", ("pilot",)), org_id)
    assert everything(partner.store) == before


def test_somebody_else_who_writes_at_the_same_time_is_noticed(partner: Partner) -> None:
    org_id = untagged(partner)
    inner = partner.client()

    def race(request: Request) -> Response | None:
        if request.method == "GET" and request.url.endswith(_path(org_id)) and partner.asked("POST"):
            write_tags(inner, org_id, None, ["theirs"], {})
        return None

    partner.world.calls.clear()
    partner.watch = race
    with pytest.raises(Conflict, match="somebody else"):
        change(partner, tag_change("add", ("ours",)), org_id)
    assert in_store(partner, org_id) == set()


def test_of_many_some_may_fail(partner: Partner) -> None:
    good, bad = untagged(partner), untagged(partner, 1)
    partner.watch = refuse("POST", _path(bad), 403)
    done = change(partner, tag_change("add", ("pilot",)), good, bad)
    assert [step.object for step in done.failed] == [bad]
    assert in_store(partner, good) == {"pilot"}
    assert in_store(partner, bad) == set()
    with pytest.raises(PartnerctlError, match="1 of 2 could not be changed"):
        done.raise_failure()


def test_a_run_that_changed_webex_is_not_undone_here_alone(partner: Partner) -> None:
    done = change(partner, tag_change("add", ("pilot",)), untagged(partner))
    assert done.run_id is not None
    with pytest.raises(Conflict, match="changed Webex first"):
        undo_run(partner.store, done.run_id, Acting(ACTOR, partner.time.now()))


def test_tags_of_this_store_are_pushed_beside_those_of_webex(partner: Partner) -> None:
    org_id = untagged(partner)
    _tag_here_alone(partner, org_id, "local")
    write_tags(partner.client(), org_id, None, ["theirs"], {})
    places = places_to_push(partner.store, [Subject(org_id, org_id)])
    push = TagPush(partner.client(), partner.store, TagChange("add", ()))
    acting = Acting(ACTOR, partner.time.now())
    done = carry_out_remotely(partner.store, push, places, acting, Limits(many=True))
    assert done.action == "tags push"
    assert in_webex(partner, org_id) == in_store(partner, org_id) == {"local", "theirs"}


def test_the_first_sync_never_drops_local_tags_unasked(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "first", customers=25)
    partner.sync("organizations")
    org_id = org_ids(partner)[0]
    _tag_here_alone(partner, org_id, "ours")
    questions: list[str] = []

    def no(question: str) -> None:
        from partnerctl.errors import UsageError

        questions.append(question)
        raise UsageError("this needs a confirmation")

    done = partner.sync("tags", confirm=no)
    assert "1 tag of this store is not in Webex" in questions[0]
    assert any(note.endswith(": ours") for note in done.notes)
    assert "ours" in in_store(partner, org_id)
    assert [(one.part, one.status) for one in done.parts] == [("tags", "failed")]
    partner.sync("tags", confirm=questions.append)
    assert "ours" not in in_store(partner, org_id)
    partner.sync("tags", confirm=no)  # from now on the tags are those of Webex: nobody is asked again
    assert len(questions) == 2


def test_an_administrator_is_assigned_and_taken_away(partner: Partner) -> None:
    email = next(row[0] for row in present(partner.store, "admins") if row[2] == "admin")
    mine = {row[1] for row in present(partner.store, "assignments") if row[0] == email}
    org_id = next(one for one in org_ids(partner) if one not in mine)
    change(partner, assignment_change("add", (email,)), org_id)
    assert (email, org_id) in present(partner.store, "assignments")
    before = present(partner.store, "assignments")
    partner.sync("admins")
    assert present(partner.store, "assignments") == before
    change(partner, assignment_change("remove", (email,)), org_id)
    assert (email, org_id) not in present(partner.store, "assignments")


def test_nobody_by_that_address(partner: Partner) -> None:
    with pytest.raises(NotFound, match="Webex knows nobody"):
        change(partner, assignment_change("add", ("nobody@partner.example",)), org_ids(partner)[0])


def test_a_role_is_revoked_in_webex(partner: Partner) -> None:
    email = next(row[0] for row in present(partner.store, "admins") if row[2] == "readonly_admin")
    form = remote_form(role_change(email, None), partner.store, partner.client, recording=False)
    assert form is not None
    carry_out_remotely(partner.store, form, [Subject(email)], Acting(ACTOR, partner.time.now()))
    assert partner.store.admin_role(email) is None
    partner.sync("admins")
    assert partner.store.admin_role(email) is None


def test_what_webex_publishes_no_way_to_do(partner: Partner) -> None:
    from partnerctl.services.trials import EndTrial, ExtendTrial, start_trial

    wanted: list[Change] = [
        start_trial(("meetings=5",), 30),
        ExtendTrial(7),
        EndTrial(),
        role_change("a@b.example", "admin"),
    ]
    for one in wanted:
        with pytest.raises(Conflict, match=r"Webex publishes no way to .* in Partner Hub, https://"):
            remote_form(one, partner.store, partner.client, recording=False)
        assert remote_form(one, partner.store, partner.client, recording=True) is None


def test_a_token_that_may_only_read(partner: Partner) -> None:
    from tests.services.syncing_world import FixedToken

    org_id = untagged(partner)
    partner.token = FixedToken(partner.world.issue_token("readonly_admin"))
    with pytest.raises(NotAllowed):
        change(partner, tag_change("add", ("pilot",)), org_id)
    assert in_store(partner, org_id) == set()


def _tag_here_alone(partner: Partner, org_id: str, tag: str) -> None:
    from partnerctl.services.bulk import carry_out

    acting = Acting(ACTOR, partner.time.now())
    carry_out(partner.store, tag_change("add", (tag,)), [Subject(org_id, org_id)], acting)
    assert json.loads(next(partner.store.audit_entries(1)).after or "[]")


def _path(org_id: str) -> str:
    from partnerctl.domain.identifiers import webex_id

    return f"/partner/tags/organizations/{webex_id(org_id)}"


def test_a_store_that_cannot_take_it_says_so(partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Webex has the change by then, and the next sync brings it here."""
    from partnerctl.errors import Locked
    from partnerctl.services.webex import write_through

    def locked(*_args: object) -> int:
        raise Locked("another run is writing", "wait for it")

    org_id = untagged(partner)
    with monkeypatch.context() as patch:
        patch.setattr(write_through, "record", locked)
        with pytest.raises(
            Locked, match="Webex has the change, and this store does not: another run"
        ) as raised:
            change(partner, tag_change("add", ("pilot",)), org_id)
    assert "partnerctl sync --only tags,admins" in (raised.value.hint or "")
    assert in_webex(partner, org_id) == {"pilot"}
    partner.sync("tags")
    assert in_store(partner, org_id) == {"pilot"}


def test_a_customer_that_webex_does_not_know(partner: Partner) -> None:
    partner.watch = refuse("GET", "/partner/tags/organizations/", 404)
    with pytest.raises(NotFound):
        change(partner, tag_change("add", ("pilot",)), untagged(partner))


def test_an_assignment_that_webex_refuses(partner: Partner) -> None:
    email = next(row[0] for row in present(partner.store, "admins") if row[2] == "admin")
    mine = {row[1] for row in present(partner.store, "assignments") if row[0] == email}
    org_id = next(one for one in org_ids(partner) if one not in mine)
    partner.watch = refuse("POST", "/assign", 400)
    with pytest.raises(Conflict, match=r"in Webex it is managed by .*; nothing was changed in this store"):
        change(partner, assignment_change("add", (email,)), org_id)
    partner.watch = refuse("GET", "/partnerAdmins", 403)
    with pytest.raises(NotAllowed):
        change(partner, assignment_change("add", (email,)), org_id)
    assert (email, org_id) not in present(partner.store, "assignments")


def test_an_assignment_that_webex_does_not_keep(partner: Partner) -> None:
    email = next(row[0] for row in present(partner.store, "admins") if row[2] == "admin")
    mine = {row[1] for row in present(partner.store, "assignments") if row[0] == email}
    org_id = next(one for one in org_ids(partner) if one not in mine)
    partner.watch = refuse("POST", "/assign", 200, b"")
    with pytest.raises(Conflict, match="Webex did not keep the change"):
        change(partner, assignment_change("add", (email,)), org_id)
    with pytest.raises(NotFound, match="does not manage customer"):
        change(partner, assignment_change("remove", (email,)), org_id)


def test_who_sees_every_customer_is_assigned_to_none(partner: Partner) -> None:
    email = next(row[0] for row in present(partner.store, "admins") if row[2] == "readonly_admin")
    with pytest.raises(Conflict, match="sees every customer"):
        change(partner, assignment_change("add", (email,)), org_ids(partner)[0])


@pytest.mark.parametrize("status", [200, 403])
def test_a_role_that_stays_in_webex_stays_here(partner: Partner, status: int) -> None:
    email = next(row[0] for row in present(partner.store, "admins") if row[2] == "readonly_admin")
    partner.watch = refuse("DELETE", "/partnerAdmin/", status, b"")
    form = remote_form(role_change(email, None), partner.store, partner.client, recording=False)
    assert form is not None
    acting = Acting(ACTOR, partner.time.now())
    with pytest.raises(PartnerctlError, match="in Webex the role is readonly_admin"):
        carry_out_remotely(partner.store, form, [Subject(email)], acting)
    assert partner.store.admin_role(email) == "readonly_admin"


def test_tags_that_only_this_store_has_do_not_go_unasked(partner: Partner) -> None:
    """Somebody gave the customer a tag here, while Webex was not asked."""
    org_id = untagged(partner)
    write_tags(partner.client(), org_id, None, ["theirs"], {})
    _tag_here_alone(partner, org_id, "mine")
    for wanted in (tag_change("add", ("new",)), tag_change("remove", ("theirs",))):
        with pytest.raises(Conflict, match="has tags in this store that Webex lacks: mine") as raised:
            change(partner, wanted, org_id)
        assert f"partnerctl tags push {org_id}" in (raised.value.hint or "")
    assert in_store(partner, org_id) == {"mine"}
    change(partner, tag_change("remove", ("mine", "theirs")), org_id)  # now it was said
    assert in_webex(partner, org_id) == in_store(partner, org_id) == set()
    _tag_here_alone(partner, org_id, "again")
    change(partner, tag_change("set", ("all",)), org_id)
    assert in_webex(partner, org_id) == in_store(partner, org_id) == {"all"}


def test_where_webex_has_it_already_the_store_follows(partner: Partner) -> None:
    org_id = untagged(partner)
    write_tags(partner.client(), org_id, None, ["theirs"], {})
    partner.world.calls.clear()
    done = change(partner, tag_change("add", ("theirs",)), org_id)
    assert partner.asked("POST") == []
    assert done.run_id is not None
    assert in_store(partner, org_id) == {"theirs"}
    assert change(partner, tag_change("add", ("theirs",)), org_id).run_id is None


def test_a_sync_of_some_customers_says_nothing_of_others(partner: Partner) -> None:
    """Tags of a customer in another region are still nobody's but this store's."""
    partner.sync("reports")  # tells the regions
    regions = partner.store.customer_regions()
    outside = next(org_id for org_id, region in regions.items() if region == "US")
    _tag_here_alone(partner, outside, "mine")
    questions: list[str] = []
    partner.sync("tags", region="EU", confirm=questions.append)
    assert questions == []
    assert "mine" in in_store(partner, outside)
    partner.sync("tags", confirm=questions.append)
    assert len(questions) == 1


def test_what_an_undo_brings_back_is_asked_about_again(partner: Partner) -> None:
    org_id = untagged(partner)
    _tag_here_alone(partner, org_id, "mine")
    questions: list[str] = []
    done = partner.sync("tags", confirm=questions.append)
    assert in_store(partner, org_id) == set()
    run_id = next(part.run_id for part in done.parts)
    assert run_id is not None
    undo_run(partner.store, run_id, Acting(ACTOR, partner.time.now()))
    assert in_store(partner, org_id) == {"mine"}
    partner.sync("tags", confirm=questions.append)
    assert len(questions) == 2
