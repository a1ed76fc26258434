"""The doors: one module per noun, each parsing its options and calling one service."""
