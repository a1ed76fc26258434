"""One record stream, many shapes: table, JSON, JSON lines, CSV, TSV."""
