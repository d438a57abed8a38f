"""Mails of the customers' page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Self

from maild.notice.content import Content, Reader, Say, mail
from maild.values import dataclass


@mail(
    "web_link", to=Reader.SENDER, when="a known contact asked the page for a way in", first="the link",
    todo="open it within a quarter of an hour; whoever did not ask ignores it", never="anything of a ticket",
)  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class WebLink(Content):
    of_ticket: ClassVar[bool] = False
    on_page: ClassVar[bool] = False
    url: str

    @classmethod
    def samples(cls, _say: Say) -> Iterator[tuple[str, Self]]:
        yield "", cls(url="https://help.example/in/k7qx2mpdk7qx2mpdk7qx2mpd")
