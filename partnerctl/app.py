"""The composition root: what a command receives. Settings, clock, store and actor are made on first use."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from partnerctl.errors import ExitCode, Interrupted, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from partnerctl.clock import Clock, Stopwatch
    from partnerctl.config.folders import Folders
    from partnerctl.config.settings import Settings
    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.output.chart import Chart
    from partnerctl.output.dashboard import Dashboard
    from partnerctl.output.render import AnswerLike
    from partnerctl.output.shape import ListingOptions, OutputOptions, Shape
    from partnerctl.remote.client import Client
    from partnerctl.services.acting import Acting
    from partnerctl.services.questions import Asked
    from partnerctl.stores.contract import Store

WIDE = 120
"""Columns from which on a terminal has room for a table's usual columns."""

default_clock: Clock | None = None
"""The clock of every App that is given none, instead of the real one; tests put a fixed one here."""


class App:
    """One call of the program: what it was told, what it works with, where it writes.

    `flags` fills while the command line is parsed, by the names of the settings, and the last word wins;
    so nothing here may be used before the command itself runs. `exit_code` is what the call ends with
    where no error does: a command sets it to ``ExitCode.CHECK_FAILED`` or ``ExitCode.PARTLY_DONE``.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.flags: dict[str, Any] = {}
        self.exit_code = ExitCode.DONE
        self._clock = clock or default_clock

    @cached_property
    def clock(self) -> Clock:
        """The clock that tells now and today."""
        from partnerctl.clock import SystemClock

        return self._clock or SystemClock()

    @cached_property
    def folders(self) -> Folders:
        """Where configuration, data, state and reports are kept."""
        from partnerctl.config.folders import find_folders

        return find_folders(os.environ)

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises UsageError for a bad flag or variable, InvalidData for a bad file."""
        from partnerctl.config.loading import load_settings

        return load_settings(self.flags, os.environ, self.folders)

    def do_without_bad_configuration(self) -> None:
        """Take the defaults where the configuration file is bad: for what must run all the same."""
        from partnerctl.config.loading import load_settings
        from partnerctl.errors import InvalidData, MachineFault

        try:
            self.settings  # noqa: B018 - read for the first time
        except (InvalidData, MachineFault):
            nowhere = self.folders._replace(config=self.folders.config / "nowhere")
            self.settings = load_settings(self.flags, os.environ, nowhere)

    @cached_property
    def store(self) -> Store:
        """The store, for reading: one that does not exist reads as empty and is not created."""
        return self._opened(create=False)

    @cached_property
    def writable_store(self) -> Store:
        """The store, for changes: created, with its folder, where it does not exist."""
        return self._opened(create=True)

    def _opened(self, create: bool) -> Store:
        from partnerctl.clock import timestamp
        from partnerctl.stores.opening import open_store

        at = timestamp(self.clock.now())  # also a reader may have to bring an older store up to date
        settings = self.settings
        return open_store(settings.store, wait=settings.wait, create=create, at=at, trace=self.tracer)

    @cached_property
    def stopwatch(self) -> Stopwatch:
        """What waits for Webex: the real time that passes."""
        from partnerctl.services.webex.side import usual_stopwatch

        return usual_stopwatch()

    @cached_property
    def has_remote(self) -> bool:
        """Tell whether the profile has a remote side."""
        from partnerctl.services.webex.side import has_remote

        return has_remote(self.settings, os.environ)

    def remote(self, budget: float = 60.0) -> Client:
        """Return a client of the profile's remote side, which may take `budget` seconds in all.

        Raises UsageError where the profile has none, Conflict where the store holds made data.
        """
        from partnerctl.services.webex.side import open_client, refuse_made_data

        client = open_client(
            self.settings,
            os.environ,
            self.folders,
            self.clock,
            self.stopwatch,
            self.tracer,
            budget,
            self.warn,
        )
        refuse_made_data(self.store, self.settings)
        return client

    def close(self) -> None:
        """Close the stores that were opened."""
        for name in ("store", "writable_store"):
            store = self.__dict__.pop(name, None)
            if store is not None:
                store.close()

    @property
    def today(self) -> date:
        """The present day in UTC."""
        return self.clock.now().date()

    @cached_property
    def actor(self) -> str:
        """Who acts, as the audit names them: the setting ``me``, else the name of the machine's user."""
        if self.settings.me:
            return self.settings.me
        import getpass

        try:
            return getpass.getuser()
        except (KeyError, OSError, ImportError):  # a container without an entry for its user
            return "unknown"

    @property
    def calling_place(self) -> CallingPlace:
        """Where calling records are kept, and by what rules they are counted."""
        return self.settings.calling_place

    def acting(self, dry_run: bool = False) -> Acting:
        """Return who acts, now: the name for the audit, and the address by which rights are looked up."""
        from partnerctl.services.acting import Acting

        return Acting(self.actor, self.clock.now(), dry_run, self.settings.me)

    @property
    def demo(self) -> bool:
        """Tell whether the data is made: every table then says so."""
        opened = self.__dict__.get("store") or self.__dict__.get("writable_store")
        return self.settings.profile == "demo" or bool(opened and opened.fact("demo"))

    def asked(
        self, listing: ListingOptions, options: Sequence[tuple[str, str, tuple[str, ...]]] = ()
    ) -> Asked:
        """Return what the options of a list ask of a service; `options` are the list's own (`Asked`)."""
        from partnerctl.services.questions import Asked

        return Asked(
            self.today,
            where=listing.where,
            region=listing.region,
            sort=listing.sort,
            limit=listing.limit,
            as_of=listing.as_of,
            max_age=listing.max_age,
            options=tuple(options),
            rules=self.settings.status_rules,
            me=self.settings.me,
        )

    def shape(self, options: OutputOptions) -> Shape:
        """Return the shape of the output: format and fields as asked, width and colours of the terminal."""
        from partnerctl.output.shape import Shape
        from partnerctl.output.terminal import terminal_columns

        terminal = sys.stdout.isatty()
        return Shape(
            format=options.format,
            fields=options.fields,
            header=options.header,
            width=terminal_columns() if terminal else None,
            colour=terminal and self.colours,
            indent=terminal,
            demo=self.demo,
        )

    @property
    def colours(self) -> bool:
        """Tell whether colours are wanted: not with ``--no-color``, ``NO_COLOR`` or ``TERM=dumb``."""
        plain = self.settings.no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        return not plain

    def show(
        self,
        answer: AnswerLike,
        options: OutputOptions,
        table_fields: Sequence[str] | None = None,
        narrow_fields: Sequence[str] | None = None,
    ) -> None:
        """Write a list to stdout, then its notes to stderr.

        `table_fields` are a table's usual columns, `narrow_fields` those on a terminal below WIDE columns.
        """
        from partnerctl.output.render import render

        shape = self.shape(options)
        narrow = shape.width is not None and shape.width < WIDE
        notes = render(answer, shape, sys.stdout, (narrow and narrow_fields) or table_fields)
        limit, total = getattr(options, "limit", None), getattr(answer, "total", None)
        if limit is not None and total is not None and total > limit:
            self.note(f"showing {limit} of {total}")
        self.note(*notes, *getattr(answer, "notes", ()))

    def show_one(
        self,
        record: Any,
        options: OutputOptions,
        table_fields: Sequence[str] | None = None,
        sections: Mapping[str, Sequence[str]] | None = None,
        data_as_of: date | None = None,
    ) -> None:
        """Write one record to stdout. `sections` names the columns of the lists nested in it, in a table."""
        from partnerctl.output.render import render_one

        notes = render_one(record, self.shape(options), sys.stdout, table_fields, sections, data_as_of)
        self.note(*notes)

    def show_dashboard(self, shown: Dashboard, options: OutputOptions, notes: Sequence[str] = ()) -> None:
        """Write a dashboard to stdout, which is a table's shape, then its notes and `notes` to stderr."""
        from partnerctl.output.render import render_dashboard

        self.note(*render_dashboard(shown, self.shape(options), sys.stdout), *notes)

    def draw(self, chart: Chart) -> None:
        """Write a chart to stdout, above the table of what it shows."""
        from partnerctl.output.render import render_chart
        from partnerctl.output.shape import OutputOptions

        render_chart(chart, self.shape(OutputOptions()), sys.stdout)

    def show_page(
        self,
        record: Any,
        listed: str,
        row_type: type[Any],
        options: OutputOptions,
        notes: Sequence[str] = (),
    ) -> None:
        """Write a record that holds a list of others to stdout, in a program's shape, then `notes`."""
        from partnerctl.output.render import render_page

        render_page(record, listed, row_type, self.shape(options), sys.stdout)
        self.note(*notes)

    def note(self, *texts: str) -> None:
        """Write notes to stderr, a line each, unless ``--quiet``."""
        if not self.settings.quiet:
            for text in texts:
                _say(text)

    def warn(self, text: str) -> None:
        """Write a warning to stderr, also with ``--quiet``."""
        _say(f"warning: {text}")

    def detail(self, text: str) -> None:
        """Write a note to stderr that only ``--verbose`` and ``--debug`` ask for."""
        if self.settings.verbose or self.settings.debug:
            _say(text)

    @property
    def tracer(self) -> Callable[[str], None] | None:
        """The function that writes a line of ``--debug`` to stderr; None without ``--debug``."""
        return _trace if self.settings.debug else None

    def confirm(self, question: str, yes: bool) -> None:
        """Return where `yes` is given, or where somebody at a terminal answers ``y``.

        Raises UsageError without a terminal (it never waits for nobody), Interrupted for any other answer.
        """
        if not yes:
            _ask(question, " [y/N] ", {"y", "yes"})

    def confirm_typed(self, warning: str, word: str, yes: bool) -> None:
        """Return where `yes` is given, or where somebody at a terminal types `word`.

        Raises UsageError without a terminal, Interrupted for anything else.
        """
        if not yes:
            _ask(warning, f"\ntype {word} to go on: ", {word.lower()})


def _ask(question: str, prompt: str, agreed: set[str]) -> None:
    if not sys.stdin.isatty():
        raise UsageError(f"this needs a confirmation: {question}", "give --yes to confirm it")
    from partnerctl.output.terminal import harmless, harmless_lines

    sys.stderr.write(harmless(question) + harmless_lines(prompt))
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in agreed:
        raise Interrupted("not confirmed: nothing was changed")


def _say(text: str) -> None:
    from partnerctl.output.terminal import tell

    tell(text)


def _trace(text: str) -> None:
    _say(f"debug: {text}")
