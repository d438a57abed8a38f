"""What a request is about: kind, severity, team and topic, each with the word that decided.

Kinds, the first whose table has a word wins (`PRECEDENCE`). Permissions and devices stand before
complaints because they must be held for approval whatever else the mail says; a complaint's team still
gets such a ticket. An incident stands before a change or a question: who asks how to mend something
that is broken reports it.

Tables of `permission`, `device` and `complaint` count in every language, so that a wrong guess of the
language lets nothing through; others count in the mail's language (and those of no language), and in
all where the language is unknown or nothing else names a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from maild.mail.keywords import (
    MOST_CHARACTERS,
    KeywordHit,
    WordList,
    matcher_of,
    word_list,
    word_list_of,
)
from maild.model import Classification, CompanyFacts, Reason
from maild.settings import Keywords, Settings
from maild.ticket import routing, trouble
from maild.ticket.fraud import without_fraud
from maild.ticket.request_words import HELD, TableHits, apart, look, masked
from maild.ticket.vocabulary import Severity, TicketKind

_K = TicketKind
PRECEDENCE = (
    _K.PERMISSION, _K.DEVICE, _K.COMPLAINT, _K.QUOTE, _K.INCIDENT, _K.CHANGE, _K.QUESTION, _K.FEEDBACK,
)  # fmt: skip
#: of each kind what it is made of, and the nearest that is another kind; a test runs both
EXAMPLES: dict[TicketKind, tuple[str, str]] = {
    _K.PERMISSION: ("Please give Dora access to the CRM.", "Access to the CRM stopped working."),
    _K.DEVICE: ("We need a new laptop for Dora.", "The new laptop shows no picture."),
    _K.COMPLAINT: ("This is unacceptable.", "The wall is not painted."),
    _K.QUOTE: ("How much would a server cost?", "Please give Dora access to the quotes."),
    _K.INCIDENT: ("The scanner does not work.", "How can I see whether the scanner works?"),
    _K.CHANGE: (
        "Please install the new reader.",
        "The reader that you installed is broken, please install it.",
    ),
    _K.QUESTION: ("How do I print on both sides?", "I cannot print on both sides, how do I mend that?"),
    _K.FEEDBACK: ("Great job with the phones.", "Great job, but the phones do not work."),
}
#: characters of a text in which requests are looked for; pieces of it that are read overlap by some words
_MOST_LOOKED_AT, _OVERLAP = 200_000, 200
EVERY_LANGUAGE = (_K.PERMISSION, _K.DEVICE, _K.COMPLAINT)
DEFAULT_KIND = TicketKind.QUESTION
DEFAULT_SEVERITY = Severity.USER
_MOST_SEVERE_FIRST = (*reversed(Severity),)


def classify(
    subject: str,
    new_text: str,
    language: str | None,
    company: CompanyFacts | None,
    settings: Settings,
    *,
    left_out: str = "",
    seen: str = "",
) -> Classification:
    """Kind, severity, team and topic of a request by the settings' keyword tables.

    Nothing found: kind `question`, severity `user`, the default team. Subject and new text count alike. `left_out`:
    sentences that new text leaves out; only what must be held for approval is looked for in them. `seen`: the new text
    without what its HTML hides, which may stand in the middle of a word; looked at in the same way.
    """
    everywhere, instead = _read(f"{subject}\n{new_text}", word_list_of(subject, new_text), settings)
    if seen and seen != new_text and not any(f.table.kind in HELD for f in everywhere):
        shown, _ = _read(f"{subject}\n{seen}", word_list_of(subject, seen), settings)
        everywhere += [hit for hit in shown if hit.table.kind in HELD]
    for start in range(MOST_CHARACTERS, min(len(new_text), _MOST_LOOKED_AT), MOST_CHARACTERS - _OVERLAP):
        # a request may stand at the end of a long text
        piece = new_text[start - _OVERLAP : start - _OVERLAP + MOST_CHARACTERS]
        further, _ = _read(piece, word_list(piece), settings)
        everywhere += [hit for hit in further if hit.table.kind in HELD]
    if left_out and not any(f.table.kind in HELD for f in everywhere):
        hidden = look(word_list(left_out), settings.keywords).tables
        everywhere += [hit for hit in hidden if hit.table.kind in HELD]
    here = [f for f in everywhere if _speaks(f.table, language)]
    reasons: list[Reason] = []
    kind = _kind(everywhere, here, reasons, instead)
    severity = _severity(here, reasons)
    topic, out_of_scope = _topic(here, company, reasons)
    team = _team(everywhere, here, kind, settings, reasons)
    asks = _asks(everywhere, kind, settings)
    return Classification(kind, severity, team, topic, out_of_scope, tuple(reasons), asks)


def _read(whole: str, said: WordList, settings: Settings) -> tuple[list[TableHits], Reason | None]:
    """What the tables find in subject and text, whose words these are; words of requests only where something is asked
    for; and the reason where they only name trouble."""
    looked = look(said, settings.keywords)
    everywhere = looked.tables
    if looked.fraud:
        # who asks whether a mail is a fraud wants nothing of what it offers, and must not wait
        whole = without_fraud(whole)
        said = word_list(whole)
        looked = look(said, settings.keywords)
        wanted = {hit.number for hit in looked.tables}
        everywhere = [f for f in everywhere if f.table.kind not in HELD or f.number in wanted]
    instead: Reason | None = None
    if held := [f for f in everywhere if f.table.kind in HELD]:
        told = trouble.only_trouble(whole, settings.keywords, _held_by(settings.keywords))
        if told is not None:
            instead = Reason(f"kind-{told}", f"no request, but trouble or a question: {held[0].evidence}")
            everywhere, held = [f for f in everywhere if f.table.kind not in HELD], []
    if not held:
        everywhere += apart(whole, said, looked, settings.keywords)
        everywhere += masked(whole, said, settings.keywords)
    return everywhere, instead


def _asks(everywhere: Sequence[TableHits], kind: TicketKind, settings: Settings) -> TicketKind | None:
    """What the words ask for that needs a consent, whatever else they say."""
    kinds = settings.approval.kinds
    asked = kind if kind in kinds else None
    return next((k for k in HELD if k in kinds and any(f.table.kind == k for f in everywhere)), asked)


def _speaks(table: Keywords, language: str | None) -> bool:
    return language is None or table.language in ("", language)


def _held_by(tables: tuple[Keywords, ...]) -> Callable[[Sequence[str]], list[KeywordHit]]:
    """What finds the words of permissions and devices."""
    words = matcher_of(tables)
    return lambda clause: [hit for hit in words.hits(clause) if tables[hit.table].kind in HELD]


def _kind(
    everywhere: Sequence[TableHits],
    here: Sequence[TableHits],
    reasons: list[Reason],
    instead: Reason | None = None,
) -> TicketKind:
    """`instead`: what a word that only names the trouble makes of a mail in which no other table speaks."""
    of_every, of_mine = _first_of_each(everywhere), _first_of_each(here)
    for of in (of_mine, of_every):
        for kind in PRECEDENCE:
            hit = (of_every if kind in EVERY_LANGUAGE else of).get(kind)
            if hit is not None:
                reasons.append(Reason(f"kind-{kind}", hit.evidence))
                return kind
    if instead is not None:
        reasons.append(instead)
        return TicketKind(instead.code.removeprefix("kind-"))
    reasons.append(Reason(f"kind-{DEFAULT_KIND}", "no word of any table"))
    return DEFAULT_KIND


def _first_of_each(hits: Sequence[TableHits]) -> dict[str, TableHits]:
    """kind -> the first that names it."""
    return {hit.table.kind: hit for hit in reversed(hits)}


def _severity(here: Sequence[TableHits], reasons: list[Reason]) -> Severity:
    """The most severe that any table names."""
    named = {hit.table.severity: hit for hit in reversed(here)}
    for severity in _MOST_SEVERE_FIRST:
        if hit := named.get(severity):
            reasons.append(Reason(f"severity-{severity}", hit.evidence))
            return severity
    reasons.append(Reason(f"severity-{DEFAULT_SEVERITY}", "no word of any table"))
    return DEFAULT_SEVERITY


def _topic(
    here: Sequence[TableHits], company: CompanyFacts | None, reasons: list[Reason]
) -> tuple[str, bool]:
    """The topic outside the contract if there is one, else that with the most hits, else the first named."""
    hits: dict[str, int] = {}
    first: dict[str, TableHits] = {}
    for hit in here:
        if hit.table.topic:
            hits[hit.table.topic] = hits.get(hit.table.topic, 0) + len(hit.hits)
            known = first.setdefault(hit.table.topic, hit)
            if hit.hits[0].at < known.hits[0].at:
                first[hit.table.topic] = hit
    if not hits:
        return "", False
    outside = {
        topic for topic in hits
        if _outside(topic, any(f.table.out_of_scope for f in here if f.table.topic == topic), company)
    }  # fmt: skip
    topic = min(hits, key=lambda t: (t not in outside, -hits[t], first[t].hits[0].at))
    reasons.append(Reason("topic", first[topic].evidence))
    if topic in outside:
        reasons.append(Reason("out-of-scope", topic))
    return topic, topic in outside


def _outside(topic: str, by_table: bool, company: CompanyFacts | None) -> bool:
    """What the contract says of the topic goes before what the table says."""
    if company is None or topic in company.covered:
        return by_table and company is None
    return topic in company.excluded or by_table or bool(company.covered)


def outside(topic: str, company: CompanyFacts | None, settings: Settings) -> bool:
    """Whether a topic that an agent has set lies outside the company's contract."""
    by_table = any(t.out_of_scope for t in settings.keywords if t.topic == topic)
    return bool(topic) and _outside(topic, by_table, company)


def _team(
    everywhere: Sequence[TableHits],
    here: Sequence[TableHits],
    kind: TicketKind,
    settings: Settings,
    reasons: list[Reason],
) -> str:
    """A complaint's own team, else the first table that names one, else by kind."""
    complaint = next((f for f in everywhere if f.table.kind == TicketKind.COMPLAINT), None)
    theirs = routing.of_kind(TicketKind.COMPLAINT, settings)
    if kind is TicketKind.COMPLAINT:
        return theirs
    if complaint is not None:
        reasons.append(Reason("also-complaint", complaint.evidence))
        return theirs
    named = next((f for f in here if f.table.team), None)
    if named is not None:
        reasons.append(Reason("team", named.evidence))
        return named.table.team
    return routing.of_kind(kind, settings) or settings.tickets.default_team
