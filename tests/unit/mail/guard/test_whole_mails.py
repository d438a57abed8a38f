"""Machines and people from the bytes of their mail to what maild would do: no machine is answered or ticketed."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from maild import config
from maild.app.handle_mail import decide
from maild.mail.envelope import completed
from maild.mail.own_ids import Signer
from maild.mail.parse import parse_mail
from maild.model import AuthResult, Decision, Envelope, Facts
from maild.settings import Settings
from tests.corpus.mails.machines import DESK, Case, cases

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
BY_FAMILY: dict[str, list[Case]] = defaultdict(list)
for _case in cases():
    BY_FAMILY[_case.family].append(_case)


@cache
def _settings() -> Settings:
    shipped = config.load(config.shipped_path())
    return replace(shipped, desk=replace(shipped.desk, address=DESK))


def _decided(raw: bytes) -> Decision:
    settings = _settings()
    mail, numbers = parse_mail(raw), itertools.count()
    envelope = completed(Envelope("file", NOW), mail)
    signer = Signer(b"not a secret, only for this test", "desk.example")
    plan = decide(
        mail, envelope, Facts(), AuthResult(), settings, signer, NOW, nonce=lambda: f"n{next(numbers)}"
    )
    assert plan.decision is not None
    return plan.decision


@pytest.mark.parametrize("family", ["bounce", "automatic", "list", "receipt", "challenge"])
def test_no_machine_is_answered_or_ticketed(family: str) -> None:
    wrong = []
    for case in BY_FAMILY[family]:
        decision = _decided(case.raw)
        if {act.act for act in decision.would} & {"open", "mail", "append", "reopen"}:
            wrong.append((case.name, decision.kind))
        if family in ("bounce", "list") and decision.kind != family:
            wrong.append((case.name, decision.kind))
    assert wrong == []


def test_every_person_is_answered() -> None:
    wrong = []
    for case in BY_FAMILY["person"]:
        decision = _decided(case.raw)
        if not {"open", "mail"} <= {act.act for act in decision.would}:
            wrong.append((case.name, decision.kind, decision.reasons))
    assert wrong == []


def test_corpus_is_broad() -> None:
    assert sum(map(len, BY_FAMILY.values())) >= 450
    assert {family: len(found) >= 5 for family, found in BY_FAMILY.items()} == dict.fromkeys(BY_FAMILY, True)
