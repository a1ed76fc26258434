"""``mail``: whether mail can be sent, and the password of the mail server."""

from __future__ import annotations

import sys

import click

from partnerctl.app import App
from partnerctl.options import OutputOptions, noun, output_options

command = noun(
    "mail",
    "Test that reports can be sent by mail, and keep the password for it.",
    "partnerctl config set mail.transport smtp://ana@smtp.acme.example:587",
    "partnerctl mail password",
    "partnerctl mail test --to ana@acme.example",
)


@command.command(
    "test",
    examples=(
        "partnerctl mail test",
        "partnerctl mail test --to ana@acme.example --to rui@acme.example --json",
    ),
)
@click.option("--to", multiple=True, metavar="ADDRESS", help="Who gets it (repeatable); default: me.")
@output_options
@click.pass_obj
def test(app: App, output: OutputOptions, to: tuple[str, ...]) -> None:
    """Send a small mail, and print how it went out.

    It goes the way that reports go: `mail.transport` says how, `mail.from` from whom. A program such as
    sendmail takes a mail without knowing whether it will arrive.
    """
    from partnerctl.services.mailing import send_test

    result = send_test(to, app.settings, app.clock)
    app.show_one(result.sent, output)
    result.check()


@command.command(
    "password",
    examples=(
        "partnerctl mail password",
        "pass show mail/acme | partnerctl mail password",
        "partnerctl mail password --remove",
    ),
)
@click.option("--remove", is_flag=True, help="Take it out of the keyring instead.")
@click.pass_obj
def password(app: App, remove: bool) -> None:
    """Keep the mail server's password in the keyring.

    It is typed at the terminal, unseen, or read from standard input, one line. It belongs to the user and
    the server of `mail.transport`. Where there is no keyring, PARTNERCTL_MAIL_PASSWORD may hold it, or a
    file of yours that `mail.password` names.
    """
    from partnerctl.config.credentials import forget_mail_password, store_mail_password
    from partnerctl.options.secrets import piped_secret, typed_secret
    from partnerctl.services.mailing import mail_account

    account = mail_account(app.settings)
    if remove:
        was_there = forget_mail_password(account)
        app.note(f"the keyring {'no longer holds the' if was_there else 'held no'} password of {account}")
        return
    if sys.stdin.isatty():
        password = typed_secret("password", account, exact=True)
    else:
        password = piped_secret("password", exact=True)
    store_mail_password(account, password)
    app.note(f"the keyring holds the password of {account}")
    if app.settings.mail_password != "keyring":
        app.note("next: `partnerctl config set mail.password keyring`, then `partnerctl mail test`")
