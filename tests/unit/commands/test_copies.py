"""A mail by two ways, of which a gateway changed one; beside mails that only look like such;
and an automatic mail that names a ticket of another desk."""

from __future__ import annotations

from tests.cases import cases
from tests.unit.commands.conftest import TestDesk

ANNA = "anna@acme.example"
EN = "The left screen flickers since the update.\nPlease look at it.\n\nRegards\nAnna\n"
HU = "A bal oldali képernyő villog a frissítés óta.\nKérem, nézzék meg.\n\nÜdvözlettel\nAnna\n"
NL = "Het linker scherm flikkert sinds de update.\nKunt u even kijken?\n\nMet vriendelijke groet,\nAnna\n"
DE = (
    "Der linke Bildschirm flackert seit dem Update.\nBitte sehen Sie nach.\n\nMit freundlichen Grüßen\nAnna\n"
)
FR = "L'écran de gauche clignote depuis la mise à jour.\nMerci de regarder.\n\nCordialement\nAnna\n"


def acts(desk: TestDesk) -> list[str]:
    return [one["act"] for one in desk.decision["would"]]


@cases(
    ("subject", "said", "copy_subject", "copy"),
    [
        ("Screen flickers", EN, "[EXTERN] Screen flickers",
         f"CAUTION: This email originated from outside of the organization. Do not click links.\n\n{EN}"),
        ("[EXTERN] Screen flickers", f"[EXTERNAL SENDER]\n\n{EN}", "Screen flickers", EN),
        ("Screen flickers", f"{EN}https://intra.acme.example/shot\n", "[EXT] Screen flickers",
         f"Caution: external\n\n{EN}https://links.example/v3/__https://intra.acme.example/shot__;!!x\n"),
        ("Villog a képernyő", HU, "[KÜLSŐ FELADÓ] Villog a képernyő",
         f"{HU}\n-- \nA levelet a víruskereső átvizsgálta.\n"),
        ("Scherm flikkert", NL, "[EXTERN] Scherm flikkert",
         f"LET OP: Deze e-mail is afkomstig van buiten de organisatie. Klik niet op links.\n\n{NL}"),
        ("Bildschirm flackert", DE, "[Externe E-Mail] Bildschirm flackert", f"*** Externe E-Mail ***\n{DE}"),
        ("Écran qui clignote", FR, "[EXTERNE] Écran qui clignote",
         f"ATTENTION : Ce message provient de l'extérieur.\n\n{FR}\nCe message a été vérifié par l'antivirus.\n"),
    ],
)  # fmt: skip
def test_a_copy_that_a_gateway_changed_is_filed_beside_the_first_and_answered_by_nobody(
    desk: TestDesk, subject: str, said: str, copy_subject: str, copy: str
) -> None:
    ours = f"<copy{desk.mailed}@acme.example>"
    number = desk.mail(ANNA, subject, said, message_id=ours)
    assert acts(desk)[0] == "open"
    sent = desk.sent(number)
    assert desk.mail(ANNA, copy_subject, copy, message_id=ours) == number
    assert acts(desk) == ["duplicate"]
    shown = desk.show(number)
    assert desk.sent(number) == sent
    assert [entry["type"] for entry in shown["entries"]].count("mail") == 1
    assert not any("says something else" in entry["text"] for entry in shown["entries"])


@cases(
    ("subject", "said", "later", "second"),
    [
        ("Printer", "The printer in room 12 is out of toner.", 0, "The printer in room 14 is out of toner."),
        ("Screen flickers", EN, 24, EN),
        ("Screen flickers", EN, 24, f"Same as yesterday.\n\n{EN}"),
        ("Screen flickers", EN, 0, f"{EN}\nAnd now the keyboard is dead, too.\n"),
        ("Villog a képernyő", HU, 24, f"Ugyanaz, mint tegnap.\n\n{HU}"),
        ("Nyomtató", "Az 1-es nyomtató nem nyomtat.", 0, "A 2-es nyomtató nem nyomtat."),
        ("Nieuwe medewerker", "Graag een account voor Piet Bakker.", 0, "Graag een account voor Els Bakker."),
        ("Bildschirm flackert", DE, 0, "Nachtrag: auch der Drucker geht nicht."),
        ("Écran qui clignote", FR, 24, f"Comme hier, encore une fois.\n\n{FR}"),
    ],
)
def test_another_mail_of_the_same_minute_or_the_same_words_of_another_day_is_no_copy(
    desk: TestDesk, subject: str, said: str, later: int, second: str
) -> None:
    number = desk.mail(ANNA, subject, said)
    assert acts(desk)[0] == "open"
    desk.later(hours=later)
    assert desk.mail(ANNA, subject, second) not in (None, number)
    assert "duplicate" not in acts(desk)


def test_an_automatic_mail_with_another_desks_tag_joins_nothing_and_stands_in_review(desk: TestDesk) -> None:
    number = desk.mail(ANNA, "Printer", "It prints blank pages.")
    came = desk.mail(
        "desk@elsewhere.example",
        f"[#{number}] Parking permit renewed",
        "Your permit is ready.",
        headers={"Auto-Submitted": "auto-generated"},
    )
    assert came is None
    waiting = desk.run("list", "--team", "review", "--json").rows
    assert any(row["number"] is None and "Parking" in row["subject"] for row in waiting)
