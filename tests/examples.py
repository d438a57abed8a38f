"""How many examples a property is tried with: all of them, or a fifth where the verdict is wanted within a minute."""

from __future__ import annotations

from hypothesis import settings

#: what a property is tried with that says nothing of its own, and in the quick part
MANY, FEW = 100, 20


def register() -> None:
    """The profiles; `quick` is chosen by `make quick` (`--few`)."""
    # a busy machine is slow and not wrong; where everybody's verdict is made, the same examples are tried each time
    settings.register_profile("tests", deadline=None, max_examples=MANY)
    settings.register_profile("ci", settings.get_profile("tests"), derandomize=True)
    settings.register_profile("quick", settings.get_profile("tests"), max_examples=FEW)


def at_most(many: int) -> settings:
    """For a property that wants more or fewer than others: `many`, and of them as large a part as of all others."""
    of = settings().max_examples
    return settings(max_examples=max(1, many * of // MANY))
