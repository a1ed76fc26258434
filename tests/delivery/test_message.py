"""What a mail looks like on its way, and that no name becomes a header."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerctl.delivery.composing import compose
from partnerctl.delivery.message import Attachment, Mail, identity_of
from partnerctl.domain.addresses import check_address
from partnerctl.errors import UsageError

MAIL = Mail(
    to=("ana@acme.example", "rui@acme.example"),
    sender="reports@acme.example",
    subject="Devices 2026-11-23 (weekly)",
    text="Devices, 2026-11-23\n\nRows:        2\n",
    at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    identity="0123456789",
)


def arrived(mail: Mail) -> EmailMessage:
    """Return the mail as a receiver reads it."""
    return message_from_bytes(compose(mail), policy=default)


def test_a_mail_as_it_is_sent() -> None:
    assert compose(MAIL) == (
        b"From: reports@acme.example\r\n"
        b"To: ana@acme.example, rui@acme.example\r\n"
        b"Subject: Devices 2026-11-23 (weekly)\r\n"
        b"Date: Mon, 23 Nov 2026 12:00:00 +0000\r\n"
        b"Message-ID: <0123456789.partnerctl@acme.example>\r\n"
        b"Auto-Submitted: auto-generated\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"MIME-Version: 1.0\r\n"
        b"\r\n"
        b"Devices, 2026-11-23\r\n"
        b"\r\n"
        b"Rows:        2\r\n"
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Devices 2026-11-23.csv", "text/csv"),
        ("Devices 2026-11-23.CSV", "text/csv"),
        ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.html", "text/html"),
        ("a.jsonl", "application/jsonl"),
        ("a.json", "application/json"),
        ("a.zip", "application/zip"),
        ("a.exe", "application/octet-stream"),
        ("csv", "application/octet-stream"),
        ("Relatório de subscrições à Ünternehmung.csv", "text/csv"),
        ('quo"ted; name="x".csv', "text/csv"),
        ("很长的名字" * 20 + ".csv", "text/csv"),
    ],
)
def test_a_file_keeps_its_name_its_type_and_its_bytes(name: str, kind: str) -> None:
    data = b"\xef\xbb\xbfa;b\r\n\x00\xff.\r\n.\n"
    (attached,) = arrived(replace(MAIL, attachment=Attachment(name, data))).iter_attachments()

    assert attached.get_filename() == name
    assert attached.get_content_type() == kind
    assert attached.get_payload(decode=True) == data


def test_a_name_that_is_not_ascii_is_written_as_rfc_2231_says() -> None:
    message = compose(replace(MAIL, attachment=Attachment("Relatório.csv", b"")))

    assert b"Content-Disposition: attachment; filename*=utf-8''Relat%C3%B3rio.csv\r\n" in message


HEADERS = arrived(MAIL).keys()


@given(st.text(), st.text())
def test_no_text_adds_a_header_or_a_line_that_is_not_ascii(subject: str, name: str) -> None:
    sent = compose(replace(MAIL, subject=subject, text=name, attachment=Attachment(name, b"x")))
    message = message_from_bytes(sent, policy=default)

    expected = [*HEADERS[:6], "MIME-Version", "Content-Type"]
    assert [key for key, _ in message.items()] == expected
    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    assert b"\n" not in sent.replace(b"\r\n", b"")
    assert len(list(message.iter_attachments())) == 1


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\0"]
)
def test_a_line_end_in_a_name_is_a_space(end: str) -> None:
    message = arrived(replace(MAIL, subject=f"Devices{end}Bcc: eve@acme.example"))

    assert message["Subject"] == "Devices Bcc: eve@acme.example"
    assert "Bcc" not in message


def test_text_in_any_language_arrives() -> None:
    subject, text = "Relatório 日本 " * 6 + "!", "Ação: 日本\n" + "x" * 2000 + "\n"
    message = arrived(replace(MAIL, subject=subject, text=text))

    assert message["Subject"] == subject
    assert message.get_content().replace("\r\n", "\n") == text


def test_many_receivers_are_all_named() -> None:
    receivers = tuple(f"{'very-' * 10}long-name-{number}@acme.example" for number in range(100))
    message = arrived(replace(MAIL, to=receivers))

    assert tuple(address.addr_spec for address in message["To"].addresses) == receivers


def test_sendmail_gets_the_line_ends_of_files() -> None:
    assert compose(MAIL, line_end="\n") == compose(MAIL).replace(b"\r\n", b"\n")


@pytest.mark.parametrize(
    "address", ["ana@acme.example", "a.b+c@acme.example", "o'neil@xn--mller-kva.example"]
)
def test_an_address(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "@acme.example",
        "ana@",
        "-oQ/tmp@acme.example",
        "ana@acme.example\nBcc: eve@acme.example",
        "ana@acme.example ",
        "Ana <ana@acme.example>",
        "ana@acme.example,rui@acme.example",
        "ána@acme.example",
        "ana@ácme.example",
        "a" * 250 + "@acme.example",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    for mail in ({"to": (address,)}, {"sender": address}):
        with pytest.raises(UsageError, match="is not an address for mail"):
            replace(MAIL, **mail)


def test_a_mail_needs_a_receiver() -> None:
    with pytest.raises(UsageError, match="the mail has no receiver"):
        replace(MAIL, to=())


def test_an_identity_is_the_same_for_the_same_and_another_for_others() -> None:
    same = {identity_of("weekly", "2026-11-23T08:00:00Z") for _ in range(3)}

    assert len(same) == 1
    assert len({identity_of(*parts) for parts in (("a", "bc"), ("ab", "c"), ("a", "b", "c"), ("abc",))}) == 4
