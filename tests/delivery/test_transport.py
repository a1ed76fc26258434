"""What the setting ``mail.transport`` means."""

import pytest

from partnerctl.delivery.transport import Program, Server, Transport, parse_transport
from partnerctl.errors import UsageError


@pytest.mark.parametrize(
    ("text", "transport"),
    [
        ("sendmail", Program()),
        ("sendmail:/opt/mail/sendmail", Program("/opt/mail/sendmail")),
        ("smtp://mail.acme.example", Server("mail.acme.example", 587)),
        ("smtp://ana@mail.acme.example:2525", Server("mail.acme.example", 2525, "ana")),
        ("smtps://mail.acme.example", Server("mail.acme.example", 465, None, True)),
        (
            "smtps://ana@acme.example@mail.acme.example/",
            Server("mail.acme.example", 465, "ana@acme.example", True),
        ),
        ("smtp://ana%3Ax@mail.acme.example", Server("mail.acme.example", 587, "ana:x")),
        ("smtp://[::1]:25", Server("::1", 25)),
    ],
)
def test_each_form(text: str, transport: Transport) -> None:
    assert parse_transport(text) == transport


@pytest.mark.parametrize(
    ("transport", "shown"),
    [
        (Program(), "sendmail"),
        (Program("/opt/sendmail"), "sendmail:/opt/sendmail"),
        (Server("mail.acme.example", 587, "ana"), "smtp://ana@mail.acme.example:587"),
        (Server("::1", 465, None, True), "smtps://[::1]:465"),
    ],
)
def test_how_it_is_shown(transport: Transport, shown: str) -> None:
    assert str(transport) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "smtp://",
        "smtp://host:99999",
        "smtp://host:0",
        "smtp://ana:secret@host",
        "http://host",
        "smtp://[::1",
    ],
)
def test_what_is_no_server_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_transport(text)

    assert caught.value.reason == "mail.transport names no mail server"


def test_whose_password_a_server_wants() -> None:
    assert Server("mail.acme.example", 587, "ana").account == "ana@mail.acme.example"
    assert Server("mail.acme.example", 587).account is None
