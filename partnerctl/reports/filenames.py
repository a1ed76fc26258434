"""Names of report files: ``<Title>_<10 characters>_<YYYY-MM-DD>.csv`` (PH-R3; ``reports.md``)."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from partnerctl.errors import Conflict, UsageError

TOKEN_LENGTH = 10
"""How many of A-Z, a-z and 0-9 stand in a file's name."""

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SPECIAL = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|con(in|out)\$|(com|lpt)[0-9¹²³]) *(?=\.|\Z)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_MAX_TITLE_BYTES = 180  # a name may have 255: the rest, a suffix and `.partial-` must fit as well
_TRIES = 1000


def file_token(seed: bytes | None = None) -> str:
    """Return ten characters of A-Z, a-z, 0-9: random ones, or always the same ones for the same `seed`.

    The seed of a scheduled run is its schedule and due time: two ticks then aim at one name.
    """
    if seed is None:
        import secrets

        return "".join(secrets.choice(_ALPHABET) for _ in range(TOKEN_LENGTH))
    import hashlib

    number = int.from_bytes(hashlib.sha256(seed).digest())
    characters = []
    for _ in range(TOKEN_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        characters.append(_ALPHABET[place])
    return "".join(characters)


def clean_part(text: str) -> str:
    """Return `text` as a safe part of a file's name, never empty.

    Characters special to a file system or a shell become ``-``, as does a leading dot and a trailing dot
    or space; a name that Windows reserves (``CON``, ``lpt1.csv``) gets a leading ``-``; at most 180 bytes.
    """
    cleaned = _SPECIAL.sub("-", text).strip(" ")
    cleaned = cleaned.encode()[:_MAX_TITLE_BYTES].decode(errors="ignore").rstrip(" ")
    if cleaned.startswith("."):
        cleaned = "-" + cleaned[1:]
    if cleaned.endswith("."):
        cleaned = cleaned[:-1] + "-"
    if _RESERVED.match(cleaned):
        cleaned = "-" + cleaned
    return cleaned or "-"


def report_name(title: str, day: date, token: str, suffix: str = ".csv") -> str:
    """Return the name of the report file called `title`, downloaded on `day`."""
    return f"{clean_part(title)}_{token}_{day.isoformat()}{suffix}"


def free_path(folder: Path, title: str, day: date, suffix: str = ".csv", seed: bytes | None = None) -> Path:
    """Return a path in `folder` at which no file stands yet: the ten characters are picked again until so.

    Raises Conflict where a thousand names are taken.
    """
    for attempt in range(_TRIES):
        # the first token of a seed is the seed's own; where a foreign file has it, the next ones are derived
        derived = seed if seed is None or attempt == 0 else seed + b"#%d" % attempt
        path = folder / report_name(title, day, file_token(derived), suffix)
        if not path.is_symlink() and not path.exists():
            return path
    raise Conflict(f"{folder} has no free name left for the report {title!r}", "Give another --dir.")


def fill_path(pattern: str, *, title: str, day: date, region: str | None) -> Path:
    """Return the path that `pattern` of ``--file`` means: ``{date}``, ``{region}`` and ``{title}`` filled in.

    No region is ``all``. What is filled in is cleaned, so that it never adds a folder. Raises UsageError
    for any other placeholder.
    """
    values = {"date": day.isoformat(), "region": region or "all", "title": title}

    def fill(match: re.Match[str]) -> str:
        if match[1] not in values:
            known = ", ".join(f"{{{name}}}" for name in values)
            raise UsageError(
                f"--file: {match[0]} is none of {known}", "Write the name without braces otherwise."
            )
        return clean_part(values[match[1]])

    return Path(_PLACEHOLDER.sub(fill, pattern))
