"""``config``: show and change settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from partnerctl.app import App
from partnerctl.errors import UsageError
from partnerctl.options import OutputOptions, noun, output_options

command = noun(
    "config",
    "Show and change settings.",
    "partnerctl config show --origin",
    "partnerctl config set me ana@acme.example",
    "partnerctl config set customers.expiring_soon_days 45 --profile work",
    "partnerctl config unset me",
)


@dataclass(frozen=True, slots=True)
class SettingValue:
    """One setting, its value now, and where that comes from: a row of ``config show``."""

    name: str
    value: Any
    origin: str
    place: str | None
    variable: str | None


@command.command("show", examples=("partnerctl config show", "partnerctl config show --origin --json"))
@click.option("--origin", is_flag=True, help="Say where each value comes from.")
@output_options
@click.pass_obj
def show(app: App, output: OutputOptions, origin: bool) -> None:
    """Show every setting and its value.

    A flag wins over the environment, the environment over the profile, the profile over the default.
    """
    from partnerctl.output.render import Rows

    rows = [
        SettingValue(one.setting.name, one.shown, one.origin, one.place, one.setting.variable)
        for one in app.settings.resolved
    ]
    columns = ("name", "value", "origin", "place") if origin else ("name", "value")
    app.show(Rows(SettingValue, rows), output, table_fields=columns)


@command.command(
    "set",
    examples=(
        "partnerctl config set me ana@acme.example",
        "partnerctl config set language pt --profile brasil",
        "partnerctl config set profile brasil",
    ),
)
@click.argument("name", shell_complete=lambda _ctx, _param, text: _names(text))
@click.argument("value")
@click.pass_obj
def set_(app: App, name: str, value: str) -> None:
    """Set NAME to VALUE in the profile; `profile` itself is the one used from now on."""
    from partnerctl.config.loading import read_value
    from partnerctl.config.settings import changeable
    from partnerctl.config.writing import set_value

    setting = changeable(name)
    if name == "import.aliases":
        hint = 'write them into the file: [profiles.default.import.aliases] "Customer title" = "customer"'
        raise UsageError("import.aliases is a table, not one value", hint)
    read_value(setting, value)
    path = app.folders.config_file
    set_value(path, app.settings.profile, name, setting.store(value), app.settings.wait)
    app.note(f"{name} is set in {path}")


@command.command("unset", examples=("partnerctl config unset me",))
@click.argument("name", shell_complete=lambda _ctx, _param, text: _names(text))
@click.pass_obj
def unset(app: App, name: str) -> None:
    """Take NAME out of the profile: its default counts again."""
    from partnerctl.config.settings import changeable
    from partnerctl.config.writing import unset_value

    changeable(name)
    path = app.folders.config_file
    was_there = unset_value(path, app.settings.profile, name, app.settings.wait)
    app.note(f"{name} is no longer set in {path}" if was_there else f"{name} was not set in {path}")


@command.command("path", examples=("partnerctl config path",))
@click.pass_obj
def path(app: App) -> None:
    """Print the path of the configuration file, whether or not it exists."""
    click.echo(app.folders.config_file)


def _names(text: str) -> list[str]:
    from partnerctl.config.settings import TABLE

    return [setting.name for setting in TABLE if not setting.fixed and setting.name.startswith(text)]
