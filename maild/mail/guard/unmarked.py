"""Is it a program's answer that no field names?

Old programs, and gateways that take fields away, leave nothing but the words. No RFC. Only answers to a mail of the
desk are looked at (In-Reply-To, or a tag in the subject): what begins a conversation is a person's unless a mark says
otherwise. What a person's client would not do is to answer under a subject of its own, or to put words in front of
"Re:". In: `Anna Kiss Re: [#1001] Printer` above "I'm on vacation until 9 November" -> auto_reply.

Law: a statement such programs exist for (`CORE`: away, gone, closed, received) stands in it, and

- under a subject that is no reply's, two things speak for it, in subject or text, the words before "Re:" being one;
- under a reply's subject the writer is away, says that the mail is not read or forwarded, and one thing more; or the
  text says nothing else at all, and among it what such a program alone tells (`_ENOUGH`), or three things.

A text that is a notice from its first sentence to its last, in whatever words, is mail/guard/whole_notice.py's.
A question or request of the writer's own takes one away, and what asks for something that needs a consent is a person's,
whatever else it says: nothing but words speaks for a program. Counter-examples: "Re: [#1001] Printer" above "I am on
vacation from Monday, come before that", a person's plan; "New phone" above "Anna is on leave, can she have one?".
Known false match: who changes the subject of an answer to "Office closed" and says so again in the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from maild.mail.guard import whole_notice
from maild.mail.guard.context import GuardView, reasons
from maild.mail.guard.unmarked_words import CORE, KINDS, Says, words
from maild.mail.guard.vacation import asks_or_plans, own_question, says_of_itself
from maild.mail.keywords import tokens, word_list
from maild.mail.languages import reply_prefixes
from maild.mail.text.subjects import is_forward, is_reply
from maild.model import Verdict

name = "unmarked"
description = "an absence notice or a receipt by its words alone, in answer to a mail of the desk"
example = "Subject: Levelét megkaptuk: [#15789] Nyomtató\n\nHamarosan válaszolunk."
counter_example = (
    "Subject: Re: [#15789] Printer\nIn-Reply-To: <1@desk.example>\n\n"
    "I am out of the office until Monday, Peter will let you in."
)

_TAG = re.compile(r"\[#[0-9]+\]|#[0-9]{3,}")
#: words, then a reply prefix: `Anna Kiss Re: x`, `Even weg AW: x`
_IN_FRONT = re.compile(r"\S[^:：]{0,60}\s(\w{1,8}) ?[:：]")
#: what a program puts behind the subject that it answers
_BEHIND = re.compile(r"[\[(]([^\])]{3,40})[\])]\s*$")
_HEAD = 900
#: what a person who answers has no reason to say beside it, where the text says nothing else
_ENOUGH: dict[Says, frozenset[Says]] = {
    Says.AWAY: frozenset((Says.UNREAD, Says.MACHINE, Says.LATER)),
    Says.GONE: frozenset((Says.REFERS, Says.UNREAD, Says.MACHINE, Says.THANKS)),
    Says.CLOSED: frozenset((Says.UNREAD, Says.MACHINE, Says.LATER)),
    Says.RECEIVED: frozenset((Says.MACHINE, Says.NUMBERED)),
    Says.MACHINE: frozenset((Says.UNREAD, Says.NUMBERED, Says.RECEIVED)),
}
_THINGS = 3
_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\S))+")
#: a greeting, a name
_SHORT = 3
#: "[#1001] Printer - received": the one word that a program puts behind the subject which it answers
_TAIL = re.compile(
    r"[-\u2013\u2014:]\s*(?:received|registered|request received|eingegangen|erhalten|registriert|ontvangen|geregistreerd|"
    r"megérkezett|megkaptuk|iktatva|rögzítve|reçue?|bien reçue?|enregistrée?|recibid[oa]|ricevut[oa]|recebid[oa]|"
    r"otrzyman[oey])\s*\Z",
    re.IGNORECASE,
)
#: one of these stands in whatever speaks of an absence; an ordinary answer is held against no table
_GATES = (
    "office", "away", "leave", "vacation", "holiday", "urlaub", "abwesen", "büro", "afwezig", "vakantie", "kantoor",
    "verlof", "szabads", "irod", "távol", "absent", "congé", "vacances", "oficina", "vacaciones", "ausente", "ferie",
    "assente", "ufficio", "urlop", "biur", "nieobecn", "férias", "escritório", "kurzarbeit", "teilzeit", "elternzeit",
    "no longer", "have left", "nicht mehr", "niet meer", "nem dolgoz", "gyed", "munkaid", "ne travaille plus", "chômage",
    "part time", "part-time", "umgezogen", "verhuisd", "költöz", "déménag", "automat", "received", "eingegangen",
    "ontvangen", "nummer",
)  # fmt: skip


def check(view: GuardView) -> Verdict | None:
    """Two things under a subject of its own, three under a reply's; never what asks for something that is held."""
    found = _by_its_words(view)
    return None if found is None or view.ctx.asks(view.mail) else found


def _by_its_words(view: GuardView) -> Verdict | None:
    mail = view.mail
    if not mail.in_reply_to and not _TAG.search(mail.subject[:200]):
        return None
    if is_forward(mail.subject):
        return None
    if found := _whole(view):
        return found
    reply, behind = is_reply(mail.subject), _BEHIND.search(mail.subject[:200])
    subject: dict[Says, str] = {}
    if not reply:
        subject = _said(mail.subject[:200], "Subject")
        if tail := _TAIL.search(mail.subject[:200]):
            subject.setdefault(Says.RECEIVED, f"Subject: {tail[0].strip(' -:')}")
    elif behind and (subject := _said(behind[1], "Subject")):
        reply = False  # "Re: [#1001] Printer [Abwesend]"
    if reply and not any(map(view.head_as_it_stands().__contains__, _GATES)):
        return None
    # a word of the subject that the text repeats is said once: "Acknowledgement letter", "That letter is missing"
    repeated = {shown.partition(": ")[2] for shown in subject.values()}
    text = _said(_beginning(view), "text", repeated)
    if Says.AWAY in text and says_of_itself(view, view.head()[:200]):
        text[Says.MACHINE] = "text: the sender's own name"  # who writes it says "I"
    if not CORE & (subject.keys() | text.keys()):
        return None
    if reply:
        enough = Says.AWAY in text and Says.UNREAD in text and len(text) - own_question(view) >= _THINGS
        enough = enough or (
            _by_itself(text) and not own_question(view) and _nothing_else(mail.new_text or mail.text)
        )
        evidence = [*text.items()] if enough else []
    else:
        evidence = [*subject.items(), *text.items()]
        front = _IN_FRONT.match(mail.subject)
        if front and front[1].lower() in reply_prefixes():
            evidence.append((Says.MACHINE, view.evidence("subject", mail.subject)))
    if not evidence or (not reply and len(evidence) - own_question(view) < 2):
        return None
    return Verdict("auto_reply", reasons([(f"unmarked-{says}", shown) for says, shown in evidence[:5]]), name)


def _beginning(view: GuardView) -> str:
    """What is read of the text; of a short one in ASCII the words are the same as it stands, and known already."""
    text = view.mail.new_text or view.mail.text
    return text if len(text) <= _HEAD and text.isascii() else view.head()[:_HEAD]


def _whole(view: GuardView) -> Verdict | None:
    """A text all of whose sentences are a notice's, in whatever words."""
    text = view.mail.new_text or view.mail.text
    if len(text) > whole_notice.LONGEST:
        return None
    title = "" if is_reply(view.mail.subject) else view.mail.subject[:200]
    told = whole_notice.tells(text, title, view.mail.froms[0].name if view.mail.froms else "")
    if not told or asks_or_plans(view):
        return None
    return Verdict(
        "auto_reply",
        reasons([(f"notice-{one}", "said in words, and nothing else") for one in told[:5]]),
        name,
    )


def _by_itself(text: Collection[Says]) -> bool:
    """Whether a program tells so much, and a person who answers does not."""
    return len(text) >= _THINGS or any(_ENOUGH[says] & set(text) for says in CORE & set(text))


def _nothing_else(text: str) -> bool:
    """Whether every sentence tells one of these things; before the first and behind the last may stand a greeting or a
    name."""
    told = []
    for sentence in _SENTENCE.findall(text[:_HEAD]):
        spoken = tokens(sentence)
        if any(map(str.isalpha, spoken)):
            other = len(spoken) > _SHORT or any(character in "0123456789" for character in sentence)
            told.append("told" if words().hits(spoken) else "other" if other else "short")
    if len(text) > _HEAD or "told" not in told or "other" in told:
        return False
    last = len(told) - told[::-1].index("told")
    return "short" not in told[told.index("told") : last]


def _said(text: str, where: str, but: Collection[str] = ()) -> dict[Says, str]:
    """What it tells, each with the words that tell it; words in `but` tell nothing more."""
    said: dict[Says, str] = {}
    listed = word_list(text)
    for hit in words().hits(listed.words, listed.different):
        if hit.word in but:
            continue
        said.setdefault(KINDS[hit.table], f"{where}: {hit.word}")
    return said
