"""The output: one record stream, many shapes."""
