"""Turn files into typed observations."""
