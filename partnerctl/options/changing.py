"""Making a change from the command line: who acts, on what, what is printed, how it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from partnerctl.options.bulk import BulkOptions
    from partnerctl.output.shape import OutputOptions
    from partnerctl.services.bulk import Change, Done, Subject


def customers_chosen(app: Any, named: str | None, bulk: BulkOptions) -> list[Subject]:
    """Return the customers to change: the one that is named, those of the query, or those of the file."""
    from partnerctl.services import subjects

    if bulk.input is not None:
        return _in_file(app, bulk, subjects.CUSTOMER_KEYS, subjects.customer_subject)
    if bulk.many:
        return subjects.customers_matching(app.store, _asked(app, bulk))
    return [] if named is None else [subjects.customer_subject(app.store, named)]


def trials_chosen(app: Any, named: str | None, bulk: BulkOptions) -> list[Subject]:
    """Return the trials to change: the one that is named, those of the query, or those of the file."""
    from partnerctl.services import subjects

    if bulk.input is not None:
        return _in_file(app, bulk, subjects.SUBSCRIPTION_KEYS, subjects.subscription_subject)
    if bulk.many:
        return subjects.trials_matching(app.store, _asked(app, bulk))
    return [] if named is None else [subjects.subscription_subject(app.store, named)]


def _in_file(
    app: Any, bulk: BulkOptions, keys: Sequence[str], resolve: Callable[[Any, str], Subject]
) -> list[Subject]:
    from partnerctl.services.subjects import subjects_in

    assert bulk.input is not None
    return subjects_in(bulk.input, keys, lambda text: resolve(app.store, text))


def _asked(app: Any, bulk: BulkOptions) -> Any:
    from partnerctl.output.shape import ListingOptions

    return app.asked(ListingOptions(where=bulk.where, region=bulk.region))


def carry_out(
    app: Any, change: Change, subjects: Sequence[Subject], bulk: BulkOptions, output: OutputOptions
) -> Done:
    """Make a change, and say what became of it: its plan, what failed, and how to take it back.

    Raises as `services.bulk.carry_out`, and PartlyDone where some of many failed, after all was printed.
    """
    from partnerctl.options.waiting import progress
    from partnerctl.services import bulk as changes

    limits = changes.Limits(bulk.many, bulk.max_changes, bulk.atomic, bulk.allow_empty)
    store = app.store if bulk.dry_run or not subjects else app.writable_store
    with progress(app, change.action) as step:
        done = changes.carry_out(store, change, subjects, app.acting(bulk.dry_run), limits, step)
    if bulk.many or bulk.dry_run:
        _show_plan(app, done, bulk, output)
    _say(app, done, bulk)
    return done


def _show_plan(app: Any, done: Done, bulk: BulkOptions, output: OutputOptions) -> None:
    from partnerctl.domain.records import Planned
    from partnerctl.output.render import Rows

    app.show(Rows(Planned, done.planned(with_problems=bulk.dry_run)), output)


def _say(app: Any, done: Done, bulk: BulkOptions) -> None:
    count = len(done.changed)
    if bulk.dry_run:
        app.note(f"dry run: {_objects(count)} would change; nothing was changed")
        return
    for failed in done.failed:
        app.warn(f"{failed.object}: {failed.fault.reason}" if failed.fault else failed.object)
    if done.run_id is None:
        app.note("nothing to change: it is so already")
    else:
        app.note(f"changed {_objects(count)}; take it back with: partnerctl undo {done.run_id}")
    done.raise_failure()


def _objects(count: int) -> str:
    return "1 object" if count == 1 else f"{count} objects"
