"""Which characters the bytes of a file mean, found by reading all of them once before any row.

UTF-8 and UTF-16 by their byte order mark, UTF-8 where the bytes are valid, else Windows-1252 with a note
(``reports.md``, Reading). The same pass refuses NUL bytes and endless lines, so that reading the rows
afterwards takes a bounded amount of memory.
"""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass

from partnerctl.errors import InvalidData, MachineFault, UsageError
from partnerctl.tabular.rows import Opener

LONGEST_LINE = 8 << 20
"""The longest line, in characters, that is believed."""

_CHUNK = 1 << 18
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CUT_HINT = "Download or export it again."
_ENCODING_HINT = "Say which encoding it has, for example --encoding utf-8, windows-1252 or utf-16."


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name, whether the file begins with a byte order mark, and whether the codec is a guess."""

    codec: str
    marked: bool = False
    guessed: bool = False


def find_encoding(open_bytes: Opener, file: str, wanted: str | None = None) -> Encoding:
    """Return how the file is encoded; `wanted` is what the user says.

    Raises InvalidData (not text, NUL byte, endless line, cut in a character), MachineFault, and UsageError
    where `wanted` names no encoding.
    """
    if wanted is not None:
        _check_codec(wanted)
    try:
        mark = _mark(open_bytes)
        if wanted is not None:
            return _as_wanted(open_bytes, file, wanted, mark)
        if mark is not None:
            return _as_marked(open_bytes, file, mark)
        return _guess(open_bytes, file)
    except OSError as error:
        raise MachineFault(f"{file}: cannot be read ({error.strerror or error})") from error


def _check_codec(name: str) -> None:
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=name).detach()
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError):
        raise UsageError(
            f"there is no encoding {name!r}", "For example --encoding utf-8, windows-1252, utf-16."
        ) from None


def _mark(open_bytes: Opener) -> str | None:
    with open_bytes() as binary:
        head = binary.read(3)
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    return None


def _as_wanted(open_bytes: Opener, file: str, wanted: str, mark: str | None) -> Encoding:
    family = {"utf-8": "utf-8-sig", "utf-16-le": "utf-16", "utf-16-be": "utf-16", "utf-16": "utf-16"}
    same_family = mark is not None and family.get(codecs.lookup(wanted).name) == mark
    codec = mark if same_family and mark is not None else wanted
    try:
        _scan(open_bytes, file, codec)
    except UnicodeError:
        raise InvalidData.at(file, None, None, f"its bytes are not {wanted} text", _ENCODING_HINT) from None
    return Encoding(codec, marked=same_family)


def _as_marked(open_bytes: Opener, file: str, codec: str) -> Encoding:
    try:
        _scan(open_bytes, file, codec)
    except UnicodeError:
        words = (
            f"begins as {codec.removesuffix('-sig').upper()} text, but its bytes are not, or the file is cut"
        )
        raise InvalidData.at(file, None, None, words, _CUT_HINT) from None
    return Encoding(codec, marked=True)


def _guess(open_bytes: Opener, file: str) -> Encoding:
    try:
        _scan(open_bytes, file, "utf-8")
    except _CutCharacter:
        raise InvalidData.at(file, None, None, "is cut in the middle of a character", _CUT_HINT) from None
    except UnicodeError:
        pass
    else:
        return Encoding("utf-8")
    try:
        _scan(open_bytes, file, "cp1252")
    except UnicodeError:
        words = "its bytes are neither UTF-8 nor Windows-1252 text"
        raise InvalidData.at(file, None, None, words, _ENCODING_HINT) from None
    return Encoding("cp1252", guessed=True)


class _CutCharacter(Exception):
    """The last bytes are the beginning of a UTF-8 character, in a file that holds whole ones."""


def _scan(open_bytes: Opener, file: str, codec: str) -> None:
    decoder = codecs.getincrementaldecoder(codec)()
    lines, length, ascii_only = 1, 0, True
    with open_bytes() as binary:
        while chunk := binary.read(_CHUNK):
            text = decoder.decode(chunk)
            if "\0" in text:
                _refuse_nul(file, lines, text)
            breaks = text.count("\n") or text.count("\r")
            length = len(text) - max(text.rfind("\n"), text.rfind("\r")) - 1 if breaks else length + len(text)
            if length > LONGEST_LINE:
                words = f"the line is longer than {LONGEST_LINE >> 20} MiB: this is no table of rows"
                raise InvalidData.at(file, lines + breaks, None, words, "Check that it is the right file.")
            lines += breaks
            ascii_only = ascii_only and text.isascii()
    try:
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        if codec == "utf-8" and not ascii_only:
            raise _CutCharacter from None
        raise


def _refuse_nul(file: str, lines: int, text: str) -> None:
    before = text[: text.index("\0")]
    line = lines + (before.count("\n") or before.count("\r"))
    hint = "Download or export it again; for UTF-16 without a byte order mark, say --encoding utf-16-le."
    raise InvalidData.at(file, line, None, "holds a NUL byte: it is damaged, or not a text file", hint)
