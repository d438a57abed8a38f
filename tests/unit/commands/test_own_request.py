"""Who may approve asks for something: they are asked to confirm it, and no mail speaks of them as of another."""

from __future__ import annotations

from maild.render import render_notice
from maild.steps import whole
from tests.unit.commands.conftest import TestDesk

BOSS = "boss@acme.example"


def test_an_approver_is_told_that_they_are_asked_themselves(desk: TestDesk) -> None:
    number = desk.mail(BOSS, "Share", "Please grant Anna write access to the payroll share.")
    assert sorted(notice for notice, _ in desk.sent(number)) == ["approval_confirm", "awaiting_approval"]
    said = desk.said("awaiting_approval")
    mail = whole(render_notice("awaiting_approval", "en", {"number": number, **said["data"]}, desk.settings))
    text = " ".join(mail.text.split())
    assert "We have sent you a second mail for that" in text
    assert "must approve it" not in text
    assert "nothing you need to do" not in text
