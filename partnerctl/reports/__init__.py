"""Report templates, file names and streaming writers."""
