"""Guards of the house: packaging, start-up, budgets."""
