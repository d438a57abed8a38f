"""A statement that names no fault by a table's word, but tells that a thing does what it should not, is an incident."""

from __future__ import annotations

from collections.abc import Callable

from maild.mail.keywords import default_keywords
from maild.settings import Settings
from maild.ticket.classify import classify
from maild.ticket.trouble import tells_of_fault
from maild.ticket.vocabulary import TicketKind
from tests import timing
from tests.cases import cases

SETTINGS = Settings(keywords=default_keywords())

FAULTS = """
    The printer prints blank pages.
    My mouse double-clicks by itself.
    The keyboard types every letter twice.
    The till beeps all the time.
    Outlook keeps asking for my password.
    Der Drucker druckt leere Seiten.
    Die Maus bewegt sich von selbst.
    Das Notebook startet ständig neu.
    Der Scanner macht schwarze Streifen.
    L'imprimante sort des pages blanches.
    La souris bouge toute seule.
    L'écran clignote.
    De printer drukt blanco pagina's af.
    De muis beweegt vanzelf.
    Het toetsenbord typt alles dubbel.
    A nyomtató üres lapokat ad ki.
    Az egér magától mozog.
    A telefon folyton csipog.
    The second monitor stays black when I dock my laptop.
    My phone rings once and then the call is dropped.
    Mein Konto ist gesperrt.
    Le nouvel écran clignote dès que je branche le portable.
    Het scherm flikkert zodra ik de laptop in het dock zet.
    Az új monitor villog, amikor a laptopot a dokkolóra teszem.
"""

#: questions, wishes and news with the same words
OTHERS = """
    I do not know how to print on both sides.
    We do not need the old laptops any more.
    We do not use the printer in room 5 any more.
    No hurry with the laptop.
    The technician did not come on Tuesday.
    There is nobody in the office on Friday.
    I have not received the invoice for the laptops.
    Not urgent: how do I connect a second monitor
    The new phones are not installed yet.
    Ich weiß nicht, wie man am Drucker beidseitig druckt.
    Der Techniker ist am Dienstag nicht gekommen.
    Keine Eile mit dem Laptop.
    Je ne sais pas comment imprimer recto verso.
    Nous n'utilisons pas ce portable.
    Pas d'urgence pour l'écran.
    Ik weet niet hoe de printer dubbelzijdig afdrukt.
    Geen haast met de laptop.
    Nem tudom, hogyan nyomtathatok kétoldalasan.
    Nem sürgős a laptop.
    A telefont nem használjuk.
    Why is the monitor black?
    The three monitors arrived today.
    I am not in on Thursday.
    Our new phone number is 020 7946 0112.
"""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


@cases("text", _lines(FAULTS))
def test_a_statement_of_what_a_thing_does_is_an_incident(text: str) -> None:
    found = classify("Hello", text, None, None, SETTINGS)
    assert (found.kind, found.asks) == (TicketKind.INCIDENT, None)
    assert len([reason for reason in found.reasons if reason.code.startswith("kind-")]) == 1


@cases("text", _lines(OTHERS))
def test_what_names_no_trouble_with_a_thing_is_none(text: str) -> None:
    assert classify("Hello", text, None, None, SETTINGS).kind != TicketKind.INCIDENT


def test_a_table_that_names_another_kind_goes_before_it() -> None:
    text = "The monitor stays black. Please install a driver."
    assert classify("Hello", text, None, None, SETTINGS).kind == TicketKind.CHANGE


def test_long_texts_cost_as_their_length() -> None:
    def reading(size: int) -> Callable[[], object]:
        text = ("is the monitor black? no, the phone. " * size)[:size]
        return lambda: tells_of_fault(text)

    timing.grows_as_its_size(reading, 4_500)
