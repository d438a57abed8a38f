"""A request inside of what is taken for thanks, for a rating or for an absence notice: held as any other."""

from __future__ import annotations

from itertools import count

import pytest

from maild.app import acts
from maild.ticket.phases import Phase
from tests.consent.test_acts import act
from tests.consent.test_rightful import ANNA, PLAIN, request
from tests.consent.world import World
from tests.harness.mails import mail

#: a whole daemon with DNS and keys
pytestmark = pytest.mark.slow

AWAY = "I am out of the office until Thursday and will reply on my return. "
#: subject before the tag, text
ASKED = {
    "thanks in masked letters": ("Re: ", "Thanks for giving Dora acc3ss to the payroll."),
    "thanks with a soft hyphen": ("Re: ", "Thanks for giving Dora ac\u00adcess to the payroll."),
    "thanks below a subject": ("Please give Dora access to the payroll ", "Thanks, Anna"),
    "thumbs up below a subject": ("Please give Dora access to the payroll ", "\U0001f44d"),
    "a rating below a subject": ("Please give Dora access to the payroll ", "Satisfied"),
    "a deputy's mailbox": ("Re: ", f"{AWAY}In urgent cases contact Peter, please give him access to my mailbox."),
    "a deputy's rights": ("Re: ", f"{AWAY}Peter needs write access to the payroll in urgent cases."),
    "a mailbox for a deputy": ("Re: ", f"{AWAY}Full access to my mailbox for Peter."),
    "what a deputy should have": ("Re: ", f"{AWAY}My deputy Peter should have access to my mailbox."),
    "masked, beside limited access": ("Re: ", f"{AWAY}I have limited access to e-mail, Peter needs acc3ss to payroll."),
    "a notice below a subject": ("Please give Dora access to the payroll ", AWAY),
    "in German": ("Re: ", "Ich bin bis Montag im Urlaub und antworte danach. "
                  "Meine Vertretung Peter Nagy bekommt bitte Zugriff auf mein Postfach."),
}  # fmt: skip
#: what stays what it is: thanks, or a notice
PLAIN_WORDS = {
    "thanks": "Thanks for the quick help, Anna",
    "thumbs up": "\U0001f44d",
    "away": AWAY,
    "limited access": f"{AWAY}I have limited access to my e-mails.",
    "without access": f"{AWAY}I may not have access to my mailbox.",
    "a deputy who has it": f"{AWAY}My deputy has access to my mailbox.",
    "eingeschränkt": "Ich bin bis Montag im Urlaub und habe nur eingeschränkten Zugriff auf mein Postfach.",
    "beperkt": "Ik ben tot maandag afwezig en heb beperkt toegang tot mijn mail. Ik antwoord daarna.",
}
_days = count(1)


def _answer(world: World, phase: Phase, before: str, text: str) -> int:
    number: int = world.send(request(f"The scanner {next(_days)} does not work.", more=PLAIN))["ticket"]
    act(world, number, lambda a, t: acts.phase(a, t, phase))
    world.send(mail(ANNA, f"{before}[#{number}] Share", f"{text}\r\n"))
    return number


@pytest.mark.parametrize("phase", [Phase.IN_PROGRESS, Phase.WAITING_CUSTOMER, Phase.RESOLVED])
@pytest.mark.parametrize("name", ASKED)
def test_a_request_is_held_whatever_its_mail_looks_like(world: World, name: str, phase: Phase) -> None:
    number = _answer(world, phase, *ASKED[name])
    assert world.phase(number) == "awaiting_approval"
    assert world.read(lambda tx: tx.consents.waiting(number)) is not None


#: subject, text
NEW = [
    ("Ledger", "Please give Dora access to the ledger. Yesterday's mail was a scam."),
    ("Question", "Full access to my mailbox for Dora, please. Is it legit to want that?"),
    ("Give Dora access to the ledger", "Is it legit to ask so? It is."),
    ("New laptop", "Please send Dora our new laptop this week."),
    ("New laptop", "\U0001f44d\r\n\r\nFor Dora, from Monday."),
]


@pytest.mark.parametrize(("subject", "text"), NEW)
def test_words_of_a_fraud_or_of_ones_own_hide_no_request(world: World, subject: str, text: str) -> None:
    row = world.send(mail(ANNA, subject, f"{text}\r\n"))
    assert world.phase(row["ticket"]) == "awaiting_approval"


def test_a_notice_below_a_subject_that_asks_is_held_on_a_ticket_without_a_subject(world: World) -> None:
    number: int = world.send(mail(ANNA, "", f"The scanner {next(_days)} does not work.\r\n"))["ticket"]
    world.send(mail(ANNA, f"[#{number}] Please give Dora access to the payroll", f"{AWAY}\r\n"))
    assert world.phase(number) == "awaiting_approval"


@pytest.mark.parametrize("name", PLAIN_WORDS)
def test_thanks_and_notices_wake_nobody(world: World, name: str) -> None:
    assert world.phase(_answer(world, Phase.RESOLVED, "Re: ", PLAIN_WORDS[name])) == "resolved"
