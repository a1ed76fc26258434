"""Tests of partnerctl.demo."""
