"""Signing in to Webex, and the tokens that come of it."""
