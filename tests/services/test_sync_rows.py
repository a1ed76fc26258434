"""What Webex says of one customer, as rows of our entities."""

from __future__ import annotations

from partnerctl.remote.inventories import Device, Location, Number
from partnerctl.remote.organizations import License
from partnerctl.services.syncing.rows import device_rows, license_rows, location_rows, number_rows

PLACE = Location("l1", "Lisboa", "Portugal")


def test_licenses_are_summed_over_sites() -> None:
    rows = license_rows(
        [
            License("Meeting - Webex Meeting Center", 50, 5, "Sub1"),
            License("Meeting - Webex Meeting Center", 25, 10, "Sub1"),
            License("Webex Calling - Professional", 10, 12, "Sub1"),
            License("Webex Calling - Basic", 4, 1, "Sub2"),
            License("Hybrid Services", 1, 0, None),
        ],
        {},
    )
    assert rows == [
        ("Sub1", "calling_professional", 10, 12),
        ("Sub1", "meetings", 75, 15),
        ("Sub2", "calling_standard", 4, 1),
    ]


def test_a_figure_that_one_site_lacks_is_unknown() -> None:
    assert license_rows([License("Messaging", 5, None, "S"), License("Messaging", 5, 2, "S")], {}) == [
        ("S", "messaging", 10, None)
    ]


def test_names_of_ones_own() -> None:
    rows = license_rows(
        [License("Webex Suite - Enterprise", 5, 2, "S")], {"webex suite enterprise": "meetings"}
    )
    assert rows == [("S", "meetings", 5, 2)]
    assert license_rows([License("Customer Assist", 5, 2, "S")], {}) == [("S", "Customer Assist", 5, 2)]


def test_a_device_has_the_primary_number_of_whom_it_belongs_to() -> None:
    numbers = [
        Number("+351210000002", "102", "ACTIVE", "ALTERNATE", "l1", "Lisboa", "p1", "PEOPLE"),
        Number("+351210000001", "101", "ACTIVE", "PRIMARY", "l1", "Lisboa", "p1", "PEOPLE"),
        Number(None, "200", "ACTIVE", None, "l1", "Lisboa", None, None),
    ]
    devices = [
        Device("l1", "Cisco 8851", "aa:bb:cc:00:11:22", "12.0", "p1"),
        Device(None, "Desk Pro", None, None, None),
    ]
    assert device_rows("org", devices, [PLACE], numbers) == [
        ("org", "l1", "Lisboa", "Cisco 8851", "AABBCC001122", "12.0", "+351210000001", "101", "p1"),
        ("org", None, None, "Desk Pro", None, None, None, None, None),
    ]


def test_a_number_has_the_country_of_its_location() -> None:
    numbers = [
        Number("+351210000001", "101", "active", "PRIMARY", "l1", "Lisboa", "p1", "PEOPLE"),
        Number("+351210000002", None, "INACTIVE", "FAX", "l9", None, None, None),
        Number("+351210000003", None, "odd", None, None, None, None, None),
    ]
    assert number_rows("org", numbers, [PLACE]) == [
        ("org", "l1", "Lisboa", "PT", "+351210000001", "101", 1, "PEOPLE", "Primary", "p1"),
        ("org", "l9", None, None, "+351210000002", None, 0, None, "FAX", None),
        ("org", None, None, None, "+351210000003", None, None, None, None, None),
    ]


def test_a_country_that_is_none_is_unknown() -> None:
    assert location_rows("org", [PLACE, Location("l2", None, "Atlantis")]) == [
        ("l1", "org", "Lisboa", "PT"),
        ("l2", "org", None, None),
    ]
