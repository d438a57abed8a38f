"""Desks to look at and to test with: one that a real daemon serves beside us, one on a clock that is moved by hand,
and what `maild demo` shows on them."""
