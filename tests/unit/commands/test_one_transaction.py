"""A verb that changes something reads in the transaction in which its one plan is written: nobody's change can fall
in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from maild.store import Store
from maild.store.tx import Tx
from tests.unit.commands.conftest import TestDesk, made_once

VERBS = (
    ("contact", "add", "new@acme.example", "--company", "acme"),
    ("contact", "edit", "anna@acme.example", "--phone", "1", "--works"),
    ("contact", "move", "anna@acme.example", "globex"),
    ("contact", "remove", "anna@acme.example"),
    ("company", "add", "beta", "--name", "Beta"),
    ("company", "edit", "acme", "--name", "Acme"),
    ("company", "remove", "globex"),
    ("contract", "edit", "acme", "--until", "2027-12-31"),
    ("contract", "remove", "acme"),
    ("outage", "open", "Mail is late", "--word", "printer"),
    ("outage", "update", "1", "-m", "Soon."),
    ("outage", "resolve", "1"),
    ("merge", "1001", "1002"),
    ("split", "1001", "--subject", "Other", "-m", "The printer burns.", "--kind", "incident"),
    ("project", "1001"),
    ("link", "1001", "related", "1002"),
    ("move", "1001", "globex"),
)


@pytest.fixture(scope="module")
def two(desk_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two tickets of Anna's."""
    with made_once(desk_template, tmp_path_factory) as desk:
        for subject in ("Printer", "Scanner"):
            desk.mail("anna@acme.example", subject, "The printer burns.")
        return desk.database


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: " ".join(v[:2]))
def test_verb_is_one_plan_in_one_transaction(
    desk: TestDesk, two: Path, monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...]
) -> None:
    desk.begin_with(two)
    if verb[:2] in (("outage", "update"), ("outage", "resolve")):
        desk.run("outage", "open", "Late")
    opened: list[str] = []
    applied: list[object] = []
    plain, apply = Store._transaction, Tx.apply

    def counted(store: Store, mode: str, **how: Any) -> object:
        opened.append(mode)
        return plain(store, mode, **how)

    def noted(tx: Tx, plan: object, **how: object) -> object:
        applied.append(plan)
        return apply(tx, plan, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "_transaction", counted)
    monkeypatch.setattr(Tx, "apply", noted)
    desk.run(*verb)
    assert opened == ["write"]
    assert len(applied) == 1
