"""Settings, folders, the configuration file."""
