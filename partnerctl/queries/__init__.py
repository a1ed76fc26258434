"""Turn QUERY text into a tree and a condition with bound parameters."""
