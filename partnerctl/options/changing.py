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
    app: Any,
    change: Change,
    subjects: Sequence[Subject],
    bulk: BulkOptions,
    output: OutputOptions,
    recording: bool = False,
) -> Done:
    """Make a change, and say what became of it: its plan, what failed, and how to take it back.

    On a profile with a remote side it goes there first; `recording` keeps here what cannot be done there.
    Raises as `services.bulk.carry_out`, and PartlyDone where some of many failed, after all was printed.
    """
    from partnerctl.options.waiting import progress
    from partnerctl.services import bulk as changes

    limits = changes.Limits(bulk.many, bulk.max_changes, bulk.atomic, bulk.allow_empty)
    store = app.store if bulk.dry_run or not subjects else app.writable_store
    acting = app.acting(bulk.dry_run)
    client = app.remote if app.has_remote else None
    with progress(app, change.action) as step:
        done = changes.carry_out_where_due(
            store, change, subjects, acting, limits, client, step, recording=recording
        )
    if bulk.many or bulk.dry_run:
        _show_plan(app, done, bulk, output)
    _say(app, done, bulk)
    return done


def push_tags(app: Any, subjects: Sequence[Subject], bulk: BulkOptions, output: OutputOptions) -> Done:
    """Send the tags of this store to Webex, those of `subjects`, and say what became of it."""
    from partnerctl.options.waiting import progress
    from partnerctl.services.bulk import Limits
    from partnerctl.services.tags import TagChange
    from partnerctl.services.webex.tags import TagPush, places_to_push
    from partnerctl.services.webex.write_through import carry_out_remotely

    store = app.store if bulk.dry_run else app.writable_store
    places = places_to_push(store, subjects)
    change = TagPush(app.remote(), store, TagChange("add", ()))
    limits = Limits(True, bulk.max_changes, bulk.atomic, allow_empty=True)
    with progress(app, change.action, len(places)) as step:
        done = carry_out_remotely(store, change, places, app.acting(bulk.dry_run), limits, step)
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
    elif done.in_webex and not count:
        app.note("nothing to change in Webex: it is so already; this store follows")
    elif done.in_webex:
        app.note(f"changed {_objects(count)} in Webex and in this store")
    else:
        app.note(f"changed {_objects(count)}; take it back with: partnerctl undo {done.run_id}")
    done.raise_failure()


def _objects(count: int) -> str:
    return "1 object" if count == 1 else f"{count} objects"
