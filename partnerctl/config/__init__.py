"""Settings: one table of them, profiles, the configuration file, the folders."""
