"""Five customers with few enough licenses to count by hand: two weeks of figures, every KPI above zero."""

from pathlib import Path

import pytest

from tests.conftest import Cli

ALFA, BRAVO, CHARLIE, DELTA, ECHO = (f"00000000-0000-4000-8000-00000000000{letter}" for letter in "abcde")

CUSTOMERS = f"""\
org_id,name,region,last_admin_login
{ALFA},Alfa Telecom,US,2026-11-20
{BRAVO},Bravo GmbH,EU,2026-07-26
{CHARLIE},Charlie,,
{DELTA},Délta Foods,EU,2026-11-22
{ECHO},Echo,US,
"""
SUBSCRIPTIONS = f"""\
subscription_id,org_id,kind,status,start_date,end_date,auto_renew
A1,{ALFA},subscription,active,2026-01-10,2026-12-03,false
A2,{ALFA},trial,active,2026-11-02,2026-11-25,true
B1,{BRAVO},subscription,active,2025-11-23,2027-01-22,true
C1,{CHARLIE},subscription,active,2026-09-01,2027-11-22,false
D1,{DELTA},subscription,active,2024-05-23,2028-05-22,true
D2,{DELTA},subscription,pending_setup,,,
E1,{ECHO},subscription,suspended,2025-01-01,2026-12-31,false
"""
WEEK_BEFORE = """\
subscription_id,product,total,assigned,used_7d,used_3m,used_ever
A1,meetings,50,38,20,30,35
A2,calling_professional,10,2,1,1,1
B1,meetings,100,70,50,60,70
C1,meetings,20,20,10,15,20
D1,meetings,40,3,2,3,3
D1,calling_standard,12,0,0,0,0
E1,meetings,10,9,0,0,9
"""
LAST_WEEK = """\
subscription_id,product,total,assigned,used_7d,used_3m,used_ever
A1,meetings,50,40,25,31,36
A2,calling_professional,10,5,,3,3
B1,meetings,100,72,50,61,70
C1,meetings,20,26,15,16,21
D1,meetings,40,4,2,3,4
D1,calling_standard,12,0,0,0,0
E1,meetings,10,9,0,0,9
"""


_made: list[bytes] = []


@pytest.fixture
def analytics(cli: Cli, tmp_path: Path, home: Path) -> Cli:
    """Return the program over a store that holds the five customers; it is imported once, then copied."""
    store = home / "data" / "default.db"
    if _made:
        store.parent.mkdir(mode=0o700, parents=True)
        store.write_bytes(_made[0])
        return cli
    for day, licenses in (("2026-11-15", WEEK_BEFORE), ("2026-11-22", LAST_WEEK)):
        folder = tmp_path / day
        folder.mkdir()
        (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
        (folder / "subscriptions.csv").write_text(SUBSCRIPTIONS, encoding="utf-8")
        (folder / "licenses.csv").write_text(licenses, encoding="utf-8")
        cli("import", folder, "--as-of", day, "--quiet")
    _made.append(store.read_bytes())
    return cli
