from __future__ import annotations

import pytest

from maild.ticket.thanks import is_bare_thanks
from tests.cases import cases

BARE = [
    "Thanks!",
    "Thank you very much for your help, it works now.\n\nBest regards,\nJ. Smith\nTel.: +44 20 7946 0000",
    "thx anna",
    "👍",
    "Perfect, thank you 🙏\nAnna",
    "Great, that worked. You can close the ticket.",
    "Thanks\n\nSent from my iPhone",
    "Thanks\n-- \nA very long signature, but not part of what is said. Please do not print.",
    "Bedankt voor de snelle hulp!\nMet vriendelijke groet,\nPiet de Vries",
    "Super, dank je wel, het werkt weer.",
    "Top, het probleem is opgelost. Groetjes Els",
    "Köszönöm szépen a gyors segítséget!\n\nÜdvözlettel:\nKovács Anna\nügyvezető",
    "Köszi, már működik!",
    "Szuper, köszönjük. Szép hétvégét!",
    "Vielen Dank für Ihre schnelle Hilfe!\n\nMit freundlichen Grüßen\nHans Müller",
    "Danke, funktioniert wieder. LG Eva",
    "Merci beaucoup pour votre aide, tout fonctionne.\nCordialement,\nMarie Dupont",
    "Parfait, merci de votre aide. Bonne journée",
    "Dear Kata, many thanks. [#15789]",
    "Thank you. It is working fine now.",
    "Many thanks for the quick fix, you made my day!",
    "Received with thanks.",
    "Thanks, have a great day!",
    "Vielen Dank für die schnelle Hilfe, Sie haben mir den Tag gerettet!",
    "Dankend erhalten.",
    "Dank voor de snelle hulp, fijne dag nog!",
    "Köszönöm, most már jól működik.",
    "Merci pour votre aide rapide, bonne journée !",
    "Have a great day",
    "Ok, noted, thank you.",
    "Szép napot!",
    "Alles gut, danke und schönen Tag noch.",
    "Fijne dag nog!",
    "Bonne journée !",
    "Great job, everything is back to normal.",
    "Vielen Dank für die schnelle Hilfe und ein schönes Wochenende",
    "Alles wieder in Ordnung, schönen Feierabend",
    "Helemaal goed zo, dankjewel!",
    "Alles doet het weer, fijn weekend",
    "Rendben, minden jó. További szép napot!",
    "Tout est rentré dans l'ordre, bon week-end",
]  # fmt: skip

SAYS_MORE = [
    "",
    "Thanks, but it still fails.",
    "Thank you. The printer on the second floor is on fire.",
    "Thanks! When will the other one be fixed?",
    "Thanks, can you also look at the scanner",
    "Thanks. Not working.",
    "Thanks, please call me tomorrow",
    "Thank you. It is not working fine now.",
    "Thanks, the printer works fine now, the scanner jams.",
    "Thanks, have a great day! The door is still open.",
    "Danke, es funktioniert jetzt nur am Montag.",
    "Have a great day when it works again?",
    "Schönen Tag noch, der Drucker steht immer noch.",
    "Szép napot, a nyomtató viszont nem megy.",
    "It worked until noon.",
    "Thanks\n\nBest regards\nJohn\n\nPS: it fails again since this morning",
    "Ok, bedankt, maar het werkt niet",
    "Bedankt. Nu doet de kassa raar",
    "Köszi, de még mindig nem működik.",
    "Köszönöm, sajnos újra előjött a hiba",
    "Danke, leider geht es immer noch nicht",
    "Danke. Jetzt druckt der andere nicht mehr",
    "Merci, mais ça ne marche toujours pas",
    "Merci. Il y a un autre souci avec la caisse",
    "Thanks, nem működik",
    "approved",
    "The screen is black",
    "Everything is back to normal, except the scanner.",
    "Schönes Wochenende, der Drucker klemmt wieder.",
    "Minden jó, csak a nyomtató lassú.",
    "Tout est rentré dans l'ordre sauf l'imprimante.",
    "Alles doet het weer, behalve de scanner.",
    "Thanks " + "really " * 200,
]  # fmt: skip


@cases("text", BARE)
def test_mere_thanks_are_recognised(text: str) -> None:
    assert is_bare_thanks(text)


@cases("text", SAYS_MORE)
def test_a_reply_that_says_more_is_not_swallowed(text: str) -> None:
    assert not is_bare_thanks(text)


@pytest.mark.parametrize("language", ["en", "nl", "hu", "de", "fr", None])
def test_a_wrong_guess_of_the_language_swallows_nothing(language: str | None) -> None:
    assert not any(is_bare_thanks(text, language) for text in SAYS_MORE)
