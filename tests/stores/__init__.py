"""Tests of partnerctl/stores."""
