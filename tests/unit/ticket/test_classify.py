from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.keywords import default_hints, default_keywords, matcher, tokens
from maild.mail.text.folding import fold
from maild.model import LANGUAGES, Classification, CompanyFacts
from maild.settings import Keywords, Settings
from maild.ticket import routing
from maild.ticket.classify import classify
from maild.ticket.vocabulary import Severity, TicketKind
from tests.cases import cases
from tests.timing import grows_as_its_size
from tests.unit.ticket.keyed import SETTINGS


def of(
    text: str, language: str | None = None, subject: str = "", company: CompanyFacts | None = None
) -> Classification:
    return classify(subject, text, language, company, SETTINGS)


KINDS = [
    ("Please give Anna write access to the Finance folder.", "en", "permission"),
    ("Graag toegang tot de map Financiën voor Els", "nl", "permission"),
    ("Kérem, adjanak Kovács Annának hozzáférést a Pénzügy mappához", "hu", "permission"),
    ("Bitte Zugriff auf das Laufwerk Finanzen für Frau Weber einrichten", "de", "permission"),
    ("Merci de donner accès au dossier Finance à Marie", "fr", "permission"),
    ("We need a new laptop for our new colleague", "en", "device"),
    ("Wij willen graag een nieuwe laptop bestellen", "nl", "device"),
    ("Szeretnénk egy új laptopot Béla részére", "hu", "device"),
    ("Wir brauchen einen neuen Laptop", "de", "device"),
    ("Il nous faut un nouvel ordinateur pour l'accueil", "fr", "device"),
    ("This is unacceptable, I want to file a complaint", "en", "complaint"),
    ("Ik ben zeer ontevreden over de service", "nl", "complaint"),
    ("Panaszt szeretnék tenni", "hu", "complaint"),
    ("Hiermit möchte ich mich beschweren: Beschwerde über den Service", "de", "complaint"),
    ("Je suis très mécontent de votre service", "fr", "complaint"),
    ("The printer is silent. Since this morning nothing comes out.", "en", "incident"),
    ("Ik druk op afdrukken en er gebeurt niets", "nl", "incident"),
    ("Megnyomom a gombot és nem történik semmi", "hu", "incident"),
    ("Ich drücke auf Drucken und es passiert nichts", "de", "incident"),
    ("Depuis ce matin, rien ne sort de l'imprimante", "fr", "incident"),
    ("Could you send a quotation for five licences?", "en", "quote"),
    ("Graag een offerte voor een server", "nl", "quote"),
    ("Árajánlatot kérünk öt licencre", "hu", "quote"),
    ("Bitte senden Sie uns ein Angebot", "de", "quote"),
    ("Pouvez-vous nous envoyer un devis ?", "fr", "quote"),
    ("The printer does not work", "en", "incident"),
    ("De kassa doet het niet", "nl", "incident"),
    ("Nem működik a nyomtató", "hu", "incident"),
    ("Der Drucker funktioniert nicht", "de", "incident"),
    ("L'imprimante ne marche plus", "fr", "incident"),
    ("Please install Acrobat on my PC", "en", "change"),
    ("Kunt u het wachtwoordbeleid wijzigen", "nl", "change"),
    ("Kérem, telepítsék fel az Acrobatot", "hu", "change"),
    ("Bitte Acrobat installieren", "de", "change"),
    ("Merci d'installer Acrobat", "fr", "change"),
    ("How do I add a signature?", "en", "question"),
    ("Hoe kan ik een handtekening maken?", "nl", "question"),
    ("Hogyan lehet aláírást megadni?", "hu", "question"),
    ("Wie kann ich eine Signatur anlegen?", "de", "question"),
    ("Comment faire une signature ?", "fr", "question"),
    ("Well done, and a suggestion for the portal", "en", "feedback"),
    ("Compliment voor jullie team", "nl", "feedback"),
    ("Egy javaslatom volna a portálhoz", "hu", "feedback"),
    ("Ein Lob an Ihr Team", "de", "feedback"),
    ("Bravo à toute l'équipe", "fr", "feedback"),
    ("Hello there", "en", "question"),
]


@cases(("text", "language", "kind"), KINDS)
def test_kind_is_told_by_the_words_of_each_language(text: str, language: str, kind: str) -> None:
    assert of(text, language).kind == kind


@cases(("text", "language", "kind"), [k for k in KINDS if k[2] in ("permission", "device")])
def test_requests_that_need_consent_are_seen_whatever_the_language_was_taken_for(
    text: str, language: str, kind: str
) -> None:
    assert {of(text, guess).kind for guess in (*LANGUAGES, None)} == {kind}


def test_words_of_the_subject_count() -> None:
    assert of("see above", "en", subject="Write access to Finance").kind == "permission"


def test_permission_goes_before_everything_and_a_complaints_team_still_gets_it() -> None:
    found = of(
        "I complain for the last time: this is unacceptable, give me access to the share, it does not work",
        "en",
    )
    assert (found.kind, found.team) == ("permission", "complaints")


@pytest.mark.parametrize(
    "text", ["Permission denied when I save", "My new laptop does not start", "The new monitor is broken"]
)
def test_broken_things_are_no_requests_for_consent(text: str) -> None:
    assert of(text, "en").kind == "incident"


def test_a_word_taken_back_in_one_place_counts_in_another() -> None:
    assert of("Permission denied. Please ask for permission for me", "en").kind == "permission"


def test_the_deciding_word_and_its_table_are_told() -> None:
    found = of("The printers are broken for everyone", "en")
    told = {r.code: r.evidence for r in found.reasons}
    assert told["kind-incident"] == '"broken" (en, kind incident)'
    assert told["severity-system"] == '"for everyone" (en, severity system)'
    assert told["topic"] == '"print*" (any language, topic printer)'


@cases(
    ("text", "language", "severity"),
    [
        ("Nobody can log in", "en", "system"), ("The internet is down in the whole company", "en", "infrastructure"),
        ("Niemand kan inloggen", "nl", "system"), ("Geen internet", "nl", "infrastructure"),
        ("Senki sem tud belépni", "hu", "system"), ("Nincs internet az irodában", "hu", "infrastructure"),
        ("Niemand kann sich anmelden", "de", "system"), ("Stromausfall im Serverraum", "de", "infrastructure"),
        ("Personne ne peut se connecter", "fr", "system"), ("Panne de courant", "fr", "infrastructure"),
        ("Hello everybody, my mouse is broken", "en", "user"), ("Szép napot mindenkinek", "hu", "user"),
    ],
)  # fmt: skip
def test_severity(text: str, language: str, severity: str) -> None:
    assert of(text, language).severity == severity


def test_teams_follow_kind_words_and_default() -> None:
    assert of("A quote please", "en").team == "sales"
    assert of("a complaint", "en").team == "complaints"
    assert of("printer broken", "en").team == "L1"
    own = replace(SETTINGS, keywords=(Keywords(("sap",), team="L3"), *SETTINGS.keywords))
    assert classify("", "SAP is broken", "en", None, own).team == "L3"


def test_a_kind_set_by_an_agent_brings_its_team() -> None:
    what = of("printer broken", "en")
    assert routing.with_kind(what, None, SETTINGS).team == "L1"
    assert routing.with_kind(what, TicketKind.QUOTE, SETTINGS).team == "sales"
    assert routing.with_kind(what, TicketKind.COMPLAINT, SETTINGS).team == "complaints"
    assert routing.with_kind(of("a complaint", "en"), TicketKind.INCIDENT, SETTINGS).team == "L1"


def test_topics_outside_the_contract_are_flagged() -> None:
    company = CompanyFacts("acme", "Acme", excluded=("backup",), covered=())
    assert of("Please give us a training on Excel", "en").out_of_scope
    assert of("restore my backup", "en", company=company).out_of_scope
    assert not of("printer jam", "en", company=company).out_of_scope
    taught = replace(company, covered=("training",))
    assert not of("Please give us a training on Excel", "en", company=taught).out_of_scope
    assert of("printer jam", "en", company=taught).out_of_scope
    assert not of("of course", "en").out_of_scope


def test_own_tables_match_whole_words_beginnings_and_phrases_without_case_and_accents() -> None:
    own = Settings(
        keywords=(Keywords(("Árvíztűrő gép*",), kind="incident"), Keywords(("café",), topic="bar"))
    )
    found = classify("ARVIZTURO", "gépekkel a CAFE mellett", None, None, own)
    assert (found.kind, found.topic) == ("incident", "bar")
    assert classify("", "cafeteria, árvíztűrő", None, None, own).kind == "question"


def test_shipped_tables_name_only_what_exists() -> None:
    for table in default_keywords():
        assert table.kind in ("", *TicketKind)
        assert table.severity in ("", *Severity)
        assert table.language in ("", *LANGUAGES)
        assert table.words
        assert table.kind or table.severity or table.topic or table.team
    for language in LANGUAGES:
        assert {t.kind for t in default_keywords() if t.language == language} >= set(TicketKind)
    assert {h.kind for h in default_hints()} <= set(TicketKind)


@pytest.mark.parametrize("piece", ["printer access to permission ", "é", "new laptop new "])
def test_a_huge_text_is_classified_in_a_blink(piece: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        text = piece * (size // len(piece))
        return lambda: of(text, "en", subject=text)

    grows_as_its_size(reading, 60_000)


@given(
    st.text(alphabet="aábc é*-'\n", max_size=60),
    st.lists(st.sampled_from(["a*", "ab c", "á b*", "c", "!a b"]), max_size=4),
)
def test_the_matcher_finds_what_a_plain_search_finds(text: str, patterns: list[str]) -> None:
    words = tokens(text)
    plain = [p for p in patterns if not p.startswith("!")]
    found = {(h.word, h.at) for h in matcher((tuple(plain),)).hits(words)}
    expected = set()
    for pattern in plain:
        parts = [fold(p) for p in pattern.split()]
        for i in range(len(words) - len(parts) + 1):
            here = words[i : i + len(parts)]
            if all(
                w.startswith(p[:-1]) if p.endswith("*") else w == p for w, p in zip(here, parts, strict=True)
            ):
                expected.add((pattern, i))
    assert found == expected


@cases(
    ("text", "language"),
    [
        ("I cannot get access to my mailbox since this morning.", "en"),
        ("The printer says it has no permission to scan to the folder.", "en"),
        ("I got a mail about access to my account, is it phishing?", "en"),
        ("I got a mail about access to my account. Is it phishing?", "en"),
        ("Will my headset still work? (New phone system on Monday)", "en"),
        ("I need a new screen resolution for the projector.", "en"),
        ("Ich habe keinen Zugriff mehr auf mein Postfach.", "de"),
        ("Ik heb geen toegang meer tot mijn mailbox.", "nl"),
        ("Je n'ai plus accès à ma boîte mail.", "fr"),
        ("A képernyőn az áll, hogy hozzáférés megtagadva.", "hu"),
    ],
)
def test_trouble_beside_a_permission_or_device_word_is_not_held(text: str, language: str) -> None:
    assert of(text, language).kind not in (TicketKind.PERMISSION, TicketKind.DEVICE)


@pytest.mark.parametrize(
    "text",
    [
        "Dora cannot open the finance folder, please give her write access to it.",
        "We do not have access to the finance folder. Please grant us access.",
        "Please give Dora write access to the finance folder. Something else. Is the attached mail phishing?",
    ],
)
def test_who_asks_for_access_is_held_whatever_the_trouble(text: str) -> None:
    assert of(text, "en").kind is TicketKind.PERMISSION
