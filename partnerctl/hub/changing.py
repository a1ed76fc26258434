"""What the hub changes: tags, administrators, trials, and undo; roles are obeyed as on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, Unpack

from partnerctl.domain.records import Admin, CustomerAdmin, TagCount
from partnerctl.hub.asking import Narrow, Words, held, words
from partnerctl.hub.nouns import Noun
from partnerctl.services.answers import Answer
from partnerctl.services.bulk import MAX_CHANGES, Done, Limits, Subject, carry_out_where_due
from partnerctl.services.finding import find_customer, find_subscription

if TYPE_CHECKING:
    from partnerctl.domain.records import Subscription
    from partnerctl.services.bulk import Change
    from partnerctl.stores.contract import Store


class ChangingNoun(Noun):
    """A noun that changes things: one plan, then all of it as one audited run."""

    def _carry_out(
        self,
        change: Change,
        subjects: Sequence[Subject],
        max_changes: int,
        dry_run: bool,
        record: bool = False,
    ) -> Done:
        """Make a change; raises PartlyDone where some of several cannot be made, after the others are.

        On a profile with a remote side it goes there first; with `record`, what cannot be done there is
        recorded here all the same.
        """
        hub = self._hub
        limits = Limits(many=len(subjects) != 1, max_changes=max_changes)
        client = hub.remote if hub.has_remote else None
        acting = hub.acting(dry_run)
        done = carry_out_where_due(
            hub.writable_store, change, subjects, acting, limits, client, recording=record
        )
        if not dry_run:
            done.raise_failure()
        return done

    def _customers(self, customers: Words, where: str | None) -> list[Subject]:
        from partnerctl.services.subjects import customer_subject, customers_matching

        store = self._hub.store
        if where is not None:
            return customers_matching(store, self._hub.asked(where=where))
        return [customer_subject(store, text) for text in words(customers)]


class Tags(ChangingNoun):
    """Tags of customers and of subscriptions (PH-T1)."""

    def list(self, **narrow: Unpack[Narrow]) -> Answer[TagCount]:
        """Return the tags, and how many customers and subscriptions carry each."""
        from partnerctl.services.tags import list_tags

        return held(list_tags(self._hub.store, self._hub.asked(**narrow)))

    def add(self, customers: Words = (), *tags: str, **how: Any) -> Done:
        """Add tags to customers by name or id, to those of ``where=QUERY``, or to ``subscription=ID``.

        `dry_run` plans alone; `max_changes` is 50. Raises UsageError, NotFound, Conflict, NotAllowed.
        """
        return self._change("add", customers, tags, **how)

    def remove(self, customers: Words = (), *tags: str, **how: Any) -> Done:
        """Take tags away, as `add` adds them."""
        return self._change("remove", customers, tags, **how)

    def set(self, customers: Words = (), *tags: str, **how: Any) -> Done:
        """Put tags in the place of all, as `add` adds them; with no tag, clear them."""
        return self._change("set", customers, tags, **how)

    def _change(
        self,
        mode: Literal["add", "remove", "set"],
        customers: Words,
        tags: Iterable[str],
        *,
        where: str | None = None,
        subscription: str | None = None,
        max_changes: int = MAX_CHANGES,
        dry_run: bool = False,
    ) -> Done:
        from partnerctl.services.subjects import subscription_subject
        from partnerctl.services.tags import tag_change

        subjects = self._customers(customers, where)
        if subscription is not None:
            subjects = [subscription_subject(self._hub.store, subscription)]
        return self._carry_out(tag_change(mode, tuple(tags)), subjects, max_changes, dry_run)


class Admins(ChangingNoun):
    """Partner administrators (PH-A1 to PH-A3, PH-O3)."""

    def list(self, **narrow: Unpack[Narrow]) -> Answer[Admin]:
        """Return every partner administrator, by name."""
        from partnerctl.services.admins import list_admins

        return held(list_admins(self._hub.store, self._hub.asked(**narrow)))

    def of(self, customer: str) -> Answer[CustomerAdmin]:
        """Return the administrators who manage one customer; raises NotFound or Ambiguous."""
        from partnerctl.services.admins import admins_of

        store = self._hub.store
        return held(admins_of(store, find_customer(store, customer)))

    def add(
        self,
        customers: Words,
        email: str,
        *,
        where: str | None = None,
        max_changes: int = MAX_CHANGES,
        dry_run: bool = False,
    ) -> Done:
        """Put an administrator in charge of customers; raises Conflict for a role that sees all of them."""
        return self._assign("add", self._customers(customers, where), email, max_changes, dry_run)

    def remove(
        self,
        customers: Words,
        email: str,
        *,
        where: str | None = None,
        max_changes: int = MAX_CHANGES,
        dry_run: bool = False,
    ) -> Done:
        """Take customers away from an administrator; raises NotFound where they do not manage it."""
        return self._assign("remove", self._customers(customers, where), email, max_changes, dry_run)

    def grant(
        self,
        email: str,
        role: str,
        *,
        name: str | None = None,
        record: bool = False,
        dry_run: bool = False,
    ) -> Done:
        """Give somebody a role; raises UsageError for none, Conflict for the last full administrator.

        Webex publishes no way to do so: on a profile with a remote side `record` keeps it here alone.
        """
        from partnerctl.services.admins import role_change

        return self._carry_out(role_change(email, role, name), [Subject(email)], 1, dry_run, record)

    def revoke(self, email: str, *, dry_run: bool = False) -> Done:
        """Take every role and customer away; raises NotFound, Conflict for the last full administrator."""
        from partnerctl.services.admins import role_change

        return self._carry_out(role_change(email, None), [Subject(email)], 1, dry_run)

    def _assign(
        self,
        mode: Literal["add", "remove"],
        subjects: Sequence[Subject],
        email: str,
        max_changes: int,
        dry_run: bool,
    ) -> Done:
        from partnerctl.services.admins import assignment_change

        return self._carry_out(assignment_change(mode, (email,)), subjects, max_changes, dry_run)


class Trials(ChangingNoun):
    """Trials, as records of this store; Webex hears of none (PH-T3, PH-T4)."""

    def list(self, **narrow: Unpack[Narrow]) -> Answer[Subscription]:
        """Return the trials, those of Webex and those recorded here."""
        from partnerctl.services.subscriptions import list_subscriptions

        asked = replace(self._hub.asked(**narrow), options=(("kind", "trials", ("trial",)),))
        return held(list_subscriptions(self._hub.store, asked))

    def start(
        self,
        customer: str,
        products: Iterable[str],
        *,
        days: int = 30,
        email: str | None = None,
        new: bool = False,
        country: str | None = None,
        record: bool = False,
        dry_run: bool = False,
    ) -> Done:
        """Record a trial of ``["meetings=25"]``; its id is the object of the first step.

        Webex publishes no way to start one: on a profile with a remote side it takes `record`. Raises
        UsageError, NotFound, Conflict where a trial of a product runs, NotAllowed.
        """
        from partnerctl.services import trials

        store = self._hub.store
        change = trials.start_trial(tuple(products), days, email)
        if new:
            change, subjects = trials.for_new_customer(store, change, customer, country, many=False)
        else:
            trials.check_existing(customer, country, many=False)
            subjects = [Subject(customer, find_customer(store, customer))]
        return self._carry_out(change, subjects, 1, dry_run, record)

    def extend(self, trial: str, days: int, *, record: bool = False, dry_run: bool = False) -> Done:
        """Move the end of a local trial; raises Conflict for one of Webex, or one that has ended."""
        from partnerctl.services.trials import ExtendTrial

        return self._carry_out(ExtendTrial(days), [self._trial(trial)], 1, dry_run, record)

    def end(self, trial: str, *, record: bool = False, dry_run: bool = False) -> Done:
        """End a local trial today; raises Conflict for one of Webex."""
        from partnerctl.services.trials import EndTrial

        return self._carry_out(EndTrial(), [self._trial(trial)], 1, dry_run, record)

    def link(self, trial: str, subscription: str, *, dry_run: bool = False) -> Done:
        """Join a local trial to the subscription that it became; raises Conflict for another customer's."""
        from partnerctl.services.trials import LinkTrial

        change = LinkTrial(find_subscription(self._hub.store, subscription))
        return self._carry_out(change, [self._trial(trial)], 1, dry_run)

    def _trial(self, text: str) -> Subject:
        return _subject(self._hub.store, text)


def _subject(store: Store, text: str) -> Subject:
    subscription_id = find_subscription(store, text)
    return Subject(text, store.owner_of(subscription_id), subscription_id)
