"""What tests of the services share."""

from pathlib import Path

import pytest

from tests.commands.estate import import_estate
from tests.conftest import Cli
from tests.services.ticking_desk import Desk


@pytest.fixture
def desk(cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a desk with the estate imported, in UTC."""
    monkeypatch.setenv("TZ", "UTC")
    import_estate(cli, tmp_path / "in")
    return Desk(cli, home, monkeypatch)
