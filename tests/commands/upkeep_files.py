"""A few canonical files for the tests of upkeep: customers, what they buy, and their newest figures."""

from __future__ import annotations

from pathlib import Path

ACME, BETA = "0f6c2c3e-8b1a-4d53-9a35-5f0a3b1c2d4e", "1f6c2c3e-8b1a-4d53-9a35-5f0a3b1c2d4e"
CUSTOMERS = f"org_id,name,region\n{ACME},Acme GmbH,EU\n{BETA},Beta Ltd,\n"
SUBSCRIPTIONS = f"subscription_id,org_id,kind,status\nSub1,{ACME},subscription,active\n"


def written(folder: Path) -> Path:
    """Write the files into a new folder, and return it."""
    files = folder / "files"
    files.mkdir()
    (files / "customers.csv").write_text(CUSTOMERS)
    (files / "subscriptions.csv").write_text(SUBSCRIPTIONS)
    return files
