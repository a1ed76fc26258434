"""Webex Calling: the kinds of records that are kept, weeks, endpoint types (``docs/calling.md``)."""
