"""Manage Webex partner customers from files and the command line."""

__version__ = "0.1.0"
