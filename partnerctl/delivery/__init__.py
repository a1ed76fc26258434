"""Delivery: what happens with a report once it is written: mail and hooks."""
