"""Tests of partnerctl/queries."""
