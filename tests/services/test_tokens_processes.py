"""Several processes find one token expired at once: ``benchmarks/refresh_tokens.py``, with fewer of them."""

from pathlib import Path

import pytest

from benchmarks.refresh_tokens import crowd


@pytest.mark.slow
def test_one_of_many_processes_renews_the_token_and_none_is_signed_out(tmp_path: Path) -> None:
    found = crowd(tmp_path / "home", processes=12)

    assert found.sound, found
    assert found.codes == (0,) * 12
