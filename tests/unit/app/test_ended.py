"""What is over stays over until somebody reopens it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from maild.app import outage_update
from maild.app.acts import ActContext, take
from maild.errors import Refused
from maild.model import OutageFacts, TellOutage
from maild.settings import Settings
from maild.ticket.phases import ENDED, Phase
from tests.unit.factory import NOW, facts, ticket

OUTAGE = OutageFacts(1, "Mail delayed", (), (), None, NOW)


@pytest.mark.parametrize("phase", sorted(ENDED))
@pytest.mark.parametrize("owner", ["", "kata"])
def test_nobody_takes_what_has_ended(phase: Phase, owner: str) -> None:
    does = "the work goes on in #7" if phase is Phase.MERGED else "`maild reopen 15789` comes first"
    with pytest.raises(Refused, match=does):
        take(ActContext(Settings(), NOW, "kata"), ticket(phase=phase, owner=owner, merged_into=7))


@pytest.mark.parametrize("phase", sorted(ENDED))
@pytest.mark.parametrize("resolved", [False, True])
def test_outage_news_does_not_go_to_what_has_ended(phase: Phase, resolved: bool) -> None:
    acme = facts().companies["acme"]
    later = NOW + timedelta(hours=1)
    ended = outage_update.news(
        OUTAGE, [(ticket(phase=phase), acme)], Settings(), later, "kata", "", resolved=resolved
    )
    assert [type(change) for change in ended.changes] == [TellOutage]
    still = outage_update.news(
        OUTAGE, [(ticket(phase=Phase.ACCEPTED), acme)], Settings(), later, "kata", "", resolved=resolved
    )
    assert len(still.changes) >= 3
