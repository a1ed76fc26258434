"""Addresses of mail: which texts every mail server takes for one."""

from __future__ import annotations

import re

from partnerctl.errors import UsageError

# what browsers take as an address; quoted and international local parts are left to those who need them
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]*@[A-Za-z0-9][A-Za-z0-9.-]*"
)
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3: a path has 256 characters with its brackets


def check_address(address: str) -> None:
    """Raise UsageError where a text is no address that every mail server takes."""
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        hint = "such as ana@acme.example; a domain that is not ASCII is written with xn--"
        raise UsageError(f"{address!r} is not an address for mail", hint)
