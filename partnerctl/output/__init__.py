"""One record stream, many shapes: table, dashboard, JSON, JSON lines, CSV, TSV; and charts."""
