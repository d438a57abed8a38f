"""What decides in the lines of a new request that the new text leaves out: it counts, and it is said."""

from __future__ import annotations

from email.message import EmailMessage

from tests.cases import cases
from tests.unit.commands.conftest import TestDesk

ANNA = "anna@acme.example"


def letter(said: str, quoted: str) -> EmailMessage:
    made = EmailMessage()
    made.set_content(
        f"<div>{said}</div><div class='gmail_quote'><blockquote class='gmail_quote'><div>{quoted}</div></blockquote></div>",
        subtype="html",
    )
    return made


@cases(
    ("said", "quoted"),
    [
        ("Good morning, I am in the office until four.", "Please give Peter access to the finance folder."),
        (
            "Guten Morgen, ich bin heute bis vier im Büro.",
            "Bitte geben Sie Peter Zugriff auf den Ordner Finanzen.",
        ),
        (
            "Goedemorgen, ik ben vandaag tot vier op kantoor.",
            "Graag Peter toegang geven tot de map Financiën.",
        ),
        ("Bonjour, je suis au bureau ce matin.", "Merci de donner à Peter l'accès au dossier Finances."),
        ("Jó reggelt, ma négyig bent vagyok.", "Kérem, adjanak Péternek hozzáférést a Pénzügy mappához."),
    ],
)
def test_a_permission_asked_for_in_what_a_new_request_leaves_out_is_held(
    desk: TestDesk, said: str, quoted: str
) -> None:
    number = desk.mail(ANNA, "Peter", "", letter=letter(said, quoted))
    shown = desk.show(number)
    assert quoted not in shown["entries"][0]["text"]
    assert shown["kind"] == "permission"
    assert shown["phase"] == "awaiting_approval"


def test_a_question_in_what_is_left_out_holds_nothing(desk: TestDesk) -> None:
    number = desk.mail(
        ANNA,
        "Canteen",
        "",
        letter=letter("Good morning, I am in the office until four.", "When does the canteen open?"),
    )
    assert desk.show(number)["phase"] == "received"
