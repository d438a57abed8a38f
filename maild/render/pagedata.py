"""What a mail is made from, with ways to look at it that no absent or odd value breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from maild.render.words import Words
from maild.settings import Settings

Json = dict[str, Any]
Section = tuple[str, str, str, str, Any, str]

#: notices whose reader is asked for a yes or a no
ASKING = frozenset({
    "approval_request", "approval_reminder", "approval_confirm", "approval_unclear",
    "quote_request", "cost_request",
})  # fmt: skip
#: notices to approvers, reference persons and agents: their reader is not the requester
TO_OTHERS = ASKING | {"approval_not_accepted", "adopt_request", "agent_alert"}


@dataclass(frozen=True, slots=True)
class Page:
    """One mail to be laid out: the notice's name, its cleaned data and the words of its language."""

    notice: str
    data: Json
    words: Words
    settings: Settings
    zone: str

    @property
    def echo(self) -> bool:
        """May the mail repeat what the customer wrote? Only a clear no forbids (SPEC, step 3)."""
        return self.data.get("echo") is not False

    def table(self, key: str) -> Json:
        """A nested table of the data; {} when absent."""
        found = self.data.get(key)
        return found if isinstance(found, dict) else {}

    def rows(self, key: str) -> list[Json]:
        """A list of tables of the data; [] when absent."""
        found = self.data.get(key)
        return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []

    def label(self, key: str) -> str:
        """The label of a row with its colon, which French sets apart."""
        phrases = self.words.phrases
        return phrases.get("label." + key, "") + phrases.get("format.colon", ":")

    def text(self, key: str) -> str:
        found = self.data.get(key)
        return found.strip() if isinstance(found, str) else ""


def name_of(person: Json) -> str:
    """ "Anna Kovács <anna@acme.example>", or whichever half there is."""
    name, address = person.get("name") or "", person.get("address") or ""
    if name and address and name != address:
        return f"{name} <{address}>"
    return name or address
