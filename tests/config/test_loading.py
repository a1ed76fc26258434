"""Where settings come from: flag, environment, profile, default."""

from pathlib import Path
from typing import Any

import pytest

from partnerctl.config.folders import Folders, find_folders
from partnerctl.config.loading import load_settings
from partnerctl.config.settings import Settings
from partnerctl.errors import InvalidData, MachineFault, UsageError


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return find_folders({"PARTNERCTL_HOME": str(tmp_path)})


def write(folders: Folders, text: str) -> None:
    folders.config.mkdir(parents=True)
    folders.config_file.write_text(text, encoding="utf-8")


def origins(settings: Settings) -> dict[str, tuple[Any, str]]:
    return {one.setting.name: (one.value, one.origin) for one in settings.resolved}


def test_without_anything_the_defaults_count(folders: Folders) -> None:
    settings = load_settings({}, {}, folders)

    assert settings.profile == "default"
    assert settings.store == f"sqlite:///{folders.data.as_posix()}/default.db"
    assert (settings.wait, settings.language, settings.me, settings.timezone) == (30.0, "en", None, None)
    assert (settings.expiring_soon_days, settings.inactive_after_days) == (30, 90)
    assert dict(settings.aliases) == {}
    assert {origin for _, origin in origins(settings).values()} == {"default"}


def test_each_wins_over_the_next(folders: Folders) -> None:
    write(folders, '[profiles.default]\nwait = "1m"\nme = "ana@acme.example"\nlanguage = "pt"\n')
    settings = load_settings(
        {"wait": "5s"}, {"PARTNERCTL_WAIT": "10s", "PARTNERCTL_ME": "rui@acme.example"}, folders
    )

    found = origins(settings)
    assert found["wait"] == (5.0, "flag")
    assert found["me"] == ("rui@acme.example", "environment")
    assert found["language"] == ("pt", "profile")
    assert found["timezone"] == (None, "default")


def test_an_empty_variable_says_nothing(folders: Folders) -> None:
    assert load_settings({}, {"PARTNERCTL_WAIT": ""}, folders).wait == 30.0


def test_the_file_chooses_the_profile(folders: Folders) -> None:
    write(folders, 'profile = "work"\n[profiles.work.customers]\nexpiring_soon_days = 45\n')

    assert load_settings({}, {}, folders).expiring_soon_days == 45
    assert load_settings({"profile": "other"}, {}, folders).expiring_soon_days == 30


def test_aliases_are_a_table(folders: Folders) -> None:
    write(folders, '[profiles.default.import.aliases]\n"Kunde" = "customer"\n')

    assert load_settings({}, {}, folders).aliases == {"Kunde": "customer"}


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("PARTNERCTL_WAIT", "soon", "PARTNERCTL_WAIT: 'soon' is not a duration such as 30s, 2m or 1h"),
        ("PARTNERCTL_ME", "ana", "PARTNERCTL_ME: 'ana' is not an address such as ana@acme.example"),
        (
            "PARTNERCTL_TIMEZONE",
            "Mars/X",
            "PARTNERCTL_TIMEZONE: 'Mars/X' is not a time zone such as Europe/Lisbon",
        ),
        ("PARTNERCTL_LANGUAGE", "fr", "PARTNERCTL_LANGUAGE: 'fr' is not one of en, pt"),
        (
            "PARTNERCTL_PROFILE",
            "../x",
            "PARTNERCTL_PROFILE: '../x' is not a profile name: letters, digits, - and _",
        ),
        ("PARTNERCTL_QUIET", "maybe", "PARTNERCTL_QUIET: 'maybe' is neither true nor false"),
    ],
)
def test_a_bad_variable_is_wrong_usage(folders: Folders, variable: str, value: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings({}, {variable: value}, folders)

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[profiles.default]\nme = \n", "line 2: is not valid TOML: Invalid value"),
        ('x = 1\n[profiles.default]\nme = "a@b.example"\n', "line 1: x: is not known here"),
        (
            '# mine\n\n[profiles.default]\nlanguage = "fr"\n',
            "line 4: profiles.default.language: 'fr' is not one of",
        ),
        (
            "[profiles.a]\n[profiles.b.customers]\nexpiring_soon_day = 3\n",
            "line 3: profiles.b.customers.expiring_",
        ),
        (
            "[profiles.a.customers]\ninactive_after_days = 0\n",
            "line 2: profiles.a.customers.inactive_after_days: 0",
        ),
        ("[profiles.a]\nquiet = true\n", "line 2: profiles.a.quiet: is no setting"),
        ('[profiles."a/b"]\n', "line 1: profiles.a/b: 'a/b' is not a profile name"),
        ("profiles = 3\n", "line 1: profiles: is not a table"),
        ("[profiles]\na = 3\n", "line 2: profiles.a: is not a table"),
        ("[profiles.a]\nimport = 3\n", "line 2: profiles.a.import: is no setting"),
        ("[profiles.a.import.aliases]\nKunde = 3\n", "line 1: profiles.a.import.aliases:"),
        ('me = "ana@acme.example"\n', "line 1: me: is not known here"),
    ],
)
def test_a_bad_file_is_named_with_line_and_field(folders: Folders, text: str, place: str) -> None:
    write(folders, text)

    with pytest.raises(InvalidData) as caught:
        load_settings({}, {}, folders)

    assert caught.value.reason.startswith(f"{folders.config_file}, {place}")


def test_a_file_that_is_no_text_is_named(folders: Folders) -> None:
    folders.config.mkdir()
    folders.config_file.write_bytes(b"\xff\xfe")

    with pytest.raises(InvalidData, match="is not UTF-8 text"):
        load_settings({}, {}, folders)


def test_a_file_that_cannot_be_read_is_the_machine(folders: Folders) -> None:
    folders.config_file.mkdir(parents=True)

    with pytest.raises(MachineFault, match="cannot read"):
        load_settings({}, {}, folders)


def test_without_a_home_the_platform_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    folders = find_folders({})

    assert all(path.is_absolute() and "partnerctl" in path.parts for path in folders)
