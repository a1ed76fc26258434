"""The contract of a store, documented once: what services may ask of it. `sqlite` fulfils it.

Reads return frozen records as they come from the statement; they never wait for writers. Every method
may raise MachineFault (damaged file, disk full, no permission), and `unit` raises Locked. What goes in and
comes out is in `terms`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import date
    from pathlib import Path

    from partnerctl.domain.entities import Entity
    from partnerctl.domain.history import Value
    from partnerctl.domain.records import (
        Admin,
        AuditEntry,
        Change,
        Customer,
        CustomerAdmin,
        License,
        Order,
        Organization,
        ReportRun,
        Subscription,
        SyncedPart,
        TagCount,
        User,
    )
    from partnerctl.domain.slots import ScheduleState, Slot
    from partnerctl.domain.stepping import Step
    from partnerctl.domain.units import Brief, LicenseUnit, Scope, WeeklyChange
    from partnerctl.queries.fields import FieldTable
    from partnerctl.stores.analytics.trend import Trend
    from partnerctl.stores.analytics.urgent import Pressing, UnitState
    from partnerctl.stores.inventories import InventoryStaging as Inventory
    from partnerctl.stores.retracing import LaterWord
    from partnerctl.stores.slots import Slots
    from partnerctl.stores.staging import Staging as Staged
    from partnerctl.stores.terms import ChangeSpan, Found, Profile, Question, RunHead, Sighting
    from partnerctl.stores.unit import Unit

__all__ = ["Inventory", "Slots", "Staged", "Store", "Unit"]


class Store(Protocol):
    """A partner's data, local or on a server."""

    @property
    def path(self) -> Path | None:
        """The store's file; None for a store in memory."""

    def close(self) -> None:
        """Give everything back."""

    def unit(self) -> Unit:
        """Return a new unit of work, for one run's changes."""

    # Lists -----------------------------------------------------------------------------------------

    def fields(self, noun: str, as_of: bool) -> FieldTable:
        """Return what a query over a list may name.

        The lists: ``customers``, ``subscriptions``, ``licenses``, ``units``, ``users``.
        """

    def customers(self, question: Question) -> Found[Customer]:
        """Return customers (PH-C1)."""

    def subscriptions(self, question: Question) -> Found[Subscription]:
        """Return subscriptions and trials (PH-S1, PH-S2)."""

    def licenses(self, question: Question) -> Found[License]:
        """Return license rows, one per subscription and product (PH-S2)."""

    def users(self, question: Question) -> Found[User]:
        """Return the people that the store knows (PH-O2)."""

    def units(self, question: Question, scope: Scope) -> Found[LicenseUnit]:
        """Return the units of license analytics that are in `scope`, in no order (PH-K1 to PH-K7)."""

    def weekly_changes(
        self, subscriptions: Iterable[str], today: date, as_of: date | None
    ) -> dict[tuple[str, str], WeeklyChange]:
        """Return the changes within the week that ends on `today`, by subscription id and family (PH-K3)."""

    def briefs(self, question: Question, families: Sequence[str], horizon: date) -> Found[Brief]:
        """Return what the overview asks of every unit, running or not (PH-K1); `horizon` is its last day."""

    def trend(
        self, question: Question, families: Sequence[str], days: Sequence[date], old_after: int
    ) -> Trend:
        """Return the license figures of each day, by what was known on it (PH-K2).

        Days on which no figure had been taken for more than `old_after` days are told.
        """

    def pressing(self, question: Question) -> list[Pressing]:
        """Return the subscriptions, of anybody, that are suspended, in setup, ending or over the limit."""

    def unit_histories(
        self, subscriptions: Iterable[str], today: date
    ) -> dict[tuple[str, str], list[UnitState]]:
        """Return what units had until `today`, oldest first, by subscription id and family."""

    def first_day(self) -> date | None:
        """Return the first day on which any subscription was observed, None where none ever was."""

    def changes(self, question: Question, span: ChangeSpan) -> Found[Change]:
        """Return the changes of a period, or those learned after a number (``cli.md``, changes)."""

    def change_counts(self, question: Question, span: ChangeSpan) -> dict[str, int]:
        """Return how many changes there are of each kind, whatever the question's limit."""

    def last_change(self, question: Question, span: ChangeSpan) -> int:
        """Return the number of the last change within the question's limit, of more than it holds."""

    def newest_change(self) -> int:
        """Return a number beyond which no change was learned yet; 0 where none was."""

    def orders(self, subscription_id: str) -> tuple[Order, ...]:
        """Return the order history of one subscription, oldest first (PH-S3)."""

    def profile(self, org_id: str, as_of: date | None) -> Profile | None:
        """Return the further fields of one customer, or None where it is not known (on the day)."""

    def customer_admins(self, org_id: str, as_of: date | None) -> tuple[CustomerAdmin, ...]:
        """Return the administrators who are assigned to one customer, by address (PH-A1)."""

    def regions(self) -> dict[str | None, int]:
        """Return how many customers' data lives in each region; None is unknown (PH-O5)."""

    def customer_regions(self) -> dict[str, str | None]:
        """Return the region of every customer, by id; None is unknown."""

    def newest_day(self, entity: str | None, as_of: date | None) -> date | None:
        """Return the day of the newest data: of an inventory entity, or of customers and what they buy."""

    # What changes rest on -------------------------------------------------------------------------

    def member_sets(self, table: str, org_ids: Iterable[str]) -> dict[str, tuple[str | None, date | None]]:
        """Return the present sets of customers, by id: the text, and the newest day that spoke of it."""

    def sets_said_by(self, table: str, kinds: Iterable[str]) -> frozenset[str]:
        """Return the customers whose present set was last said by a run of one of those kinds."""

    def customer_cells(self, org_ids: Iterable[str], fields: tuple[str, ...]) -> dict[str, tuple[Value, ...]]:
        """Return fields of customers as they are now, by id; `fields` are columns, never words of a user."""

    def tag_spellings(self) -> dict[str, str]:
        """Return the spelling of every tag that somebody carries, by its folded form."""

    def tag_counts(self, as_of: date | None) -> list[TagCount]:
        """Return every tag with how many customers and subscriptions carry it, by name (PH-T1)."""

    def administrator(self, email: str) -> Admin | None:
        """Return one partner administrator, or None."""

    def administrators(self) -> list[Admin]:
        """Return every partner administrator, by address (PH-A3)."""

    def admin_role(self, email: str) -> str | None:
        """Return the role of an administrator, None for nobody."""

    def admin_last_seen(self, email: str) -> date | None:
        """Return the newest day on which a file or a change spoke of an administrator."""

    def customer_name(self, org_id: str) -> str | None:
        """Return the name of a customer, None where nobody knows it."""

    def admins_with(self, role: str) -> int:
        """Return how many administrators have a role."""

    def assigned_to(self, email: str) -> frozenset[str]:
        """Return the customers that are assigned to an administrator (PH-A2)."""

    def owner_of(self, subscription_id: str) -> str | None:
        """Return the customer that a subscription or trial belongs to."""

    def home_of(self, email: str) -> str | None:
        """Return the organization of a person, None where the store does not know them."""

    def running_trials(self, today: date) -> dict[str, dict[str, str]]:
        """Return the trials that run on a day: by customer, its products, each with a trial's id (PH-T4)."""

    # Finding one -----------------------------------------------------------------------------------

    def customer_names(self, folded: str, limit: int) -> list[tuple[str, str]]:
        """Return id and name of customers whose folded name is exactly `folded`, at most `limit`."""

    def customer_exists(self, org_id: str) -> bool:
        """Tell whether a customer of that id is known (and not merged into another)."""

    def merged_into(self, org_id: str) -> str | None:
        """Return the customer into which that one was merged, or None."""

    def all_customer_names(self) -> Iterator[tuple[str, str]]:
        """Yield id and name of every customer, to find the nearest to a mistyped one."""

    def subscription_exists(self, subscription_id: str) -> bool:
        """Tell whether a subscription or trial of that id is known."""

    def subscription_ids(self) -> Iterator[str]:
        """Yield the id of every subscription, to find the nearest to a mistyped one."""

    def addresses(self, pattern: str) -> Iterator[Sighting]:
        """Yield where addresses LIKE the folded `pattern` stand: users, admins, devices, phone-numbers."""

    # Reports and files -----------------------------------------------------------------------------

    def inventory_rows(
        self, entity: Entity, columns: tuple[str, ...], question: Question
    ) -> Iterator[tuple[Value, ...]]:
        """Yield an inventory's rows as files hold them, by customer's name and id."""

    def subscription_report(
        self, columns: tuple[str, ...], question: Question
    ) -> Iterator[tuple[Value, ...]]:
        """Yield the rows of the Subscription details report as text for files."""

    def inventory_regions(self, entity: Entity, question: Question) -> dict[str | None, int]:
        """Return how many rows ``inventory_rows`` yields of each region (PH-R4); None is unknown."""

    def subscription_regions(self, question: Question) -> dict[str | None, int]:
        """Return how many rows ``subscription_report`` yields of each region (PH-R4); None is unknown."""

    def exported(self, entity: Entity, *, history: bool) -> Iterator[tuple[Value, ...]]:
        """Yield the rows of an entity's canonical file; with `history`, ``as_of`` comes last."""

    # Runs, audit, upkeep ---------------------------------------------------------------------------

    def organization(self) -> Organization | None:
        """Return the partner's own organization, or None before it was set up."""

    def fact(self, name: str) -> str | None:
        """Return a fact of the store by its name, or None."""

    def run(self, run_id: int) -> RunHead | None:
        """Return one run, or None."""

    def report_runs(self, limit: int | None) -> Iterator[ReportRun]:
        """Yield runs of reports, newest first."""

    def report_run(self, run_id: int) -> ReportRun | None:
        """Return one run of a report, or None."""

    def slots(self) -> AbstractContextManager[Slots]:
        """Return the slots of schedules for changes, in one transaction that ends with the block (PH-R2).

        Raises Locked where another run holds the store.
        """

    def schedule_states(self) -> dict[str, ScheduleState]:
        """Return what is known of every schedule, by name."""

    def open_slots(self) -> list[Slot]:
        """Return the due times that have not ended, by due time and schedule."""

    def last_runs(self) -> dict[str, int]:
        """Return the id of the newest due time's run of each schedule, by name."""

    def synced_parts(self) -> list[SyncedPart]:
        """Return the last outcome of every part that was ever synced, by part, template and region."""

    def audit_entries(self, limit: int | None, customer: str | None = None) -> Iterator[AuditEntry]:
        """Yield changes, newest first; with the id of a `customer`, its own alone."""

    def counts(self) -> dict[str, int]:
        """Return how many rows each entity has."""

    def coverage(self) -> Iterator[tuple[str, str, int, int]]:
        """Yield entity, field, how many rows have a value, how many rows there are."""

    def check(self, step: Step = ...) -> Iterator[str]:
        """Yield a sentence for everything that is wrong with the store; nothing where all is well.

        `step` hears of how many more things were looked at.
        """

    def schema(self) -> int:
        """Return the number of the store's schema."""

    def observations(self, run_id: int) -> int:
        """Return how many observations the store holds of one run, rows of inventories included."""

    def later_words(self, run_id: int, since: int) -> Iterator[LaterWord]:
        """Yield what runs after `since` said of the same fields of the same things as this run."""

    def backup_to(self, path: Path) -> None:
        """Copy the store, as it is at this instant, into a new file."""
