"""Mails to our own people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from maild.notice import sampled
from maild.notice.content import Content, Reader, Say, mail


@mail(
    "agent_alert", to=Reader.AGENT, when="something needs an agent", first="what it is about",
    todo="what the lines say", never="an approval's token",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAlert(Content):
    alert: str  # code, words.toml [alert]
    lines: tuple[str, ...] = ()

    @classmethod
    def samples(cls, say: Say) -> Iterator[tuple[str, Self]]:
        yield (
            "",
            cls(
                about=sampled.about(say), alert="breach", lines=(f"#15789 Acme Kft.: {say('sample.reason')}",)
            ),
        )
