"""Where database engines differ: every expression that is not plain SQL is spelt here.

SQLite today; a second store adds its own spellings beside these.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

LICENSE_ROWS = (
    "(SELECT json_group_array(json_array(l.product, l.total, l.assigned, l.used_7d, l.used_3m, l.used_ever))"
    " FROM {licenses} l WHERE l.subscription_id = s.subscription_id AND l.ended = 0)"
)
"""The license rows of the subscription ``s`` as JSON text; ``{licenses}`` is a FROM item."""


LISTED = "(SELECT value FROM json_each(:listed))"
"""The texts of the JSON array ``:listed``, as the right side of IN: however many, one parameter."""


def listed(texts: Iterable[str]) -> str:
    """Return the value of ``:listed``: each text once."""
    return json.dumps(sorted(set(texts)))


def literals(words: Iterable[str]) -> str:
    """Return words of our own, never of a user or a file, as the literals between the brackets of IN."""
    return ", ".join(f"'{word}'" for word in words)


def days_between(later: str, earlier: str) -> str:
    """Return the expression of the whole days from one ISO day to another."""
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


def text_of_boolean(expression: str) -> str:
    """Return the expression that writes a boolean as ``true`` or ``false``, unknown as NULL."""
    return f"CASE {expression} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"


def json_array(expressions: Iterable[str]) -> str:
    """Return the expression of the JSON array, as text, of some expressions."""
    return f"json_array({', '.join(expressions)})"


def json_element(array: str, position: str) -> str:
    """Return the expression of the element of a JSON array, given as text, at a position from 0.

    A text or a number comes out as such, an array as JSON text.
    """
    return f"json_extract({array}, '$[' || {position} || ']')"
