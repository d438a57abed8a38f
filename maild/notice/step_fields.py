"""The keyword arguments with which the mail of a step is made: what each of them says, and what one or another adds."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from maild.notice.values import About, HistoryStep, PromisedTimes


class StepFields(TypedDict, total=False):
    """What the mail of a step says besides: the keyword arguments of one content or another."""

    scheduled_for: datetime
    moved: bool
    promised_by: datetime | None
    merged_into: int
    project: int
    auto: bool
    asks_rating: bool


#: nothing to add to a mail
NO_MORE: StepFields = {}


class StatusFields(TypedDict):
    """What every mail on a ticket that exists says: the keyword arguments of its content."""

    about: About
    actor: str
    message: str
    promise: PromisedTimes | None
    history: tuple[HistoryStep, ...]
    earlier: int
