"""TOML documents: read with the line of a problem, changed with their comments kept, private files."""
