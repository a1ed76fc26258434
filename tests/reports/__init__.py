"""Tests of partnerctl.reports."""
