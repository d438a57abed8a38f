"""Is it an automatic answer: out of office, vacation, "we got your mail"?

RFC 3834, 5 (Auto-Submitted: auto-replied) and RFC 5230 (Sieve vacation); custom fields of programs that never
followed; Exchange's marks. Without a proof two hints are needed: a vacation subject at the very beginning,
a vacation's text, Exchange's weak marks. In: `Auto-Submitted: auto-replied` -> auto_reply.

What no person writes in front of somebody else's subject ("Abwesenheitsnotiz: [#1001] Drucker?"), or of themselves
("Anna Kiss is out of the office", from Anna Kiss: Notes), weighs as much as two hints. A question that sends the
reader to somebody else ("Urgent? Call Peter.") is none of a person who asks.

X-Auto-Response-Suppress alone proves nothing (Exchange sets it on people's mail too). `Re: ... out of office`
is a person. Known false match: somebody whose new mail begins "Out of office:" and says "I am on vacation".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from maild.fulltext import fold
from maild.mail.guard.auto_submitted import keyword
from maild.mail.guard.context import GuardView, reasons
from maild.mail.guard.prefixes import Prefixes
from maild.mail.guard.vacation_marks import (
    FIELDS,
    FORWARDING,
    GENERATED,
    NOT_FIELDS,
    OPENING,
    PRECEDENCE,
    first_letters,
    subject_pattern,
    text_pattern,
)
from maild.mail.text.subjects import is_forward, is_reply
from maild.model import Verdict

name = "vacation"
description = "an automatic answer: vacation, out of office, receipt of a mail"
example = "Auto-Submitted: auto-replied"
counter_example = "Subject: Out of office for Anna\n\nCould you set one? She is on vacation."

_FIELDS = Prefixes(FIELDS)
_WORD = re.compile(r"[^\W0-9_]+")
#: what an answer repeats of the mail that it answers is no question of its writer
_QUOTED = re.compile(r"[\"“„«'‘][^\"“„«'‘”»’]{1,200}[\"”“»'’]")
_ABSENCE = re.compile(
    r"out of (?:the )?office|\breturning\b|(?:nicht im büro|außer haus|abwesend|rückkehr|wieder da)|"
    r"(?:niet op kantoor|afwezig|terug op)|(?:házon kívül|irodán kívül|szabadságon|visszaté)|"
    r"(?:absent|retour le|en congé|hors du bureau)|fuera de la oficina|fuori (?:sede|ufficio)|ausente|poza biurem"
)
#: what Notes writes behind its user's name
_AWAY = re.compile(
    r"(?:is|will be|ist|est|nincs|van|jest|je|är|er|está|è) (?:currently |derzeit |zur zeit |momenteel |jelenleg )?"
    r"(?:out of (?:the )?office|away|on (?:leave|vacation|holiday)|außer haus|nicht im (?:büro|hause?)|abwesend|"
    r"im urlaub|auf dienstreise|niet (?:op kantoor|aanwezig)|afwezig|met vakantie|(?:az irodában|házon kívül|"
    r"irodán kívül|szabadságon|távol)|absente?|en congés?|en vacances|hors du bureau|fuera de la oficina|ausente|"
    r"fuori (?:sede|ufficio)|assente|poza biurem|nieobecn[ya]|mimo kancelář|inte på kontoret|ikke på kontoret)|"
    r"n'est pas au bureau|(?:házon|irodán) kívül van|szabadságon van|távol van"
)
#: what follows a question that sends the reader to somebody else
_REFERRAL = re.compile(
    r"\b(?:contact|call|e-?mail|write to|reach|ask|phone|ring|kontakt\w*|wenden|anrufen|rufen sie|schreiben sie|"
    r"neem contact|bel|mail naar|hívja|hívj\w*|írjon|írj|forduljon|keresse|appele[zr]|contacte[zr]|écri\w+|adresse[zr]|"
    r"llame|contacte|chiam\w+|contatt\w+|kontaktuj\w*)\b|@|\+?[0-9][0-9 /()-]{6,}"
)
#: "Anna Kiss/Acme/DE": Notes writes its users' whole names
_ORGANISATION = re.compile(r"/[^/ ]{1,40}")
#: what follows the phrase in a notice's subject: until when, of what, or what it is
_GOES_WITH = frozenset(
    {
        "until", "till", "thru", "through", "from", "to", "between", "on", "in", "for", "of", "back", "returning", "message",
        "reply", "response", "notice", "notification", "auto", "autoreply", "automatic", "alert", "bis", "vom", "von", "ab",
        "am", "im", "zum", "seit", "nachricht", "meldung", "mitteilung", "tot", "van", "vanaf", "op", "bericht", "melding",
        "jusqu", "du", "de", "au", "le", "la", "hasta", "desde", "del", "fino", "al", "dal", "do", "od", "ate", "até", "e",
        "és", "and", "und", "en", "et", "vagyok", "üzenet", "értesítés", "ig", "re", "aw",
    }
)  # fmt: skip
_SAYS_SO = re.compile(
    r"(?:this is an? (?:automatic|automated|auto)|dies ist eine automati|dit is een automatisch|ez egy automatikus)"
    r"[^.!?]{0,30}(?:reply|response|answer|message|antwort|nachricht|antwoord|bericht|válasz|üzenet)\b|"
    r"ceci est (?:un message|une réponse) automatique"
)
_REQUEST = re.compile(
    r"\b(?:please|bitte|kérem|kérjük|graag|merci de|veuillez|s'il vous plaît|can you|could you)\b"
)
#: who says what begins tomorrow says it today: a notice is sent on any day
_FROM_TOMORROW = re.compile(
    r"(?:from|starting|as of) (?:tomorrow|next)|(?:ab|von) morgen|vanaf morgen|holnaptól|holnapután|jövő hét|"
    r"dès demain|à partir de demain|"
    r"(?:a partir de|desde) mañana|da domani|od jutra|a partir de amanhã"
)
_NAME_WITHIN = 120
_TAG = re.compile(r"\[#[0-9]+\]|#[0-9]{3,}")


def check(view: GuardView) -> Verdict | None:
    """Proofs first; else hints that weigh two or more together."""
    signs = list(_proofs(view))
    if not signs:
        hints = list(_hints(view))
        if sum(weight for weight, _, _ in hints) >= 2:
            signs = [(code, evidence) for _, code, evidence in hints]
    return Verdict("auto_reply", reasons(signs), name) if signs else None


def _proofs(view: GuardView) -> Iterator[tuple[str, str]]:
    for value in view.fields.get("auto-submitted", ()):
        if keyword(value) == "auto-replied":
            yield "auto-replied", view.evidence("auto-submitted", value)
    for field in view.unusual:
        if not _FIELDS.find(field) or field in NOT_FIELDS:
            continue
        if view.first(field).strip().lower() not in ("no", "false", "0", "none"):
            yield "auto-reply-field", view.evidence(field)
    generated = view.first("x-autogenerated").strip().lower()
    # CommuniGate writes Forward, Mirror, Redirect on a person's mail that a rule passed on
    if generated and generated not in FORWARDING:
        yield "auto-reply-field", view.evidence("x-autogenerated")
    agent = view.first("x-ms-exchange-generated-message-source").lower()
    if agent and any(part in agent for part in GENERATED) and not _passed_on(view):
        yield "exchange-generated", view.evidence("x-ms-exchange-generated-message-source")
    for field in ("precedence", "preference", "x-precedence"):
        if view.first(field).strip().lower() in PRECEDENCE:
            yield "precedence-auto-reply", view.evidence(field)
    if "autoresponder" in view.first("delivered-to").lower():
        yield "auto-reply-field", view.evidence("delivered-to")
    if "autoresponder" in view.first("x-post-messageclass").lower():
        yield "auto-reply-field", view.evidence("x-post-messageclass")


def _is_absence(subject: str) -> bool:
    """Domino's "AUTO: Kiss, Anna is out of the office (returning 05.01.2027)", in its users' languages."""
    return _ABSENCE.search(subject) is not None


def _stands_before_ours(view: GuardView, rest: str) -> bool:
    """Whether a program put the phrase before the subject of the mail that it answers."""
    if not rest:
        # an answer to us under nothing but the phrase: a person's client would write "Re:"
        return bool(view.mail.in_reply_to)
    return bool(_TAG.search(rest)) or is_reply(rest) or bool(view.mail.in_reply_to)


def says_of_itself(view: GuardView, said: str) -> bool:
    """Whether `said` begins with the sender's own name and that they are away."""
    away = _AWAY.search(said)
    return away is not None and bool(view.mail.froms) and _is_name(view, said[: away.start()])


def names_itself(view: GuardView, said: str) -> bool:
    """Whether `said` begins with the sender's whole name, in either order."""
    boxes = view.mail.froms
    name = _WORD.findall(fold(boxes[0].name)) if boxes else []
    return bool(name) and sorted(_WORD.findall(fold(said[:_NAME_WITHIN]))[: len(name)]) == sorted(name)


def _is_name(view: GuardView, words: str) -> bool:
    """Whether nothing but the sender's own name stands there."""
    named = _WORD.findall(fold(_ORGANISATION.sub(" ", words)))
    boxes = view.mail.froms
    return bool(named and boxes) and set(named) <= set(_WORD.findall(fold(boxes[0].name)))


def _asks(text: str) -> bool:
    """Whether a question in `text` is put to the reader, and does not send them to somebody else."""
    at = text.find("?")
    while at >= 0:
        if _REFERRAL.search(text, at, at + 80) is None:
            return True
        at = text.find("?", at + 1)
    return False


def _is_topic(rest: str) -> bool:
    """Whether the phrase is what a person writes about: "Vacation days", no "Vacation until Monday"."""
    word = _WORD.match(rest.lstrip())
    return word is not None and rest[:1] == " " and word[0] not in _GOES_WITH


def _goes_on(subject: str, begins: re.Match[str]) -> bool:
    """Whether words follow the phrase without a colon or a dash: a person's sentence."""
    return not begins[2] and bool(_WORD.search(subject, begins.end()))


def _requests(text: str) -> bool:
    """Whether the writer asks the reader for something, and does not send them to somebody else."""
    return any(
        _REFERRAL.search(text, request.start(), request.start() + 80) is None
        and not text[: request.start()].endswith("wenden sie sich ")  # "... bitte an Peter"
        for request in _REQUEST.finditer(text)
    )


def _passed_on(view: GuardView) -> bool:
    """A rule redirected or forwarded a person's mail: Exchange marks it like the answers it makes itself."""
    return "resent-from" in view.fields or is_forward(view.mail.subject)


def _hints(view: GuardView) -> Iterator[tuple[int, str, str]]:
    subject = " ".join(view.mail.subject.lower()[:200].split())
    begins = subject_pattern().match(subject) if subject.lstrip(OPENING)[:2] in first_letters() else None
    if begins:
        # "Automatic reply: Printer" is made by a machine; "Vacation" people write too
        made = "auto" in begins[1] and len(begins[1]) > 4 and begins[2] == ":"
        made = made or (begins[1] == "auto" and begins[2] == ":" and _is_absence(subject))  # Domino
        made = made or (begins[1].endswith((" from", " van")) and _is_name(view, subject[begins.end() :]))
        ours = _stands_before_ours(view, subject[begins.end() :].lstrip(" :-])*>"))
        if not (ours or made) and _is_topic(subject[begins.end(1) :]):
            return
        yield 3 if ours else 2 if made else 1, "vacation-subject", f"Subject: {subject}"
    elif (
        view.mail.in_reply_to
        and "auto" in view.head_as_it_stands()  # each of its phrases has it
        and (said := _SAYS_SO.match(view.head().lstrip("*-=_ ")))
    ):
        # a text that begins by saying that a machine wrote it; a question would be a person's
        yield 2, "vacation-text-first", said[0]
        begins = said
    elif (
        (away := _AWAY.search(subject)) and len(subject) - away.end() <= 60 and says_of_itself(view, subject)
    ):
        begins = away
        yield 3, "vacation-subject", f"Subject: {subject}"
    suppress = view.first("x-auto-response-suppress")
    if suppress and begins and not view.mail.in_reply_to and _goes_on(subject, begins):
        suppress = ""  # Exchange puts it on people's mail, too: "Out of office for Anna"
    if suppress and begins:
        yield 1, "exchange-suppress", view.evidence("x-auto-response-suppress")
    looped = "x-ms-exchange-inbox-rules-loop" in view.fields and not _passed_on(view)
    if looped:
        yield 1, "exchange-rules-loop", view.evidence("x-ms-exchange-inbox-rules-loop")
    if begins or view.null_sender or looped:
        head = view.head()
        text = text_pattern().search(head)
        # one word in both is what it is about: "Autoreply" above "The autoreply still says 2025"
        repeated = text and begins and " " not in text[0] and begins[0].strip(" :-") == text[0]
        if text and (view.null_sender or not repeated):
            yield 1, "vacation-text", text[0]
        if view.null_sender and (text or begins):
            yield 1, "null-sender", "the envelope's sender is null"
        # who asks for something wrote it: "please set an out of office for Anna, she is on vacation"
        if view.null_sender:
            return
        if _FROM_TOMORROW.search(head):
            yield -1, "plans", "an absence that begins tomorrow"
        if not view.mail.in_reply_to and _requests(head[:600]):
            yield -1, "asks-something", "a request in the text"
        elif _asks(_QUOTED.sub(" ", head[:600])) and not suppress:
            yield -1, "asks-something", "a question mark in the text"


def own_question(view: GuardView) -> bool:
    """Whether the writer asks the reader something or for something, and does not send them to somebody else; or plans."""
    return asks_or_plans(view) or _requests(_QUOTED.sub(" ", view.head()[:600]))


def asks_or_plans(view: GuardView) -> bool:
    """Whether a question is put to the reader, or what is told begins tomorrow."""
    head = _QUOTED.sub(" ", view.head()[:600])
    return _asks(head) or _FROM_TOMORROW.search(head) is not None
