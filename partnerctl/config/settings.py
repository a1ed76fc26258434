"""The settings, each one row of a table that loader, ``config show``, ``help environment`` and docs read.

The values of this room are named tuples: every command loads them, and a dataclass takes five times as
long to define.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from partnerctl.config import kinds
from partnerctl.domain.urgency_rules import UrgencyRules
from partnerctl.errors import UsageError

if TYPE_CHECKING:
    from decimal import Decimal

    from partnerctl.domain.calling.place import CallingPlace
    from partnerctl.domain.statuses import StatusRules


class Setting(NamedTuple):
    """One setting: its name, how its values are read, its default, and what it is for.

    `fixed` settings cannot stand in a file: they are given per call. `default` is the value where nobody
    says otherwise; None where it is worked out, or where there is none.
    """

    name: str
    read: kinds.Read
    help: str
    default: Any = None
    fixed: bool = False
    environment: bool = True

    def store(self, text: str) -> Any:
        """Return what a file holds for `text`: a number where one is meant, else the text."""
        value = self.read(text)
        return value if isinstance(value, int) else text.strip()

    @property
    def variable(self) -> str | None:
        """Return the environment variable of this setting; None where it has none."""
        if not self.environment:
            return None
        return "PARTNERCTL_" + self.name.upper().replace(".", "_").replace("-", "_")


_URGENCY = UrgencyRules()
_TODAY: dict[str, tuple[kinds.Read, str, int]] = {
    "ending_days": (kinds.read_days, "today: how many days ahead an end counts", _URGENCY.ending_days),
    **{
        name: (kinds.read_points, f"today: points at most, {what}", getattr(_URGENCY, name))
        for name, what in (
            ("points_suspended", "for a suspended subscription"),
            ("points_ending", "for the nearest end"),
            ("points_ending_licenses", "for the licenses assigned in what ends"),
            ("points_over_limit", "for licenses over the limit"),
            ("points_low_assignment", "for low assignment"),
            ("points_unassigned", "for licenses bought of which none is assigned"),
            ("points_inactive", "for administrators who do not sign in"),
            ("points_order_setup", "for an order that is not set up yet"),
        )
    },
}
"""The settings of ``today``, named and ordered as `UrgencyRules` has them."""

TABLE: tuple[Setting, ...] = (
    Setting("profile", kinds.read_profile, "the profile: its settings and its store", "default"),
    Setting(
        "store",
        kinds.read_text,
        "URL of the store, such as sqlite:///PATH; default: a file in the data folder",
    ),
    Setting("wait", kinds.read_duration, "how long to wait for another writer", 30.0),
    Setting("me", kinds.read_email, "your own address: what managed_by 'me' means, and who made a change"),
    Setting("language", kinds.read_language, "language of report headers and titles: en or pt", "en"),
    Setting(
        "timezone", kinds.read_zone, "time zone of the date in report file names; default: this machine's"
    ),
    Setting(
        "customers.expiring_soon_days", kinds.read_days, "an end within these days is 'expiring soon'", 30
    ),
    Setting(
        "customers.inactive_after_days", kinds.read_days, "no administrator for these days: 'inactive'", 90
    ),
    Setting(
        "kpis.low_assignment_factor",
        kinds.read_factor,
        "assignment is low below this share of the median customer's",
        "0.5",
    ),
    *(Setting(f"today.{name}", *row) for name, row in _TODAY.items()),
    Setting(
        "import.aliases",
        kinds.read_aliases,
        "more header texts of files, and the keys they mean",
        environment=False,
    ),
    Setting(
        "mail.transport",
        kinds.read_transport,
        "how mail is sent: sendmail, smtp://USER@HOST or smtps://USER@HOST",
        "sendmail",
    ),
    Setting("mail.from", kinds.read_email, "the sender of mail; default: me"),
    Setting(
        "mail.password",
        kinds.read_password_place,
        "where the mail server's password is: keyring, environment or file:/PATH",
        environment=False,  # PARTNERCTL_MAIL_PASSWORD is the password itself
    ),
    Setting("remote", kinds.read_remote, "the remote side: webex, or none"),
    Setting("api_url", kinds.read_api_url, "the base of the Webex API", "https://webexapis.com/v1"),
    Setting("auth.client_id", kinds.read_word, "the id of your Webex integration, for `auth login`"),
    Setting(
        "auth.redirect_uri",
        kinds.read_redirect_uri,
        "the redirect URI that your integration has registered",
        "http://localhost:8791/callback",
    ),
    Setting("auth.scopes", kinds.read_text, "the scopes to ask for, with blanks between; default: all used"),
    Setting(
        "auth.storage",
        kinds.read_token_place,
        "where tokens are kept: keyring or file:/PATH; `auth login` writes it",
        environment=False,  # PARTNERCTL_TOKEN is a token itself
    ),
    Setting("sync.connections", kinds.read_connections, "connections to Webex at once", 8),
    Setting("sync.rate", kinds.read_rate, "requests to Webex in a second, at most", 50),
    Setting("sync.budget", kinds.read_budget, "how long a sync may take in all", 7200.0),
    Setting(
        "sync.products",
        kinds.read_aliases,
        "more license names of Webex, and the products they mean",
        environment=False,
    ),
    Setting("inbox.dir", kinds.read_folder, "folder in which report files arrive"),
    Setting(
        "calling.path",
        kinds.read_folder,
        "folder of call records and the like; default: in the data folder",
    ),
    Setting(
        "calling.room_models",
        kinds.read_list,
        "what the model of a room device contains, with commas between",
        "Room, Board, Desk, Codec, SX, MX, DX",
    ),
    Setting("quiet", kinds.read_boolean, "no notes and no progress on stderr", False, fixed=True),
    Setting("verbose", kinds.read_boolean, "more notes on stderr", False, fixed=True),
    Setting("debug", kinds.read_boolean, "HTTP and SQL on stderr, secrets masked", False, fixed=True),
    Setting("no_color", kinds.read_boolean, "no colours (also NO_COLOR, TERM=dumb)", False, fixed=True),
)
"""Every setting, in the order in which ``config show`` lists them."""

BY_NAME: dict[str, Setting] = {setting.name: setting for setting in TABLE}
"""Every setting by its name."""


class Resolved(NamedTuple):
    """The value of one setting, and where it came from: ``flag``, ``environment``, ``profile``, ``default``.

    `place` names the variable or the file.
    """

    setting: Setting
    value: Any
    origin: str
    place: str | None = None

    @property
    def shown(self) -> Any:
        """Return the value as ``config show`` has it: durations in seconds, passwords masked."""
        if self.setting.read in (kinds.read_duration, kinds.read_budget):
            return f"{self.value:g}s"
        return mask_password(self.value) if self.setting.name == "store" else self.value


def mask_password(url: str) -> str:
    """Return the URL with ``***`` for a user's name and password."""
    import re

    return re.sub(r"://[^/\s@]*@", "://***@", url)


def changeable(name: str) -> Setting:
    """Return the setting of that name; raises UsageError where there is none that a file may hold."""
    setting = BY_NAME.get(name)
    if setting is not None and not setting.fixed:
        return setting
    if setting is not None:
        raise UsageError(
            f"{name} is given per call", f"use --{name.replace('_', '-')} or {setting.variable}=1"
        )
    from partnerctl.domain.folding import did_you_mean

    hint = did_you_mean(
        name,
        [setting.name for setting in TABLE if not setting.fixed],
        "`partnerctl config show` lists the settings",
    )
    raise UsageError(f"there is no setting {name!r}", hint)


class Settings(NamedTuple):
    """The settings of one call. `wait` and `sync_budget` are in seconds; `rate` is in requests a second.

    `timezone` is None for this machine's own zone. `mail_password` and `token_storage` are places of
    secrets, never secrets themselves.
    """

    profile: str
    store: str
    wait: float
    me: str | None
    language: str
    timezone: str | None
    expiring_soon_days: int
    inactive_after_days: int
    low_assignment_factor: str
    urgency: UrgencyRules
    aliases: Mapping[str, str]
    mail_transport: str
    mail_from: str | None
    mail_password: str | None
    remote: str | None
    api_url: str
    client_id: str | None
    redirect_uri: str
    scopes: str | None
    token_storage: str | None
    connections: int
    rate: int
    sync_budget: float
    license_names: Mapping[str, str]
    inbox_dir: str | None
    calling_path: str
    room_models: tuple[str, ...]
    quiet: bool
    verbose: bool
    debug: bool
    no_color: bool
    resolved: tuple[Resolved, ...]

    @property
    def low_factor(self) -> Decimal:
        """Return the factor of low assignment, exactly."""
        from decimal import Decimal

        return Decimal(self.low_assignment_factor)

    @property
    def calling_place(self) -> CallingPlace:
        """Return where calling records are kept, and by what rules they are counted."""
        from pathlib import Path

        from partnerctl.domain.calling.place import CallingPlace

        return CallingPlace(Path(self.calling_path).expanduser(), self.room_models, self.wait)

    @property
    def status_rules(self) -> StatusRules:
        """Return the settings on which statuses of customers rest."""
        from partnerctl.domain.statuses import StatusRules

        return StatusRules(self.expiring_soon_days, self.inactive_after_days)
