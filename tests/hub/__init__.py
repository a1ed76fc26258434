"""Tests of partnerctl/hub."""
