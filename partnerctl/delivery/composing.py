"""The message that a mail becomes on its way; no name can smuggle a header into it."""

from __future__ import annotations

from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from pathlib import PurePath
from typing import Any

from partnerctl.delivery.message import Attachment, Mail, one_line, seen

_LONGEST_SUBJECT = 200

TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
"""The types of the files that reports are, by the ends of their names; any other is a stream of bytes."""


def compose(mail: Mail, line_end: str = "\r\n") -> bytes:
    """Return the message: plain text, the file with its type and its name (RFC 2231), the headers.

    It is marked as sent by a program (RFC 3834), so that no program answers. Every line of it is ASCII and
    short, whatever the server can take.
    """
    message = EmailMessage(policy=_Policy(linesep=line_end, cte_type="7bit"))
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.to)
    message["Subject"] = one_line(mail.subject)[:_LONGEST_SUBJECT]
    message["Date"] = mail.at
    message["Message-ID"] = f"<{mail.identity}.partnerctl@{mail.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("".join(f"{seen(line)}\n" for line in mail.text.splitlines()))
    if mail.attachment is not None:
        _attach(message, mail.attachment)
    return message.as_bytes()


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    name = one_line(attachment.name)
    kind = TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")
    main, _, sub = kind.partition("/")
    charset = {"charset": "utf-8"} if main == "text" else None
    message.add_attachment(attachment.data, maintype=main, subtype=sub, filename=name, params=charset)


class _Policy(EmailPolicy):
    """Writes a subject that is not ASCII by the older code, for the newer one loses spaces in it.

    (Python 3.11 and 3.12: where a line ends between two encoded words.)
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header as it is written, in lines."""
        text = str(value)
        if name != "Subject" or text.isascii():
            return super().fold_binary(name, value)
        coded = Header(text, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {coded}{self.linesep}".encode("ascii")
