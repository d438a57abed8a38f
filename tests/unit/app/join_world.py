"""Anna writes on her ticket, which nobody was asked about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from maild.app.case import Case
from maild.ticket.vocabulary import LastWord
from tests.unit.app.act_world import HOUR
from tests.unit.app.approval_world import ANNA, KEYED, case
from tests.unit.factory import NOW, ticket

OPEN = ticket(responded_at=NOW - HOUR, last_word=LastWord.AGENT)


def wrote(text: str = "Still broken.", on: Any = OPEN, *consents: Any, **fields: Any) -> Case:
    given = {"sender": ANNA, "tokens": (), "on": on, "settings": KEYED, **fields}
    one = case(text, *consents, **given)
    return one if consents else replace(one, facts=replace(one.facts, consents={}))
