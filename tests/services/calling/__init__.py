"""Tests of partnerctl.services.calling."""
