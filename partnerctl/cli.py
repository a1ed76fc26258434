"""The door: the table of commands, and the one place that catches and exits."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from partnerctl.app import App
from partnerctl.errors import ExitCode, Interrupted, PartnerctlError, UsageError
from partnerctl.failures import report, report_unexpected
from partnerctl.options.classes import Group
from partnerctl.streams import flushed, prepare_streams

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class CommandEntry(NamedTuple):
    """Where a command lives, and its line in the program's help."""

    module: str
    help: str


COMMANDS: dict[str, CommandEntry] = {
    "demo": CommandEntry(
        "partnerctl.commands.demo",
        "Make seeded demo data: customers, subscriptions, 26 weeks of licenses, devices and more.",
    ),
    "import": CommandEntry(
        "partnerctl.commands.imports",
        "Import report files of Partner Hub, canonical files, and files of Webex Calling.",
    ),
    "export": CommandEntry(
        "partnerctl.commands.export", "Write everything the store knows as canonical files, ENTITY.csv."
    ),
    "init": CommandEntry("partnerctl.commands.init", "Set up your own organization."),
    "org": CommandEntry("partnerctl.commands.org", "Show and change your own organization."),
    "roles": CommandEntry("partnerctl.commands.roles", "List the partner administrator roles."),
    "regions": CommandEntry("partnerctl.commands.regions", "List the regions in which customer data lives."),
    "customers": CommandEntry(
        "partnerctl.commands.customers", "See customers, their statuses, and who needs attention."
    ),
    "subscriptions": CommandEntry(
        "partnerctl.commands.subscriptions", "See subscriptions and trials: when they end, what is used."
    ),
    "licenses": CommandEntry("partnerctl.commands.licenses", "See license figures: bought, assigned, used."),
    "changes": CommandEntry(
        "partnerctl.commands.changes", "Show what changed: customers, subscriptions, licenses, tags."
    ),
    "kpis": CommandEntry(
        "partnerctl.commands.kpis",
        "See license analytics: what expires, renews, is not assigned, is over the limit.",
    ),
    "calling": CommandEntry(
        "partnerctl.commands.calling",
        "See calling analytics: usage, quality, endpoints, features, queues, week by week.",
    ),
    "today": CommandEntry(
        "partnerctl.commands.today",
        "See the customers that need a person now, the most urgent first, with the reasons.",
    ),
    "tags": CommandEntry(
        "partnerctl.commands.tags", "Tag customers and subscriptions, to group them your own way."
    ),
    "trials": CommandEntry(
        "partnerctl.commands.trials", "Start, see, extend and end trials, as records of this store."
    ),
    "admins": CommandEntry(
        "partnerctl.commands.admins",
        "See and change partner administrators: roles, and who manages which customer.",
    ),
    "users": CommandEntry(
        "partnerctl.commands.users", "See the people of your own organization, or of a customer."
    ),
    "reports": CommandEntry("partnerctl.commands.reports", "Write reports as files, by templates."),
    "schedules": CommandEntry(
        "partnerctl.commands.schedules", "See and run reports at set times; `reports schedule` makes them."
    ),
    "runs": CommandEntry("partnerctl.commands.runs", "Show the history of report runs, and prune it."),
    "mail": CommandEntry(
        "partnerctl.commands.mail", "Test that reports can be sent by mail, and keep the password for it."
    ),
    "auth": CommandEntry(
        "partnerctl.commands.auth", "Sign in to Webex, sign out, and see who you are there."
    ),
    "sync": CommandEntry("partnerctl.commands.sync", "Fetch what Webex knows of your customers."),
    "sandbox": CommandEntry(
        "partnerctl.commands.sandbox", "Serve a fake Webex on this machine, to test scripts against."
    ),
    "resources": CommandEntry("partnerctl.commands.resources", "Find help: links, guides, support."),
    "store": CommandEntry(
        "partnerctl.commands.store", "Look after the store: what it knows, backups, checks."
    ),
    "calls": CommandEntry(
        "partnerctl.commands.calls", "Look after the calling records: what there is of each kind, pruning."
    ),
    "audit": CommandEntry("partnerctl.commands.audit", "Show who changed what, and when."),
    "undo": CommandEntry(
        "partnerctl.commands.undo", "Take back an import or a change, as if it had never been made."
    ),
    "doctor": CommandEntry(
        "partnerctl.commands.doctor", "Check Python, folders, configuration, store and clock."
    ),
    "config": CommandEntry("partnerctl.commands.config", "Show and change settings."),
    "completion": CommandEntry("partnerctl.commands.completion", "Print the completion script of a shell."),
    "help": CommandEntry("partnerctl.commands.help", "Explain a topic."),
}
"""Every command: the module whose ``command`` it is, and that command's help, word for word.

A module is imported when its command is called; help and completion read this table alone.
"""


class _ReaderGone(Exception):
    """Whoever read the output has closed it, as ``| head`` does."""


class Root(Group):
    """The program: its commands are the table's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, importing its module; None where the table has none."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = import_module(entry.module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands and their help, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Parse the words, which is where help and version are printed; see ``invoke``."""
        try:
            return super().make_context(*args, **kwargs)
        except BrokenPipeError as fault:
            raise _ReaderGone from fault

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader that went away is told in our words, for click would exit with 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as fault:
            raise _ReaderGone from fault

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Return the options and commands that start with what is typed, from the table alone."""
        from click.shell_completion import CompletionItem

        options = click.Command.shell_complete(self, ctx, incomplete)
        names = [name for name in COMMANDS if name.startswith(incomplete)]
        return [*(CompletionItem(name, help=COMMANDS[name].help) for name in names), *options]


root = Root(
    "partnerctl",
    help="See which Webex partner customers need attention.",
    examples=(
        "partnerctl import ~/Downloads",
        "partnerctl customers list",
        "partnerctl customers filter status:expiring_soon --json",
        "partnerctl reports run subscription-details",
    ),
    subcommand_metavar="NOUN VERB ...",
)


def main(args: Sequence[str] | None = None) -> int:
    """Run one command line (by default this process's) and return its exit code."""
    # records come by the thousand and hold no cycles: looking for some takes a tenth of a list's time
    gc.set_threshold(100_000, 50, 100)
    words = list(sys.argv[1:] if args is None else args)
    prepare_streams()
    app = App()
    try:
        try:
            result = root.main(args, prog_name="partnerctl", standalone_mode=False, obj=app)
            sys.stdout.flush()
        finally:
            app.close()
    except (BrokenPipeError, _ReaderGone):
        code: int = ExitCode.DONE
    except PartnerctlError as failure:
        code = report(failure, words)
    except click.ClickException as failure:
        code = report(_in_our_words(failure), words)
    except (click.Abort, KeyboardInterrupt):
        code = report(Interrupted("interrupted"), words)
    except UnicodeEncodeError as fault:  # text is text up to here: only a word or a file name can lack it
        code = report(UsageError(f"{fault.object!r} is not UTF-8 text", "write it in UTF-8"), words)
    except Exception as fault:  # noqa: BLE001 - no traceback reaches a user (cli.md)
        code = report_unexpected(fault, words, app.folders.state, app.clock.now())
    else:
        code = result if isinstance(result, int) else app.exit_code
    return flushed(code)


def _in_our_words(failure: click.ClickException) -> PartnerctlError:
    """Return click's complaint as one of ours, with the nearest names as its hint."""
    context = getattr(failure, "ctx", None)
    hint = f"see `{context.command_path} --help`" if context else None
    possibilities = getattr(failure, "possibilities", None)
    if possibilities:
        hint = f"did you mean {' or '.join(possibilities)}?"
    reason = failure.message if possibilities else failure.format_message()
    reason = " ".join(reason.split())
    for word in ("a valid integer range", "a valid integer"):
        reason = reason.replace(word, "a whole number")
    return UsageError((reason[:1].lower() + reason[1:]).rstrip("."), hint)
