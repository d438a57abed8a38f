"""What the log keeps of an answer to an approval mail: enough to judge it again from the raw mail."""

from __future__ import annotations

from dataclasses import asdict

from maild.model import ConditionResult, JsonObject
from maild.values import dataclass


@dataclass(frozen=True, slots=True)
class AnswerEvidence:
    """Who wrote, which mail it was (`received_at` in ISO 8601), which word was read, what was proved of the sender, and
    which conditions held."""

    sender: str | None
    message_id: str | None
    sha256: str
    received_at: str | None
    source: str
    word: str
    authenticated: str
    how: str
    signing_domain: str
    conditions: tuple[ConditionResult, ...]

    def to_json(self) -> JsonObject:
        """As the log chains it: old rows are checked by these keys, in any order."""
        return {
            "from": self.sender, "message_id": self.message_id, "sha256": self.sha256, "received_at": self.received_at,
            "source": self.source, "word": self.word, "authenticated": self.authenticated, "how": self.how,
            "signing_domain": self.signing_domain, "conditions": [asdict(one) for one in self.conditions],
        }  # fmt: skip
