"""Is it a read receipt, or a program's wish to take a mail back?

RFC 8098 (message disposition notifications): `multipart/report; report-type=disposition-notification`;
Exchange also marks `Content-Class: urn:content-classes:mdn`. In: `Read: Printer` of Outlook -> auto_reply.

Gateways and old programs leave nothing but words: the receipt's label in front of the subject *and* its sentence
below ("was read on", "wurde gelesen"), or Outlook's sentence that somebody "would like to recall the message".
Counter-examples: "Gelesen: Ihre Mail" above "bitte kommen Sie am Montag"; "How do I recall a message?".
Known false match: none; a person who forwards a receipt sends another Content-Type.
"""

from __future__ import annotations

import re

from maild.mail.guard.context import GuardView
from maild.model import Reason, Verdict

name = "receipt"
description = "a read receipt (disposition notification), or a recall of a mail"
example = "Content-Class: urn:content-classes:mdn"
counter_example = "Subject: Gelesen: Ihre Mail\n\nBitte kommen Sie am Montag."

_LABEL = re.compile(
    r"(?:recall|rückruf|(?:bericht )?intrekken|visszahívás|rappel|recuperar|richiama|odwołaj|cofnięcie) ?:|"
    r"(?:not read|read|opened|gelesen|ungelesen|gelezen|ongelezen|olvasás|olvasva|elolvasva|olvasatlan|lu|"
    r"non lu|leído|letto|lido|lida|"
    r"przeczytano|przeczytane|läst|læst|lest|luettu) ?:|"
    r"(?:return|read|reading) (?:receipt|confirmation)|disposition notification|(?:lese|empfangs)bestätigung|"
    r"leesbevestiging|"
    r"ontvangstbevestiging|olvasási (?:vissza)?igazolás|olvasottsági|(?:accusé|confirmation) de lecture|"
    r"confirmaci[oó]n de lectura|"
    r"acuse de (?:lectura|recibo)|conferma di lettura|ricevuta di ritorno|confirmação de leitura|recibo de leitura|"
    r"potwierdzenie (?:przeczytania|odczytu)"
)
_SAID = re.compile(
    r"\bwas (?:read|opened|displayed) (?:on|by|at)\b|\bwas (?:read|opened|displayed)\b.{0,40}$|"
    r"without being read|this is a (?:return|read) receipt|"
    r"(?:message|e-?mail) (?:was|has been) (?:read|displayed|opened)|"
    r"wurde (?:ungelesen )?(?:am .{0,40})?(?:gelesen|gelöscht|geöffnet|angezeigt)|"
    r"dies ist eine (?:empfangs|lese)bestätigung|"
    r"(?:is|werd) (?:gelezen|geopend|weergegeven|ongelezen verwijderd)|dit is een leesbevestiging|"
    r"(?:el lett|lett) olvasva|elolvasták|megjelenítették|megnyitották|olvasás nélkül|"
    r"(?:a été|été) (?:lu|ouvert|affiché)|sans être lu|"
    r"ceci est un accusé de (?:réception|lecture)|(?:ha sido|fue) (?:leído|abierto|mostrado)|"
    r"è stato (?:letto|aperto|visualizzato)|"
    r"foi (?:lida|lido|aberta|exibida)|(?:została|został) (?:przeczytana|odczytana|przeczytany|wyświetlona)"
)
_RECALL = re.compile(
    r"would like to recall the (?:message|e-?mail),? [\"“„«']|möchte die nachricht [\"“„«'].{0,200}zurückrufen|"
    r"wil het bericht [\"“„«'].{0,200}intrekken|vissza szeretné (?:hívni|vonni) a.{0,20}üzenetet|"
    r"souhaite rappeler le message [\"“„«']|"
    r"desea recuperar el mensaje [\"“„«']|vuole richiamare il messaggio [\"“„«']|chce odwołać wiadomość [\"“„«']"
)
_LONGEST = 500


def check(view: GuardView) -> Verdict | None:
    """The root's Content-Type or the part that mail/parse/ found in a report, then the words."""
    content = view.first("content-type").lower()
    root = view.mail.content_type
    if "disposition-notification" in content and root in (
        "multipart/report",
        "message/disposition-notification",
    ):
        return _verdict(view.evidence("content-type"))
    if root == "multipart/report" and view.mail.report and view.mail.report.kind == "disposition":
        return _verdict(view.evidence("content-type"))
    if "content-classes:mdn" in view.first("content-class").lower():
        return _verdict(view.evidence("content-class"))
    return _by_words(view)


def _by_words(view: GuardView) -> Verdict | None:
    """The label in front of the subject and the program's sentence."""
    label = _LABEL.match(view.mail.subject[:100].lower())
    if label is None:
        return None
    head = view.head()
    if len(head) > _LONGEST or "?" in head:
        return None
    recall = _RECALL.search(head)
    if recall:
        return Verdict("auto_reply", (Reason("recall", recall[0][:200]),), name)
    said = _SAID.search(head)
    return _verdict(f"{view.evidence('subject', view.mail.subject)}; {said[0]}"[:200]) if said else None


def _verdict(evidence: str) -> Verdict:
    return Verdict("auto_reply", (Reason("read-receipt", evidence),), name)
