"""What a mail is laid out from: its content, its reader, its language; and the blocks that it is made of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from maild.notice.consent_mails import Asking
from maild.notice.content import Content, Reader
from maild.notice.values import NamedPerson, RequestedConsent
from maild.render.words import Phrasebook, weekdays
from maild.render.wrap import HELD, WIDTH, counted, together
from maild.settings import Settings
from maild.values import dataclass

#: readers who are not the requester: nothing of the requester's own data is told to them
OTHERS = frozenset({Reader.APPROVER, Reader.REFERENCE, Reader.AGENT, Reader.MANAGER})


@dataclass(frozen=True, slots=True)
class PageBlock:
    """One part of a mail. `kind` says what `body` is:

    "words" text that somebody wrote now; "quote" text of an earlier mail; "text" a sentence of ours;
    "big" (label, value); "rows" and "line" [(label, value)]; "list" [text]; "parts" [(title, text)];
    "history" [(when, headline, text)]; "ask" `Ask`; "table" `FigureTable`; "pictures" [(content id, text for who
    cannot see it)].
    `tone`: "strong" (one a mail), "warn", "quiet" or "".
    """

    id: str
    kind: str
    body: Any
    heading: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """The question of an approval mail: what it is about in one figure, and two ways to answer."""

    label: str = ""  # of the figure: "Amount"
    figure: str = ""
    buttons: tuple[tuple[str, str, bool], ...] = ()  # (label, mailto: address, is it the yes)
    ways: tuple[tuple[str, str], ...] = ()  # ("To approve", "approve, approved or yes")
    links: tuple[tuple[str, str], ...] = ()  # (label, address) on the customers' page
    links_label: str = ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Names and their figures; the first head stands above the names."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """As plain text: figures below each other, or below their name where a line would be too long."""
        widths = [max(len(row[i]) for row in (self.heads, *self.rows)) for i in range(len(self.heads))]
        if sum(widths) + 2 * (len(widths) - 1) > WIDTH:
            return tuple(
                line
                for name, *figures in (self.heads, *self.rows)
                for line in (name, "    " + "  ".join(figures))
                if line.strip()
            )
        return tuple(
            "  ".join(
                (row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)))
            )
            for row in (self.heads, *self.rows)
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One mail to be laid out. `reader`: whom it greets; `reply_to`: where an answer goes."""

    content: Content
    words: Phrasebook
    settings: Settings
    reader: NamedPerson | None = None
    reply_to: str = ""

    @property
    def notice(self) -> str:
        return self.content.name

    @property
    def zone(self) -> str:
        return self.content.about.timezone

    @property
    def asks(self) -> bool:
        """Is its reader asked for a yes or a no?"""
        return isinstance(self.content, Asking)

    @property
    def echo(self) -> bool:
        """May the mail repeat what the customer wrote? (contract, What happens to a mail, 3)"""
        return self.content.echo

    @property
    def to_others(self) -> bool:
        """Is its reader somebody else than the requester?"""
        return self.content.reader in OTHERS or bool(self.own("to_reference") or self.own("to_decider"))

    @property
    def page_url(self) -> str:
        """Where the reader finds the ticket on the customers' page; "" without one, and for who would not see it
        there."""
        content, url = self.content, self.settings.web.url.rstrip("/")
        theirs = content.reader in (Reader.CUSTOMER, Reader.SENDER) and not self.to_others
        if not url or not theirs or not content.number or not self.echo or not content.on_page:
            return ""
        return f"{url}/tickets/{content.number}"

    @property
    def decision(self) -> RequestedConsent | None:
        consent = self.own("consent")
        return consent if isinstance(consent, RequestedConsent) else None

    @property
    def confirms_apart(self) -> bool:
        """Whether the requester alone is asked, in a second mail, for the approval that this mail speaks of."""
        asked = [one.address for one in self.own("approvers") or ()]
        return asked == [self.content.about.requester.address]

    def own(self, field: str) -> Any:
        """A field that only some mails have; None for one that has it not."""
        return getattr(self.content, field, None)

    def label(self, key: str) -> str:
        """The label of a row with its colon, which French sets apart."""
        phrases = self.words.phrases
        return phrases.get("label." + key, "") + phrases.get("format.colon", ":")

    def when(self, at: datetime | None) -> str:
        return self._together(self.words.when(at, self.zone, self.content.about.at))

    def short_when(self, at: datetime | None) -> str:
        return self._together(self.words.short_when(at, self.zone, self.content.about.at))

    def day(self, at: Any) -> str:
        return self._together(self.words.day(at, self.zone, self.content.about.at))

    def long_date(self, iso: str) -> str:
        return self._together(self.words.long_date(iso))

    def duration(self, minutes: Any) -> str:
        """Hours and minutes, each number with its unit on one line."""
        return self.words.duration(minutes, HELD)

    def count(self, key: str, n: Any) -> str:
        """The phrase for so many, the number and what it counts on one line."""
        return counted(self.words.count(key, n))

    def _together(self, date: str) -> str:
        return together(date, weekdays(self.words.language)) if date else ""


def name_of(name: str, address: str) -> str:
    """ "Anna Kovács <anna@acme.example>", or whichever half there is."""
    if name and address and name != address:
        return f"{name} <{address}>"
    return name or address
