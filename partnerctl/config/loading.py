"""Loading the settings: flag before environment before profile before default (``cli.md``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partnerctl.config.files import Configuration, read_configuration
from partnerctl.config.folders import Folders
from partnerctl.config.kinds import SecretRefused
from partnerctl.config.settings import TABLE, Resolved, Setting, Settings
from partnerctl.domain.urgency_rules import UrgencyRules
from partnerctl.errors import InvalidData, UsageError


def load_settings(flags: Mapping[str, Any], environ: Mapping[str, str], folders: Folders) -> Settings:
    """Return the settings of one call.

    `flags` holds what the command line said, by the names of the settings. Raises UsageError for a bad
    flag or variable, InvalidData for a bad configuration file.
    """
    configuration = _configuration(folders)
    profile = _profile(flags, environ, configuration)
    name = str(profile.value)
    resolved = [profile]
    for setting in TABLE[1:]:
        one = _resolve(setting, flags, environ, configuration, name)
        if setting.name == "store" and one.value is None:
            one = one._replace(value=default_store(folders, name))
        if setting.name == "calling.path" and one.value is None:
            one = one._replace(value=str(folders.data / f"{name}-calling"))
        resolved.append(one)
    values = {one.setting.name: one.value for one in resolved}
    return Settings(
        profile=name,
        store=values["store"],
        wait=values["wait"],
        me=values["me"],
        language=values["language"],
        timezone=values["timezone"],
        expiring_soon_days=values["customers.expiring_soon_days"],
        inactive_after_days=values["customers.inactive_after_days"],
        low_assignment_factor=values["kpis.low_assignment_factor"],
        urgency=UrgencyRules(*(values[f"today.{name}"] for name in UrgencyRules._fields)),
        aliases=values["import.aliases"] or {},
        mail_transport=values["mail.transport"],
        mail_from=values["mail.from"],
        mail_password=values["mail.password"],
        remote=values["remote"],
        api_url=values["api_url"],
        client_id=values["auth.client_id"],
        redirect_uri=values["auth.redirect_uri"],
        scopes=values["auth.scopes"],
        token_storage=values["auth.storage"],
        connections=values["sync.connections"],
        rate=values["sync.rate"],
        sync_budget=values["sync.budget"],
        license_names=values["sync.products"] or {},
        inbox_dir=values["inbox.dir"],
        calling_path=values["calling.path"],
        room_models=tuple(part.strip() for part in values["calling.room_models"].split(",")),
        quiet=values["quiet"],
        verbose=values["verbose"],
        debug=values["debug"],
        no_color=values["no_color"],
        resolved=tuple(resolved),
    )


def default_store(folders: Folders, profile: str) -> str:
    """Return the URL of a profile's own store."""
    return f"sqlite:///{(folders.data / f'{profile}.db').as_posix()}"


def _configuration(folders: Folders) -> Configuration:
    try:
        return read_configuration(folders.config_file)
    except SecretRefused as fault:
        raise InvalidData.at(str(folders.config_file), None, None, fault.reason, fault.hint) from fault


def _profile(flags: Mapping[str, Any], environ: Mapping[str, str], configuration: Configuration) -> Resolved:
    setting = TABLE[0]
    given = _given(setting, flags, environ)
    if given is None and configuration.profile is not None:
        given = Resolved(setting, configuration.profile, "file", str(configuration.path))
    return given or Resolved(setting, setting.default, "default")


def _resolve(
    setting: Setting,
    flags: Mapping[str, Any],
    environ: Mapping[str, str],
    configuration: Configuration,
    profile: str,
) -> Resolved:
    given = _given(setting, flags, environ)
    if given is not None:
        return given
    values = configuration.profiles.get(profile, {})
    if setting.name in values:
        return Resolved(
            setting, values[setting.name], "profile", f"{configuration.path} [profiles.{profile}]"
        )
    return Resolved(setting, setting.default, "default")


def _given(setting: Setting, flags: Mapping[str, Any], environ: Mapping[str, str]) -> Resolved | None:
    if flags.get(setting.name) is not None:
        return Resolved(setting, _read(setting, flags[setting.name], f"--{setting.name}"), "flag")
    variable = setting.variable
    if variable and environ.get(variable):
        return Resolved(setting, _read(setting, environ[variable], variable), "environment", variable)
    return None


def _read(setting: Setting, value: Any, place: str) -> Any:
    try:
        return setting.read(value)
    except SecretRefused as fault:
        reason = fault.reason if place == setting.name else f"{place}: {fault.reason}"
        raise UsageError(reason, fault.hint) from fault
    except ValueError as fault:
        raise UsageError(f"{place}: {value!r} {fault}") from fault


def read_value(setting: Setting, text: str) -> Any:
    """Return the value that `text` means for a setting, as ``config set`` takes it; raises UsageError."""
    return _read(setting, text, setting.name)
