"""What the tests of mail share."""

import pytest

from tests.loopback import open_loopback


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test connect to this machine, which every host below acme.example then is."""
    open_loopback(monkeypatch)
