"""``demo``: made data of every kind, to try everything on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from partnerctl.app import App
from partnerctl.domain.report_words import LANGUAGES
from partnerctl.errors import UsageError
from partnerctl.options import DAY, PATH, Command, OutputOptions, output_options, progress


@click.command(
    "demo",
    cls=Command,
    examples=(
        "partnerctl demo",
        "partnerctl --profile demo customers list",
        "partnerctl demo --customers 1000 --seed 3 --as-of 2026-11-23",
        "partnerctl demo --write-reports reports --language pt",
    ),
)
@click.option("--customers", type=click.IntRange(1, 1_000_000), default=200, help="How many; default: 200.")
@click.option("--seed", type=int, default=7, help="The same seed and day give the same data; default: 7.")
@click.option("--as-of", type=DAY, help="The last day of the data; default: today.")
@click.option(
    "--write-reports",
    type=PATH,
    metavar="DIR",
    help="Write the data as report files instead.",
)
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of the report files.")
@output_options
@click.pass_obj
def command(
    app: App,
    output: OutputOptions,
    customers: int,
    seed: int,
    as_of: date | None,
    write_reports: Path | None,
    language: str | None,
) -> None:
    """Make seeded demo data: customers, subscriptions, 26 weeks of licenses, devices and more.

    It goes into the store of the profile `demo`; your own data is not touched.
    """
    from partnerctl.demo.made import make_demo

    app.flags["profile"] = "demo"
    if language is not None and write_reports is None:
        raise UsageError("--language goes with --write-reports DIR")
    demo = make_demo(seed, customers, as_of or app.today)
    if write_reports is not None:
        _write(app, output, demo, write_reports, language or "en")
        return
    from partnerctl.services.demo_store import fill_store

    with progress(app, "making data") as step:
        made = fill_store(app.writable_store, demo, app.clock, app.actor, step)
    app.show_one(made, output)
    app.note("try: partnerctl --profile demo customers list --where status:expiring_soon")


def _write(app: App, output: OutputOptions, demo: object, folder: Path, language: str) -> None:
    from partnerctl.demo.made import Demo
    from partnerctl.output.render import Rows
    from partnerctl.services.demo import DemoReport, write_demo_reports

    assert isinstance(demo, Demo)
    files = tuple(
        DemoReport(str(w.path), w.rows, w.bytes) for w in write_demo_reports(demo, folder, language)
    )
    app.show(Rows(DemoReport, files), output)
