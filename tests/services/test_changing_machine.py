"""Tags, trials, administrators, imports and undo in any order, against a model that fits on a page.

The model knows nothing of observations or folding: it keeps whole states, one per run that changed something,
and an undo goes back to the sets of members as they would be had the run never been.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from partnerctl.domain.folding import fold
from partnerctl.errors import Conflict, NotFound, PartnerctlError
from partnerctl.services.acting import Acting
from partnerctl.services.admins import assignment_change, role_change
from partnerctl.services.bulk import Limits, Subject, carry_out
from partnerctl.services.tags import tag_change
from partnerctl.services.trials import EndTrial, ExtendTrial, start_trial
from partnerctl.services.undo import undo_run
from tests.stores.said import Said, memory, tell

ORGS = ("o1", "o2", "o3")
TAGS = ("gold", "GOLD", "vip", "Ação", "acao", "x", "y", "z")
PEOPLE = ("ana@partner.example", "rui@partner.example")
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
OWNER = Acting("owner", AT)


@dataclass
class Model:
    """What the store should say: tags and administrators per customer, roles, trials per customer."""

    tags: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict.fromkeys(ORGS, ()))
    admins: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict.fromkeys(ORGS, ()))
    roles: dict[str, str] = field(default_factory=dict)
    ends: dict[str, tuple[str, str]] = field(default_factory=dict)  # trial: customer, status

    def as_text(self) -> str:
        return json.dumps([self.tags, self.admins, self.roles, self.ends], sort_keys=True)


def restored(text: str) -> Model:
    tags, admins, roles, ends = json.loads(text)
    return Model(
        {k: tuple(v) for k, v in tags.items()},
        {k: tuple(v) for k, v in admins.items()},
        roles,
        {k: (v[0], v[1]) for k, v in ends.items()},
    )


class Changing(RuleBasedStateMachine):
    """Changes the store and the model alike; the last run can be undone, and that undone again."""

    @initialize()
    def begin(self) -> None:
        self.store = memory()
        customers: dict[tuple[str, ...], dict[str, str | int | None]] = {
            (org,): {"name": org} for org in ORGS
        }
        tell(self.store, Said("2026-11-01", {"customers": customers}))
        self.model = Model()
        self.trials: list[str] = []  # in the order of their making: the ids themselves are random
        self.states: list[tuple[int, str, str]] = []  # run, the model before and after it

    def _do(self, change: object, subjects: list[Subject], after: Model | None) -> None:
        """Make a change that leads to `after`; None: it is refused, and nothing changes."""
        before = self.model.as_text()
        try:
            done = carry_out(self.store, change, subjects, OWNER, Limits(many=len(subjects) > 1))  # type: ignore[arg-type]
        except PartnerctlError:
            assert after is None
            return
        if after is None:
            assert done.failed or not done.changed
            return
        self.model = after
        if done.run_id is not None:
            self.states.append((done.run_id, before, after.as_text()))
        else:
            assert after.as_text() == before

    @rule(org=st.sampled_from(ORGS), tags=st.lists(st.sampled_from(TAGS), min_size=1, max_size=3))
    def add_tags(self, org: str, tags: list[str]) -> None:
        model = restored(self.model.as_text())
        known = {fold(tag): tag for held in model.tags.values() for tag in held}
        held = list(model.tags[org])
        for tag in tags:
            if fold(tag) not in map(fold, held):
                first = next(t for t in tags if fold(t) == fold(tag))
                held.append(known.get(fold(tag), first))
        model.tags[org] = tuple(sorted(held))
        self._do(tag_change("add", tags), [Subject(org, org)], model if len(held) <= 5 else None)

    @rule(org=st.sampled_from(ORGS), tag=st.sampled_from(TAGS))
    def remove_tag(self, org: str, tag: str) -> None:
        model = restored(self.model.as_text())
        model.tags[org] = tuple(t for t in model.tags[org] if fold(t) != fold(tag))
        self._do(tag_change("remove", [tag]), [Subject(org, org)], model)

    @rule(org=st.sampled_from(ORGS), tags=st.lists(st.sampled_from(TAGS), max_size=5, unique_by=fold))
    def import_tags(self, org: str, tags: list[str]) -> None:
        """A file of tags of today puts them in the place of all that the customer has."""
        before = self.model.as_text()
        run = tell(self.store, Said(AT.date().isoformat(), tags={org: tuple(tags)}))
        self.model.tags[org] = tuple(sorted(tags))
        self.states.append((run, before, self.model.as_text()))

    @rule(email=st.sampled_from(PEOPLE), role=st.sampled_from(["full_admin", "admin", "provisioning_admin"]))
    def grant(self, email: str, role: str) -> None:
        model = restored(self.model.as_text())
        full = [one for one, has in model.roles.items() if has == "full_admin"]
        refused = full == [email] and role != "full_admin"
        model.roles[email] = role
        if role == "full_admin":
            model.admins = {org: tuple(a for a in held if a != email) for org, held in model.admins.items()}
        self._do(role_change(email, role), [Subject(email)], None if refused else model)

    @rule(email=st.sampled_from(PEOPLE))
    def revoke(self, email: str) -> None:
        model = restored(self.model.as_text())
        full = [one for one, has in model.roles.items() if has == "full_admin"]
        refused = email not in model.roles or full == [email]
        model.roles.pop(email, None)
        model.admins = {org: tuple(a for a in held if a != email) for org, held in model.admins.items()}
        self._do(role_change(email, None), [Subject(email)], None if refused else model)

    @rule(org=st.sampled_from(ORGS), email=st.sampled_from(PEOPLE))
    def assign(self, org: str, email: str) -> None:
        model = restored(self.model.as_text())
        model.admins[org] = tuple(sorted({*model.admins[org], email}))
        refused = model.roles.get(email) in (None, "full_admin")
        self._do(assignment_change("add", [email]), [Subject(org, org)], None if refused else model)

    @rule(org=st.sampled_from(ORGS))
    def start(self, org: str) -> None:
        model = restored(self.model.as_text())
        change = start_trial(["meetings=5"], 30)
        if any(where == org and status == "active" for where, status in model.ends.values()):
            self._do(change, [Subject(org, org)], None)
            return
        done = carry_out(self.store, change, [Subject(org, org)], OWNER)
        before = self.model.as_text()
        self.trials.append(done.steps[0].object)
        model.ends[self.trials[-1]] = (org, "active")
        self.model = model
        assert done.run_id is not None
        self.states.append((done.run_id, before, model.as_text()))

    def _some_trial(self, data: st.DataObject) -> str | None:
        standing = [trial for trial in self.trials if trial in self.model.ends]
        return standing[data.draw(st.integers(0, len(standing) - 1))] if standing else None

    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        if trial := self._some_trial(data):
            model = restored(self.model.as_text())
            org, _ = model.ends[trial]
            model.ends[trial] = (org, "expired")
            self._do(EndTrial(), [Subject(trial, org, trial)], model)

    @rule(data=st.data())
    def extend(self, data: st.DataObject) -> None:
        if trial := self._some_trial(data):
            org, status = self.model.ends[trial]
            model = restored(self.model.as_text()) if status == "active" else None
            change, subjects = ExtendTrial(5), [Subject(trial, org, trial)]
            if model is None:
                self._do(change, subjects, None)
                return
            done = carry_out(self.store, change, subjects, OWNER)
            assert done.run_id is not None
            self.states.append((done.run_id, self.model.as_text(), model.as_text()))

    @rule()
    def undo_the_last(self) -> None:
        if self.states:
            run, before, after = self.states.pop()
            done = undo_run(self.store, run, OWNER)
            assert done.run_id is not None
            self.model = restored(before)
            self.states.append((done.run_id, after, before))

    @rule(data=st.data())
    def undo_an_older_one(self, data: st.DataObject) -> None:
        """Undo any run: refused where a later one spoke of the same, else only what it did goes."""
        if len(self.states) > 1:
            run, _, _ = data.draw(st.sampled_from(self.states[:-1]))
            try:
                undo_run(self.store, run, OWNER)
            except (Conflict, NotFound):
                return
            self.model = self._seen()
            self.states.clear()

    @invariant()
    def the_store_says_what_the_model_says(self) -> None:
        if hasattr(self, "store"):
            assert self._seen().as_text() == self.model.as_text()

    def _seen(self) -> Model:
        connection = self.store._connection
        tags: dict[str, tuple[str, ...]] = dict.fromkeys(ORGS, ())
        for org, tag in connection.execute("SELECT org_id, tag FROM tags ORDER BY tag"):
            tags[org] += (tag,)
        admins: dict[str, tuple[str, ...]] = dict.fromkeys(ORGS, ())
        for org, email in connection.execute("SELECT org_id, email FROM assignments ORDER BY email"):
            admins[org] += (email,)
        roles = dict(connection.execute("SELECT email, role FROM admins WHERE role IS NOT NULL"))
        trials = connection.execute("SELECT subscription_id, org_id, status FROM subscriptions")  # all local
        return Model(tags, admins, roles, {trial: (org, status) for trial, org, status in trials})

    def teardown(self) -> None:
        if hasattr(self, "store"):
            assert list(self.store.check()) == []
            self.store.close()


TestChanging = Changing.TestCase
TestChanging.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
