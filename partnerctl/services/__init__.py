"""Use cases, one module per noun: plain values in, frozen results out."""
