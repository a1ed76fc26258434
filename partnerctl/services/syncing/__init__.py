"""Syncing: what Webex knows of the customers is fetched, kept on the way, and stored as of its day."""
