"""Tests of partnerctl/domain."""
