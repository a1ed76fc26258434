"""Files packed with gzip: read as a stream, under the same caps as zips (``reports.md``, Reading).

A file that ends before its gzip does is damaged: its checksum stands at the end, so nothing is read short.
"""

from __future__ import annotations

import errno
import functools
import gzip
import io
from pathlib import Path
from typing import BinaryIO

from partnerctl.errors import InvalidData, MachineFault, PartnerctlError
from partnerctl.ingest.archives import AGAIN_HINT, BUFFER, DATA_SUFFIXES, GZIP_MAGIC, Limits, Unpacked

SUFFIX = ".gz"

_HEAD = 512  # enough to tell a zip, a gzip and a tar


def is_gzip(head: bytes) -> bool:
    """Return whether a file that begins with `head` is packed with gzip, whatever its name says."""
    return head.startswith(GZIP_MAGIC)


def unpacked_stem(name: str) -> str:
    """Return the name of a packed file without ``.gz`` and the suffix before it: ``a.csv.gz`` gives ``a``."""
    path = Path(name)
    inner = Path(path.stem)
    if path.suffix.lower() == SUFFIX and inner.suffix.lower() in DATA_SUFFIXES:
        return inner.stem
    return path.stem


def open_gzip(path: Path, name: str, limits: Limits) -> BinaryIO:
    """Open what the gzip at `path` holds; reading raises InvalidData (damaged, cut, larger than `limits`).

    A gzip that holds a zip, a tar or another gzip raises NoData, with the first bytes that are read.
    """
    binary = path.open("rb")
    stream = gzip.GzipFile(fileobj=binary, mode="rb")
    packed = path.stat().st_size
    unpacked = Unpacked(stream, binary, name, packed, limits, functools.partial(_explained, name))
    return io.BufferedReader(unpacked, BUFFER)


def check_gzip(path: Path, name: str, limits: Limits) -> None:
    """Look at the first unpacked bytes; raises InvalidData (damaged), NoData (packed again), OSError."""
    with open_gzip(path, name, limits) as binary:
        binary.read(_HEAD)


def _explained(name: str, error: Exception) -> PartnerctlError:
    if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
        return MachineFault(f"{name}: cannot be read ({error.strerror or error})")
    if isinstance(error, EOFError):
        words = "is cut: it ends before the gzip does"
    elif isinstance(error, gzip.BadGzipFile) and str(error).startswith("Not a gzipped file"):
        words = "holds something else after the end of the gzip"
    else:
        words = f"is a damaged gzip ({error})"
    return InvalidData.at(name, None, None, words, AGAIN_HINT)
