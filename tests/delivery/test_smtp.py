"""A conversation with a mail server, good and bad; the server is on this machine."""

import base64
import ssl
import traceback
from datetime import UTC, datetime
from typing import Any

import pytest

from partnerctl.delivery.composing import compose
from partnerctl.delivery.delivering import deliver
from partnerctl.delivery.message import Attachment, Mail
from partnerctl.delivery.refusing import TooLarge
from partnerctl.delivery.transport import Limits, Refusal, Server
from partnerctl.errors import MachineFault, NotAllowed, PartnerctlError, TimedOut, Unavailable
from tests.delivery.smtp_server import serving, trusting

pytestmark = pytest.mark.usefixtures("loopback")

MAIL = Mail(
    to=("ana@acme.example", "rui@acme.example"),
    sender="reports@acme.example",
    subject="Devices 2026-11-23",
    text=".a line with a dot first\nand another\n",
    at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    identity="0123456789",
)
PASSWORD = "pässword-of-ana"
PATIENT = Limits(step=20, accept=20, whole=60)
QUICK = Limits(step=0.3, accept=0.3, whole=20)


def sent(
    port: int,
    *,
    mail: Mail = MAIL,
    host: str = "mail.acme.example",
    user: str | None = None,
    tls_first: bool = False,
    context: ssl.SSLContext | None = None,
    limits: Limits = PATIENT,
) -> tuple[Refusal, ...]:
    """Send a mail to the server at that port, and return who was refused."""
    server = Server(host, port, user, tls_first)
    return deliver(mail, server, PASSWORD if user else None, context or trusting(), limits)


def failed(
    kind: type[PartnerctlError], *, sign_in: str | None = None, limits: Limits = PATIENT, **behaviour: Any
) -> str:
    """Send a mail to a server that behaves like that, and return the reason why it failed."""
    with serving(**behaviour) as server, pytest.raises(kind) as caught:
        sent(server.port, user=sign_in, limits=limits)
    assert type(caught.value) is kind
    assert server.mails == []
    return caught.value.reason.replace(str(server.port), "PORT")


def test_a_mail_arrives_byte_for_byte_and_encrypted() -> None:
    with serving() as server:
        assert sent(server.port) == ()

    assert server.mail.data == compose(MAIL)
    assert (server.mail.sender, server.mail.to) == (MAIL.sender, MAIL.to)
    assert (server.mail.encrypted, server.mail.user) == (True, None)
    assert server.heard[:3] == ["ehlo [127.0.0.1]", "STARTTLS", "ehlo [127.0.0.1]"]


def test_a_large_mail_goes_in_pieces_none_of_which_takes_long() -> None:
    large = Mail(**{**as_words(MAIL), "attachment": Attachment("devices.csv", bytes(range(256)) * 20_000)})
    with serving() as server:
        sent(server.port, mail=large)

    (attached,) = server.mail.message.iter_attachments()
    assert attached.get_payload(decode=True) == bytes(range(256)) * 20_000


def as_words(mail: Mail) -> dict[str, Any]:
    """Return the fields of a mail by their names."""
    return {name: getattr(mail, name) for name in Mail.__slots__}


def test_smtps_is_encrypted_from_the_start() -> None:
    with serving(tls_first=True, starttls=False) as server:
        sent(server.port, tls_first=True)

    assert server.mail.encrypted
    assert "STARTTLS" not in server.heard


@pytest.mark.parametrize("kinds", ["PLAIN LOGIN", "LOGIN"])
def test_the_password_is_given_once_the_line_is_encrypted(kinds: str) -> None:
    with serving(extensions=(f"AUTH {kinds}",), user=("ana@acme.example", PASSWORD)) as server:
        sent(server.port, user="ana@acme.example")

    assert server.mail.user == ("ana@acme.example", PASSWORD)
    order = [line.split()[0] for line in server.heard]
    assert order.index("STARTTLS") < order.index("AUTH")


def test_this_machine_needs_no_encryption() -> None:
    with serving(starttls=False, user=("ana", PASSWORD)) as server:
        sent(server.port, host="localhost", user="ana")
        sent(server.port, host="127.0.0.1", user="ana")

    assert [mail.encrypted for mail in server.mails] == [False, False]


def test_a_name_that_leads_to_this_machine_is_not_this_machine() -> None:
    reason = failed(NotAllowed, starttls=False)

    assert reason == "mail.acme.example:PORT offers no encryption (STARTTLS), so nothing was sent to it"


def test_nothing_is_sent_to_a_server_without_encryption() -> None:
    with serving(starttls=False) as server, pytest.raises(NotAllowed):
        sent(server.port, user="ana")

    assert [line.split()[0] for line in server.heard] == ["ehlo"]


def test_an_attacker_cannot_take_the_offer_of_encryption_back() -> None:
    reason = failed(NotAllowed, replies={"STARTTLS": "454 TLS not available"})

    assert "offers no encryption" in reason


def test_what_an_attacker_says_before_the_encryption_is_forgotten_after_it() -> None:
    smuggled = "220 go on\r\n250-mail.acme.example\r\n250 AUTH PLAIN"

    reason = failed(NotAllowed, extensions=(), replies={"STARTTLS": smuggled}, sign_in="ana")

    assert reason == "mail.acme.example:PORT offers no sign-in with a password (PLAIN or LOGIN)"


def test_a_certificate_that_nobody_trusts_ends_it() -> None:
    with serving() as server, pytest.raises(MachineFault, match="is not trusted here: self-signed") as caught:
        sent(server.port, context=ssl.create_default_context())

    assert server.mails == []
    assert caught.value.hint is not None


def test_a_certificate_for_another_name_ends_it() -> None:
    with serving() as server, pytest.raises(MachineFault, match=r"not valid for 'other\.acme\.example'"):
        sent(server.port, host="other.acme.example")


def test_a_port_that_speaks_in_the_clear_is_no_port_for_smtps() -> None:
    with serving() as server, pytest.raises(Unavailable, match="found no encryption: WRONG_VERSION_NUMBER"):
        sent(server.port, tls_first=True)


@pytest.mark.parametrize(
    ("verb", "answer", "kind", "reason"),
    [
        ("GREETING", "554 no service", NotAllowed, "did not greet: 554 no service"),
        ("GREETING", "421 too busy", Unavailable, "did not greet: 421 too busy"),
        ("EHLO", "502 unknown", NotAllowed, "refused: 500 what?"),
        ("MAIL", "451 4.3.0 later", Unavailable, "takes no mail from reports@acme.example: 451 4.3.0 later"),
        ("MAIL", "550 5.7.1 no", NotAllowed, "takes no mail from reports@acme.example: 550 5.7.1 no"),
        ("MAIL", "552 5.3.4 too big", TooLarge, "takes no mail from reports@acme.example: 552 5.3.4 too big"),
        ("RCPT", "550 5.1.1 who?", NotAllowed, "refused ana@acme.example, rui@acme.example: 550 5.1.1 who?"),
        ("RCPT", "450 greylisted", Unavailable, "refused ana@acme.example, rui@acme.example: 450 greylisted"),
        ("DATA", "451 disk full", Unavailable, "does not want the mail: 451 disk full"),
        ("END", "554 5.7.1 \x1b[31mspam", NotAllowed, "did not accept the mail: 554 5.7.1 [31mspam"),
        ("END", "451 4.7.1 slow down", Unavailable, "did not accept the mail: 451 4.7.1 slow down"),
        ("GREETING", "HTTP/1.1 400 Bad Request", Unavailable, "did not greet: it does not speak SMTP"),
    ],
)
def test_what_the_server_says_decides(
    verb: str, answer: str, kind: type[PartnerctlError], reason: str
) -> None:
    told = failed(kind, replies={verb: answer})

    assert told == f"mail.acme.example:PORT {reason}"


def test_a_mail_that_the_server_says_is_too_large_is_not_sent() -> None:
    size = len(compose(MAIL))

    reason = failed(TooLarge, extensions=("SIZE 100",))

    assert reason == f"mail.acme.example:PORT takes mail of 100 bytes, this one has {size}"


def test_who_is_not_refused_gets_the_mail() -> None:
    with serving(replies={"RCPT rui@acme.example": "550 5.1.1 no such user"}) as server:
        refused = sent(server.port)

    assert refused == (Refusal("rui@acme.example", "550 5.1.1 no such user"),)
    assert server.mail.to == ("ana@acme.example",)


def test_who_may_be_taken_later_makes_it_worth_trying_again() -> None:
    replies = {"RCPT ana@acme.example": "550 no such user", "RCPT rui@acme.example": "450 greylisted"}

    assert failed(Unavailable, replies=replies).endswith(": 450 greylisted")


VERBS = ["GREETING", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "END"]


@pytest.mark.parametrize("verb", VERBS)
def test_a_server_that_never_answers_is_not_waited_for(verb: str) -> None:
    reason = failed(TimedOut, limits=QUICK, silent_at=verb, sign_in="ana", user=("ana", PASSWORD))

    assert reason == "mail.acme.example:PORT did not answer in time"


@pytest.mark.parametrize("verb", VERBS)
def test_a_server_that_goes_away_may_come_back(verb: str) -> None:
    reason = failed(Unavailable, drop_at=verb, sign_in="ana", user=("ana", PASSWORD))

    assert reason.startswith(("mail.acme.example:PORT broke the connection", "cannot talk to mail.acme"))


def test_an_answer_without_an_end_is_cut_off() -> None:
    with (
        serving(drip_at="EHLO") as server,
        pytest.raises(TimedOut, match=r"for a mail$"),
    ):
        sent(server.port, limits=Limits(step=5, accept=5, whole=0.5))


def test_a_server_that_forgets_to_say_goodbye_has_the_mail_all_the_same() -> None:
    with serving(silent_at="QUIT") as server:
        assert sent(server.port, limits=QUICK) == ()

    assert server.mail.to == MAIL.to


def test_where_nobody_listens() -> None:
    with serving() as server:
        port = server.port

    with pytest.raises(Unavailable, match=f"cannot talk to mail.acme.example:{port}: Connection refused"):
        sent(port)


def test_a_name_that_nobody_knows() -> None:
    with pytest.raises(Unavailable) as caught:
        sent(587, host="mail.nowhere.example")

    assert (
        caught.value.reason == "the mail server mail.nowhere.example is not known: Name or service not known"
    )


def test_a_look_up_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as server:
        monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [server.over.wait(30)])
        with pytest.raises(TimedOut, match=r"^looking up mail"):
            sent(server.port, limits=QUICK)


def test_a_refused_password_is_in_no_words_of_the_error() -> None:
    with serving(user=("ana", "another")) as server, pytest.raises(NotAllowed) as caught:
        sent(server.port, user="ana")

    assert caught.value.reason == (
        f"mail.acme.example:{server.port} refused the user and the password of mail.transport: 535 5.7.8"
    )
    told = "".join(traceback.format_exception(caught.value))
    coded = base64.b64encode(f"\0ana\0{PASSWORD}".encode()).decode()
    assert PASSWORD not in told
    assert coded not in told


def test_a_server_that_cannot_check_passwords_now_may_be_tried_again() -> None:
    reason = failed(Unavailable, sign_in="ana", user=("ana", PASSWORD), replies={"AUTH": "454 4.7.0 later"})

    assert reason.endswith(" refused the user and the password of mail.transport: 454 4.7.0")


def test_a_server_that_wants_no_password_gets_none() -> None:
    with serving(extensions=("AUTH XOAUTH2",)) as server, pytest.raises(NotAllowed, match="PLAIN or LOGIN"):
        sent(server.port, user="ana")

    assert not any(line.startswith("AUTH") for line in server.heard)
