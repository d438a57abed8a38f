"""A law over a table is one test, not hundreds: what pytest does around each costs more than most cases do.

`@cases` stands where `@pytest.mark.parametrize` would. Every case is tried whatever became of the others, and a failure
names its case; `pytest --case TEXT` tries those alone whose name holds the text. For what needs a desk, a folder or
anything else of its own for each case, `parametrize` stays.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import partial, wraps
from typing import Any

import pytest

#: failures that are shown whole; of the others the names are told
SHOWN = 5

#: what a case may do instead of passing: to be skipped among many would be to be lost
_FAILS = (Exception, pytest.fail.Exception, pytest.skip.Exception)

Function = Callable[..., None]
Ids = Callable[[Any], object] | Iterable[str] | None


class Chosen:
    """Text that the name of each case must hold (`--case`)."""

    text = ""


def cases(
    names: str | Sequence[str], values: Iterable[Any], ids: Ids = None
) -> Callable[[Function], Function]:
    """The function is called for each of `values`, bound to `names` as `parametrize` binds them.

    Two of them on one function try each with each. The function's other arguments are fixtures, the same for all.
    """
    wanted = names.replace(",", " ").split() if isinstance(names, str) else list(names)
    single = isinstance(names, str) and len(wanted) == 1
    rows = [(value,) if single else tuple(value) for value in values]
    if any(len(row) != len(wanted) for row in rows):
        raise ValueError(f"each case has values for {', '.join(wanted)}")
    called_so = _texts(rows, ids)
    named = [(text, dict(zip(wanted, row, strict=True))) for text, row in zip(called_so, rows, strict=True)]

    def around(function: Function) -> Function:
        inner: list[tuple[str, dict[str, Any]]] = getattr(function, "cases", [("", {})])
        called: Function = getattr(function, "called", function)
        every = [
            (f"{text} {under}".strip(), {**row, **below}) for text, row in named for under, below in inner
        ]

        @wraps(called)
        def test(request: pytest.FixtureRequest, **fixtures: Any) -> None:
            chosen = [(text, row) for text, row in every if Chosen.text in text]
            request.node.user_properties.append(("cases", len(chosen)))
            if not chosen:
                pytest.skip(f"no case holds {Chosen.text!r}" if Chosen.text else "the table is empty")
            failed = []
            for text, row in chosen:
                try:
                    called(**row, **fixtures)
                except _FAILS as error:
                    error.add_note(f"the case: {text}")
                    failed.append((text, error))
            if len(failed) == 1:
                raise failed[0][1]
            if failed:
                rest = ", ".join(text for text, _ in failed[SHOWN:])
                raise BaseExceptionGroup(
                    f"{len(failed)} of {len(chosen)} cases fail" + (f"; also: {rest}" if rest else ""),
                    [error for _, error in failed[:SHOWN]],
                )

        bound = {name for _, row in every[:1] for name in row} or set(wanted)
        given = inspect.signature(called).parameters
        own = [one for name, one in given.items() if name not in bound and name != "request"]
        request = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY)
        keyword = partial(inspect.Parameter.replace, kind=inspect.Parameter.KEYWORD_ONLY)
        test.__signature__ = inspect.Signature([*map(keyword, own), request])  # type: ignore[attr-defined]
        test.cases, test.called = every, called  # type: ignore[attr-defined]
        return test

    return around


def _texts(rows: list[tuple[Any, ...]], ids: Ids) -> list[str]:
    """The names of the cases: as `parametrize` would make them, with all of their words."""
    if ids is not None and not callable(ids):
        return list(ids)
    return [" ".join(str(ids(value)) if ids else f"{value!s:.200}" for value in row) for row in rows]
