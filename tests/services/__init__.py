"""Tests of partnerctl.services."""
