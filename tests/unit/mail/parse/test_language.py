"""The language of helpdesk mails, short as people write them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from maild.mail.parse.language import SUPPORTED, detect
from tests.cases import cases
from tests.timing import takes_less

SENTENCES = {
    "en": """
        The printer on the second floor does not work any more.
        I cannot log in since this morning, please help.
        Could you call me back about the invoice?
        Our server is down and nobody can work.
        Please reset my password, I forgot it.
        Yes, approved. Go ahead with the order.
        It works again, thank you very much!
        We need two new laptops for the office by Friday.
        The screen stays black after the last update.
        My mailbox is full and I get an error.
        Can someone please look at this as soon as possible?
        I have restarted the computer but nothing changed.
        When will the technician come to our office?
        Attached you will find the signed contract.
        The internet connection is very slow today.
        Who should I contact about the new phones?
        I did not receive any answer to my last mail.
        Sorry, that is not what I asked for.
    """,
    "nl": """
        De printer op de tweede verdieping doet het niet meer.
        Ik kan sinds vanmorgen niet meer inloggen.
        Kunt u mij terugbellen over de factuur?
        Onze server ligt eruit en niemand kan werken.
        Graag mijn wachtwoord opnieuw instellen, ik ben het vergeten.
        Ja akkoord, ga maar door met de bestelling.
        Het werkt weer, heel erg bedankt!
        Wij hebben voor vrijdag twee nieuwe laptops nodig.
        Het scherm blijft zwart na de laatste update.
        Mijn mailbox is vol en ik krijg een foutmelding.
        Kan iemand hier zo snel mogelijk naar kijken?
        Ik heb de computer opnieuw opgestart maar er verandert niets.
        Wanneer komt de monteur bij ons op kantoor?
        In de bijlage vindt u het getekende contract.
        De internetverbinding is vandaag erg traag.
        Met wie moet ik contact opnemen over de nieuwe telefoons?
        Ik heb geen antwoord gekregen op mijn laatste mail.
        Zie de foto, dit krijg ik elke keer.
    """,
    "hu": """
        A második emeleti nyomtató nem működik.
        Ma reggel óta nem tudok belépni a rendszerbe.
        Kérem, hívjon vissza a számlával kapcsolatban.
        Leállt a szerverünk, senki sem tud dolgozni.
        Kérném az új jelszó beállítását, elfelejtettem a régit.
        Igen, jóváhagyom, mehet a megrendelés.
        Újra működik, nagyon szépen köszönöm!
        Péntekig két új laptopra lenne szükségünk az irodában.
        A képernyő fekete marad a legutóbbi frissítés után.
        Megtelt a postafiókom és hibaüzenetet kapok.
        Meg tudná ezt valaki nézni minél hamarabb?
        Újraindítottam a gépet, de nem változott semmi.
        Mikor jön ki hozzánk a technikus?
        Mellékelten küldöm az aláírt szerződést.
        Nagyon lassú ma az internet nálunk.
        Nem mukodik a nyomtato, kerem segitsenek.
        Nem kaptam választ a legutóbbi levelemre.
        Kihez forduljak az új telefonok ügyében?
    """,
    "de": """
        Der Drucker im zweiten Stock funktioniert nicht mehr.
        Ich kann mich seit heute Morgen nicht mehr anmelden.
        Könnten Sie mich bitte wegen der Rechnung zurückrufen?
        Unser Server ist ausgefallen und niemand kann arbeiten.
        Bitte setzen Sie mein Passwort zurück, ich habe es vergessen.
        Ja, genehmigt, bitte die Bestellung auslösen.
        Es geht wieder, vielen Dank!
        Wir brauchen bis Freitag zwei neue Laptops.
        Der Bildschirm bleibt nach dem letzten Update schwarz.
        Mein Postfach ist voll und ich bekomme eine Fehlermeldung.
        Kann sich das bitte jemand so schnell wie möglich ansehen?
        Ich habe den Rechner neu gestartet, aber es hat sich nichts geändert.
        Wann kommt der Techniker zu uns ins Büro?
        Im Anhang finden Sie den unterschriebenen Vertrag.
        Die Internetverbindung ist heute sehr langsam.
        An wen kann ich mich wegen der neuen Telefone wenden?
        Auf meine letzte Mail habe ich keine Antwort bekommen.
        Das ist leider nicht das, was ich wollte.
    """,
    "fr": """
        L'imprimante du deuxième étage ne marche plus.
        Je ne peux plus me connecter depuis ce matin.
        Pourriez-vous me rappeler au sujet de la facture ?
        Notre serveur est en panne et personne ne peut travailler.
        Merci de réinitialiser mon mot de passe, je l'ai oublié.
        Oui, d'accord, vous pouvez passer la commande.
        Ça marche de nouveau, merci beaucoup !
        Nous avons besoin de deux ordinateurs pour vendredi.
        L'écran reste noir après la dernière mise à jour.
        Ma boîte mail est pleine et j'ai un message d'erreur.
        Quelqu'un peut-il regarder cela le plus vite possible ?
        J'ai redémarré l'ordinateur mais rien n'a changé.
        Quand est-ce que le technicien passe à nos bureaux ?
        Vous trouverez ci-joint le contrat signé.
        La connexion internet est très lente aujourd'hui.
        Qui dois-je contacter pour les nouveaux téléphones ?
        Je n'ai pas reçu de réponse à mon dernier courriel.
        Ce n'est pas ce que j'avais demandé.
    """,
}

OTHERS = {
    "es": """
        La impresora del segundo piso no funciona desde ayer.
        No puedo entrar en mi cuenta, ¿me pueden ayudar por favor?
        Necesito una contraseña nueva para el correo.
        Muchas gracias por la ayuda, ya funciona todo.
    """,
    "it": """
        La stampante al secondo piano non funziona più.
        Non riesco ad accedere alla posta da questa mattina.
        Potete richiamarmi per la fattura di ottobre?
        Grazie mille, adesso funziona tutto.
    """,
    "pt": """
        A impressora do segundo andar não funciona desde ontem.
        Não consigo entrar no sistema, podem ajudar por favor?
        Preciso de uma nova senha para o meu computador.
        Muito obrigado, já está tudo a funcionar.
    """,
    "pl": """
        Drukarka na drugim piętrze nie działa od wczoraj.
        Nie mogę się zalogować, proszę o pomoc.
        Bardzo dziękuję, wszystko już działa.
        Proszę o nowe hasło do poczty.
    """,
    "cs": """
        Tiskárna ve druhém patře od včerejška nefunguje.
        Nemohu se přihlásit, prosím o pomoc.
        Děkuji moc, už to zase funguje.
    """,
    "sk": """
        Tlačiareň na druhom poschodí od včera nefunguje.
        Neviem sa prihlásiť, prosím o pomoc.
        Ďakujem veľmi pekne, už to znova funguje.
    """,
    "ro": """
        Imprimanta de la etajul doi nu mai funcționează de ieri.
        Nu pot să intru în cont, vă rog să mă ajutați.
        Mulțumesc frumos, acum merge totul.
    """,
    "sv": """
        Skrivaren på andra våningen fungerar inte sedan igår.
        Jag kan inte logga in, kan ni hjälpa mig?
        Tack så mycket, nu fungerar allt igen.
    """,
    "da": """
        Printeren på anden sal virker ikke siden i går.
        Jeg kan ikke logge ind, kan I hjælpe mig?
        Mange tak, nu virker det hele igen.
    """,
    "no": """
        Skriveren i andre etasje virker ikke siden i går.
        Jeg får ikke logget inn, kan dere hjelpe meg?
    """,
    "fi": """
        Toisen kerroksen tulostin ei toimi eilisestä lähtien.
        En pääse kirjautumaan sisään, voitteko auttaa?
    """,
    "ru": """
        Принтер на втором этаже не работает со вчерашнего дня.
        Не могу войти в систему, помогите, пожалуйста.
    """,
    "uk": """
        Принтер на другому поверсі не працює від учора.
    """,
}


def rows(table: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (code, line.strip()) for code, cell in table.items() for line in cell.splitlines() if line.strip()
    ]


@cases(("code", "sentence"), rows(SENTENCES))
def test_sentence_of_a_supported_language_is_told(code: str, sentence: str) -> None:
    assert detect(sentence) == code


@cases(("code", "sentence"), rows(OTHERS))
def test_sentence_of_another_language_is_none(code: str, sentence: str) -> None:
    assert detect(sentence) is None


@cases(
    "text",
    [
        "",
        " ",
        "\n\n",
        "OK",
        "12345",
        "help",
        "PC-0042",
        "?!",
        "Jan",
        "https://example.com/a/b?c=d",
        "a b c",
        "die",
    ],
)
def test_too_little_to_tell_is_none(text: str) -> None:
    assert detect(text) is None


def test_log_lines_around_a_sentence_do_not_hide_its_language() -> None:
    text = "A nyomtató nem működik, ezt írja ki:\n\nerror 0x0000011b RPC_S_SERVER\n\nKérem, segítsenek minél hamarabb!"
    assert detect(text) == "hu"


@given(st.text())
def test_any_text_ends_in_a_supported_language_or_none(text: str) -> None:
    assert detect(text) in (None, *SUPPORTED)


def test_two_kilobytes_take_well_under_a_millisecond() -> None:
    text = (" ".join(sentence for _, sentence in rows(SENTENCES)))[:2048]
    detect(text)
    takes_less(0.001, lambda: detect(text))  # 60 microseconds on a quiet machine


def test_a_megabyte_takes_no_longer_than_its_beginning() -> None:
    text = "word ű " * 150_000
    takes_less(0.05, lambda: detect(text))
