"""Measurements: `make bench`. Each piece runs in a process of its own."""
