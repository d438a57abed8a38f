"""An offer through the real port: asked for, sent, asked about, replaced, accepted by the person who asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from maild.demo.served import letter
from maild.demo.simulated import Posted, SimulatedDesk
from tests.harness.people import company, contact
from tests.scenarios.desk import scenario_desk

pytestmark = pytest.mark.slow

BUYER = "Vevő Vera <vera@buyer.example>"
#: her company's language does not limit hers
BUYERS = (
    contact("vera@buyer.example", "Vevő Vera", roles=["reference", "approver"], approves=["quote", "cost"]),
    contact("peter@buyer.example", "Peter"),
)
#: accepts, language, what she writes
ACCEPTED = (
    ("hu", "Elfogadom."),
    ("hu", "Elfogadom az árajánlatot."),
    ("de", "Wir nehmen das Angebot an."),
    ("nl", "Akkoord, ga je gang."),
    ("nl", "Wij gaan akkoord met uw offerte."),
    ("fr", "J'accepte."),
    ("fr", "J’accepte votre devis."),
    ("en", "I accept your offer."),
    ("en", "We accept the quote. Thank you!"),
)


def desk_of(folder: Path, prepared: Path, language: str) -> Iterator[SimulatedDesk]:
    with scenario_desk(folder, prepared=prepared) as desk:
        desk.with_companies(company("buyer", "Buyer Kft.", language, *BUYERS))
        yield desk


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path, prepared: Path) -> Iterator[SimulatedDesk]:
    yield from desk_of(tmp_path, prepared, getattr(request, "param", "en"))


def asked_for(desk: SimulatedDesk, subject: str = "Three notebooks") -> int:
    desk.send(letter(BUYER, subject, "Please send us an offer for three notebooks."))
    return int(desk.rows("mail", "list", "--limit", "1")[0]["ticket"])


def offered(desk: SimulatedDesk, number: int, *options: str) -> Posted:
    """The offer as she gets it."""
    before = len(desk.posted)
    given = options or ("--amount", "1450000", "--currency", "HUF")
    desk.act("kata", "quote", "send", str(number), *given, "-m", "Three notebooks, delivered.")
    sent = [mail for mail in desk.posted[before:] if mail.to == ("vera@buyer.example",)]
    assert [mail.notice for mail in sent] == ["quote_request"]  # one mail to who decides, whoever asked
    return sent[0]


def answer(desk: SimulatedDesk, to: Posted, text: str, *, sender: str = BUYER) -> list[Posted]:
    """A reply as a mail program makes it; what the desk sent because of it."""
    before = len(desk.posted)
    quoted = "\n".join(f"> {line}" for line in to.text.splitlines())
    made: EmailMessage = letter(
        sender, f"Re: {to.mail['Subject']}", f"{text}\n\nOn Tue, Help Desk wrote:\n{quoted}"
    )
    made["In-Reply-To"] = str(to.mail["Message-ID"])
    made["References"] = f"{to.mail['References']} {to.mail['Message-ID']}"
    desk.send(made)
    return desk.posted[before:]


def states(desk: SimulatedDesk, number: int) -> list[str]:
    return [consent["state"] for consent in desk.show(number)["consents"]]


@pytest.mark.parametrize(("desk", "words"), ACCEPTED, indirect=["desk"])
def test_offer_is_accepted_by_the_words_of_the_person_who_asked_for_it(
    desk: SimulatedDesk, words: str
) -> None:
    number = asked_for(desk)
    told = answer(desk, offered(desk, number), words)
    assert states(desk, number) == ["granted"]
    confirmation = [mail for mail in told if mail.notice == "approval_result"]
    assert [mail.to for mail in confirmation] == [("vera@buyer.example",)]
    said = " ".join(confirmation[0].text.split()).replace("\xa0", " ").replace("\u202f", " ")
    assert any(amount in said for amount in ("1 450 000", "1.450.000", "1,450,000")), said
    assert desk.show(number)["phase"] == "received"


@pytest.mark.parametrize(
    "words",
    [
        "What does delivery cost?", "Yes, but can we have four instead?", "Elfogadom, ha jövő hétre megjön.",
        "Is VAT included?\n\nVera", "We accept the offer if you deliver on Monday.", "Wat is de levertijd?",
    ],
)  # fmt: skip
def test_question_about_an_offer_goes_to_the_agent_and_leaves_it_open(
    desk: SimulatedDesk, words: str
) -> None:
    number = asked_for(desk)
    mail = offered(desk, number)
    answer(desk, mail, words)
    assert states(desk, number) == ["waiting"]
    assert any(words.splitlines()[0] in entry["text"] for entry in desk.show(number)["entries"])
    assert desk.show(number)["phase"] == "awaiting_approval"
    answer(desk, mail, "I accept your offer.")
    assert states(desk, number) == ["granted"]


def test_answer_to_a_replaced_offer_gets_the_present_one(desk: SimulatedDesk) -> None:
    number = asked_for(desk)
    first = offered(desk, number)
    second = offered(desk, number, "--amount", "1300000", "--currency", "HUF")
    told = answer(desk, first, "I accept your offer.")
    assert states(desk, number) == ["void", "waiting"]
    assert [mail.notice for mail in told if mail.to == ("vera@buyer.example",)] == ["approval_changed"]
    assert "1,300,000" in told[0].text.replace("\xa0", " ")
    assert answer(desk, told[0], "I accept your offer.")
    assert states(desk, number) == ["void", "granted"]
    assert "1,300,000" in second.text


def test_offer_shows_its_lines_its_tax_and_its_file(desk: SimulatedDesk, tmp_path: Path) -> None:
    file = tmp_path / "offer.pdf"
    file.write_bytes(b"%PDF-1.4 made up")
    number = asked_for(desk)
    options = ("--item", "Three notebooks=1350000", "--item", "Delivery=100000", "--currency", "HUF")
    mail = offered(desk, number, *options, "--vat", "plus 27 % VAT", "--file", str(file))
    text = mail.text
    for said in ("Three notebooks", "1,350,000", "Delivery", "100,000", "1,450,000", "plus 27 % VAT"):
        assert said in text
    assert [part.get_filename() for part in mail.mail.iter_attachments()] == ["offer.pdf"]
    told = answer(desk, mail, "I accept your offer.")
    confirmation = next(mail for mail in told if mail.notice == "approval_result").text
    assert "1,450,000" in confirmation
    assert "notebooks" in confirmation


def test_offer_is_reminded_of_before_it_lapses_and_the_agent_learns_when_it_has(desk: SimulatedDesk) -> None:
    number = asked_for(desk)
    offered(desk, number, "--amount", "10", "--currency", "EUR", "--valid", "7d")
    before = len(desk.posted)
    desk.advance(desk.now() + timedelta(days=6, hours=20))
    reminders = [mail for mail in desk.posted[before:] if mail.notice == "approval_reminder"]
    assert reminders
    assert all(mail.to == ("vera@buyer.example",) for mail in reminders)
    assert reminders[-1].at > desk.now() - timedelta(days=2)
    assert states(desk, number) == ["waiting"]
    desk.advance(desk.now() + timedelta(days=3))
    assert states(desk, number) == ["expired"]


def test_offer_of_somebody_else_is_accepted_by_who_may_and_by_nobody_else(desk: SimulatedDesk) -> None:
    desk.send(letter("Peter <peter@buyer.example>", "Three notebooks", "Please send us an offer."))
    number = int(desk.rows("mail", "list", "--limit", "1")[0]["ticket"])
    mail = offered(desk, number)
    answer(desk, mail, "I accept your offer.", sender="Peter <peter@buyer.example>")
    assert states(desk, number) == ["waiting"]
    answer(desk, mail, "I accept your offer.")
    assert states(desk, number) == ["granted"]
    told = {mail.to[0]: mail.text for mail in desk.posted if mail.notice == "approval_result"}
    assert set(told) == {"peter@buyer.example", "vera@buyer.example"}
    assert "Our quote has been accepted" in told["peter@buyer.example"]
    assert "You have accepted our quote" in told["vera@buyer.example"]
    for text in told.values():
        assert "1,450,000" in text.replace("\xa0", " ")
    assert "Please send us an offer" not in told["vera@buyer.example"]
