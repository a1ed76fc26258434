"""Make seeded demo data of every kind."""
