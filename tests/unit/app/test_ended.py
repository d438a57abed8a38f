"""What is over stays over until somebody reopens it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from maild.app import outage_update
from maild.app.acts import ActContext, take
from maild.errors import Refused
from maild.model import OutageFacts
from maild.settings import Settings
from maild.ticket.phases import ENDED, Phase
from tests.unit.factory import NOW, facts, ticket

OUTAGE = OutageFacts(1, "Mail delayed", (), (), None, NOW)


@pytest.mark.parametrize("phase", sorted(ENDED))
@pytest.mark.parametrize("owner", ["", "kata"])
def test_nobody_takes_what_has_ended(phase: Phase, owner: str) -> None:
    with pytest.raises(Refused, match="reopen"):
        take(ActContext(Settings(), NOW, "kata"), ticket(phase=phase, owner=owner))


@pytest.mark.parametrize("phase", sorted(ENDED))
@pytest.mark.parametrize("resolved", [False, True])
def test_outage_news_does_not_go_to_what_has_ended(phase: Phase, resolved: bool) -> None:
    acme = facts().companies["acme"]
    later = NOW + timedelta(hours=1)
    ended = outage_update.news(
        ticket(phase=phase), acme, OUTAGE, Settings(), later, "kata", "", resolved=resolved
    )
    assert ended.changes == ()
    still = outage_update.news(
        ticket(phase=Phase.ACCEPTED), acme, OUTAGE, Settings(), later, "kata", "", resolved=resolved
    )
    assert len(still.changes) >= 2
