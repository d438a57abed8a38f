"""The compiled form (hatch_build.py): the wheel is built, and what holds for the pure modules is asked of it."""
