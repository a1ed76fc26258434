"""``init``: setting up the own organization, with a wizard on a terminal (PH-O1)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from partnerctl.app import App
from partnerctl.errors import Interrupted, UsageError
from partnerctl.options import REGION, ChangeOptions, Command, OutputOptions, change_options, output_options

if TYPE_CHECKING:
    from partnerctl.services.organization import Wanted

T = TypeVar("T")


@click.command(
    "init",
    cls=Command,
    examples=(
        "partnerctl init",
        "partnerctl init --name 'Acme Partner' --accept-terms --yes",
        "partnerctl init --name Acme --industry Telecoms --planned-users 50 --region EU --accept-terms --yes",
    ),
)
@click.option("--name", help="Name of your organization.")
@click.option("--industry", help="Type of industry.")
@click.option("--planned-users", type=click.IntRange(0, 10**9), metavar="N", help="Webex users planned.")
@click.option("--region", type=REGION, help="Region of its data: US, CA, EU or AE.")
@click.option("--org-id", metavar="ID", help="Organization id in Webex; default: a new one.")
@click.option("--accept-terms", is_flag=True, help="Accept the terms that the wizard shows.")
@change_options
@output_options
@click.pass_obj
def command(
    app: App, /, output: OutputOptions, change: ChangeOptions, accept_terms: bool, **given: Any
) -> None:
    """Set up your own organization.

    On a terminal it asks: the plan, the terms, the fields. Elsewhere it needs --name, --accept-terms and
    --yes. Where it was done before, it changes nothing. No other command needs it.
    """
    from partnerctl.services import organization

    found = organization.find_organization(app.store)
    if found is not None:
        app.show_one(found, output)
        app.note("it is set up already: nothing changed; `partnerctl org set` changes it")
        return
    wanted = organization.Wanted(**given)
    if sys.stdin.isatty():
        wanted = _wizard(app, wanted, change, accept_terms)
    else:
        _check_complete(wanted, change, accept_terms)
    store = app.store if change.dry_run else app.writable_store
    result = organization.set_up(store, wanted, app.acting(change.dry_run))
    app.show_one(result.organization, output)
    app.note("--dry-run: nothing was changed" if change.dry_run else _NEXT)


_NEXT = "it is set up; next: `partnerctl import FILE` reads your reports, `partnerctl demo` makes data to try"


def _check_complete(wanted: Wanted, change: ChangeOptions, accept_terms: bool) -> None:
    """Raise UsageError that names everything that is missing where nobody can be asked."""
    needed = {
        "--name": bool(wanted.name),
        "--accept-terms": accept_terms,
        "--yes": change.yes or change.dry_run,
    }
    missing = [option for option, given in needed.items() if not given]
    if missing:
        raise UsageError(
            f"without a terminal this needs {', '.join(missing)}",
            "partnerctl init --name 'Acme Partner' --accept-terms --yes",
        )


def _wizard(app: App, wanted: Wanted, change: ChangeOptions, accept_terms: bool) -> Wanted:
    """Ask at the terminal for what the options left open; with ``--yes`` only for what is needed."""
    if not accept_terms:
        from importlib.resources import files

        _say((files("partnerctl.templates") / "init.txt").read_text(encoding="utf-8"))
        if _ask("Do you accept these terms? [y/N]", str.lower) not in {"y", "yes"}:
            raise Interrupted("the terms were not accepted: nothing was set up")
    if not wanted.name:
        wanted = replace(wanted, name=_ask("Name of your organization:", _name))
    if change.yes:
        return wanted
    if wanted.industry is None:
        wanted = replace(wanted, industry=_ask("Type of industry (Enter: unknown):", str))
    if wanted.planned_users is None:
        wanted = replace(wanted, planned_users=_ask("Webex users planned (Enter: unknown):", _count))
    if wanted.region is None:
        wanted = replace(wanted, region=_ask("Region: US, CA, EU or AE (Enter: unknown):", _region))
    if not change.dry_run:
        app.confirm(f"Set up {wanted.name!r}?", change.yes)
    return wanted


def _ask(question: str, read: Callable[[str], T]) -> T:
    """Ask until the answer can be read; raises Interrupted where the input ends."""
    while True:
        _say(f"{question} ", end="")
        line = sys.stdin.readline()
        if not line:
            raise Interrupted("interrupted: nothing was set up")
        try:
            return read(line.strip())
        except ValueError as trouble:
            _say(str(trouble))


def _say(text: str, end: str = "\n") -> None:
    sys.stderr.write(text.rstrip("\n") + end)
    sys.stderr.flush()


def _name(text: str) -> str:
    if not text or not text.isprintable():
        raise ValueError("It needs a name.")
    return text


def _count(text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("Please give a whole number, or Enter.")
    return int(text) if text else None


def _region(text: str) -> str | None:
    from partnerctl.domain.regions import parse_region

    code = parse_region(text)
    if text and code is None:
        raise ValueError("Please give US, CA, EU or AE, or Enter.")
    return code
