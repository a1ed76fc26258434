"""The store: its contract, its SQL and its migrations."""
