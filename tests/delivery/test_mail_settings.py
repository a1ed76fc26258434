"""The settings of mail: none of them is a password, and one that is written there is not repeated."""

from pathlib import Path

import pytest

from partnerctl.config.folders import find_folders
from partnerctl.config.loading import load_settings
from partnerctl.config.settings import Settings
from partnerctl.errors import InvalidData, UsageError

SECRET = "s3cret-pässword"


def settings(folder: Path, environ: dict[str, str] | None = None, *, file: str = "") -> Settings:
    """Load the settings of an environment and of a file that says that of the profile."""
    folders = find_folders({"PARTNERCTL_HOME": str(folder)})
    folders.config.mkdir(parents=True)
    folders.config_file.write_text(f"[profiles.default.mail]\n{file}\n", encoding="utf-8")
    return load_settings({}, environ or {}, folders)


def test_the_settings_of_mail_without_anything(tmp_path: Path) -> None:
    found = settings(tmp_path)

    assert (found.mail_transport, found.mail_from, found.mail_password) == ("sendmail", None, None)


def test_the_variable_with_the_password_is_not_the_setting_that_says_where_it_is(tmp_path: Path) -> None:
    found = settings(tmp_path, {"PARTNERCTL_MAIL_PASSWORD": SECRET})

    assert found.mail_password is None
    assert SECRET not in repr(found)


@pytest.mark.parametrize("place", ["keyring", "environment", "file:/run/secrets/mail", "file:~/mail"])
def test_a_place_of_the_password(tmp_path: Path, place: str) -> None:
    assert settings(tmp_path, file=f'password = "{place}"').mail_password == place


@pytest.mark.parametrize("text", [SECRET, "file:", "file:relative/path", "Keyring", "file"])
def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidData) as caught:
        settings(tmp_path, file=f'password = "{text}"')

    assert caught.value.reason == (
        f"{tmp_path}/config/config.toml, line 2: profiles.default.mail.password: mail.password is the place"
        " of the password, never the password itself: keyring, environment or file:/PATH"
    )


@pytest.mark.parametrize(
    "text",
    [
        "sendmail",
        "sendmail:/opt/mail/sendmail",
        "sendmail:~/bin/sendmail",
        "smtp://smtp.acme.example",
        "smtp://ana@smtp.acme.example:587",
        "smtps://ana@acme.example@smtp.acme.example/",
        "smtp://ana%3Ab@localhost:25",
        "smtps://[::1]:465",
        "smtp://mail_relay:25",
    ],
)
def test_a_way_to_send_mail(tmp_path: Path, text: str) -> None:
    assert settings(tmp_path, {"PARTNERCTL_MAIL_TRANSPORT": text}).mail_transport == text


@pytest.mark.parametrize(
    "url",
    [
        f"smtp://ana:{SECRET}@smtp.acme.example:587",
        f"smtps://ana@acme.example:{SECRET}@smtp.acme.example",
        f"smtp://:{SECRET}@smtp.acme.example",
        f"smtp://ana:{SECRET}/@x@smtp.acme.example",
    ],
)
def test_a_password_in_the_url_is_refused_and_not_repeated(tmp_path: Path, url: str) -> None:
    reason = (
        "mail.transport holds a password, which belongs in the keyring (`partnerctl mail password`),"
        " in PARTNERCTL_MAIL_PASSWORD, or in a file that mail.password names"
    )
    with pytest.raises(UsageError) as by_variable:
        settings(tmp_path / "a", {"PARTNERCTL_MAIL_TRANSPORT": url})
    with pytest.raises(InvalidData) as by_file:
        settings(tmp_path / "b", file=f'transport = "{url}"')

    assert by_variable.value.reason == f"PARTNERCTL_MAIL_TRANSPORT: {reason}"
    assert (
        by_file.value.reason
        == f"{tmp_path}/b/config/config.toml, line 2: profiles.default.mail.transport: {reason}"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"ana:{SECRET}@smtp.acme.example",
        f"smtp:ana:{SECRET}@smtp.acme.example",
        f"smtp://{SECRET}@",
        "smtp://",
        "smtp://ana@",
        "smtp://host:port",
        "smtp://two words",
        "http://smtp.acme.example",
        "sendmail:",
        "sendmail:bin/sendmail",
        "/usr/sbin/sendmail",
    ],
)
def test_what_is_no_way_to_send_mail_is_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        settings(tmp_path, {"PARTNERCTL_MAIL_TRANSPORT": text})

    assert SECRET not in caught.value.reason
    assert caught.value.reason == (
        "PARTNERCTL_MAIL_TRANSPORT: mail.transport is none of sendmail, sendmail:/PATH,"
        " smtp://[USER@]HOST[:PORT] and smtps://[USER@]HOST[:PORT]"
    )


@pytest.mark.parametrize(
    ("text", "fine"), [("/srv/inbox", True), ("~/inbox", True), ("inbox", False), ("~nobody-here/x", False)]
)
def test_the_inbox_is_a_folder_that_means_the_same_everywhere(tmp_path: Path, text: str, fine: bool) -> None:
    environ = {"PARTNERCTL_INBOX_DIR": text}
    if fine:
        assert settings(tmp_path, environ).inbox_dir == text
    else:
        with pytest.raises(UsageError, match="is not an absolute path, nor one that starts with ~"):
            settings(tmp_path, environ)
