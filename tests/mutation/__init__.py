"""Mutation testing: a module is changed in one place, and a test must fail (`make mutants`).

`operators.py` makes the changes, `lines.py` learns which tests run which line, `__main__.py` runs each mutant
against those tests. What lives is listed with the reason in docs/mutants.md.
"""
