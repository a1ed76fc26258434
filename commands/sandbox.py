"""``sandbox``: a fake Webex on this machine."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import click

from partnerctl.app import App
from partnerctl.errors import UsageError
from partnerctl.options import DAY, REGION, Command, OutputOptions, output_options

if TYPE_CHECKING:
    from partnerctl.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that runs: the base of its API, a token for it, and how it was made."""

    api_url: str
    token: str
    client_id: str
    customers: int
    seed: int
    as_of: date


@click.command(
    "sandbox",
    cls=Command,
    examples=(
        "partnerctl sandbox",
        "partnerctl sandbox --customers 2000 --seed 3 --port 0",
        "partnerctl sandbox --faults 429:0.1,500:0.05,slow:0.1,truncate:0.02,html:0.02",
        "partnerctl --profile sandbox sync",
    ),
)
@click.option("--port", type=click.IntRange(0, 65535), default=8099, help="0: a free one; default: 8099.")
@click.option("--customers", type=click.IntRange(0, 20_000), default=500, help="How many; default: 500.")
@click.option("--seed", type=int, default=7, help="The same seed and day give the same data; default: 7.")
@click.option("--as-of", type=DAY, help="The newest day of the data; default: today.")
@click.option(
    "--faults", metavar="KIND:SHARE,...", default="", help="Faults, and the share of requests of each."
)
@click.option(
    "--rate", type=click.IntRange(1, 1_000_000), help="Requests that a minute allows; default: all."
)
@click.option("--latency", metavar="TIME", default="0s", help="How long each answer takes, such as 50ms.")
@click.option("--token-life", metavar="TIME", default="14d", help="How long an access token is good.")
@click.option(
    "--report-delay", type=click.IntRange(0, 1000), default=2, help="Polls before a report is done."
)
@click.option("--region-fails", type=REGION, multiple=True, help="A region whose reports fail (repeatable).")
@output_options
@click.pass_obj
def command(
    app: App,
    output: OutputOptions,
    port: int,
    customers: int,
    seed: int,
    as_of: date | None,
    faults: str,
    rate: int | None,
    latency: str,
    token_life: str,
    report_delay: int,
    region_fails: tuple[str, ...],
) -> None:
    """Serve a fake Webex on this machine, to test scripts against.

    It has the customers of the demo, answers only this machine, and forgets every change when it ends. Ctrl-C
    ends it. stdout tells the address and a token, stderr how to use them.
    """
    from partnerctl.sandbox.faults import Faults
    from partnerctl.sandbox.serving import check_extra
    from partnerctl.sandbox.world import World

    world = World(
        seed,
        customers,
        as_of=as_of or app.today,
        clock=app.clock,
        faults=Faults.parse(faults),
        report_delay=report_delay,
        failing_regions=region_fails,
        rate_limit=rate,
        token_life=_seconds("--token-life", token_life),
        latency=_seconds("--latency", latency),
    )
    check_extra()
    _serve(app, output, world, port)


def _serve(app: App, output: OutputOptions, world: World, port: int) -> None:
    from partnerctl.sandbox.exchange import BASE
    from partnerctl.sandbox.grants import CLIENT_ID
    from partnerctl.sandbox.serving import listen, make_server, root_of

    with listen(port) as listener:
        api_url = f"{root_of(listener)}{BASE}"
        token = world.issue_token()
        told = Sandbox(api_url, token, CLIENT_ID, world.customers, world.seed, world.as_of)
        app.show_one(told, output)
        sys.stdout.flush()  # whoever waits for the address reads it now, not when this ends
        app.note(
            "in another shell:",
            f"  export PARTNERCTL_API_URL={api_url} PARTNERCTL_TOKEN={token}",
            "  partnerctl --profile sandbox sync",
            "Ctrl-C ends the sandbox",
        )
        with suppress(KeyboardInterrupt):
            make_server(world).run(sockets=[listener])


def _seconds(option: str, text: str) -> float:
    from partnerctl.config.kinds import read_duration

    try:
        return read_duration(text)
    except ValueError as fault:
        raise UsageError(f"{option}: {text!r} {fault}") from None
