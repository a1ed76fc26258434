"""The report templates and texts: data, no code."""
