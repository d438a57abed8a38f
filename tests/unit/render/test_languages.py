"""Each language's mails are in that language: nothing copied over and left, neither by file nor by phrase."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from maild.mail.parse.language import detect
from maild.model import LANGUAGES
from maild.notice.content import registry
from maild.render import Templates
from maild.render.loader import BLOCKS
from maild.render.preview import samples, show
from maild.settings import Settings
from tests.cases import cases

SHIPPED = Templates()
SETTINGS = Settings()
#: said in no language's own file, since words.toml says all of it
COMMON = {"agent_alert", "report", "prepaid_hours"}
#: what two of the five languages spell the same
ALIKE = {
    "E-mail", "Ticket", "Project", "Projekt", "Status", "Name", "Date", "Incident", "Note", "Question", "Type",
    "Telefon", "Telefon: {phone}", "{whole} ({n}\u00a0×\u00a0{quantum}\u00a0min)", "Confirmation", "Team", "Datum", "Thema",
    "Agent",
    "Urgent", "Dringend", "niemand", "feedback", "question", "incident", "confirmation",
}  # fmt: skip


def spoken(language: str, notice: str) -> dict[str, str]:
    """The blocks of the notice's file without what Jinja reads: {"title": "...", "body": "..."}."""
    source = (SHIPPED.shipped_folder / language / f"{notice}.j2").read_text("utf-8")
    found = re.findall(r"{% block (\w+) %}(.*?){% endblock %}", source, re.DOTALL)
    return {name: " ".join(re.sub(r"{%.*?%}|{{.*?}}", " ", text).split()) for name, text in found}


@cases("notice", sorted(set(registry()) - COMMON))
def test_no_language_says_a_notice_in_anothers_words(notice: str) -> None:
    for one, other in combinations(LANGUAGES, 2):
        ones, others = spoken(one, notice), spoken(other, notice)
        assert set(ones) == set(others), (one, other)
        for block in set(ones) & set(BLOCKS):
            assert ones[block] != others[block], (one, other, block)


@cases("language", LANGUAGES)
@cases("notice", registry())
def test_a_whole_mail_reads_as_its_language(notice: str, language: str) -> None:
    for state, content in samples(SHIPPED, language, notice):
        assert detect(show(content, language, SETTINGS, SHIPPED).text) == language, state


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_phrase_reads_as_its_language(language: str) -> None:
    """A phrase of seven words or more is enough to tell; a shorter one is compared with the others'."""
    for key, phrase in SHIPPED.words(language).phrases.items():
        if len(re.findall(r"[^\W\d_]{2,}", phrase)) >= 7:
            assert detect(phrase) in (language, None), (key, phrase)


@cases(("one", "other"), list(combinations(LANGUAGES, 2)))
def test_two_languages_share_only_what_is_spelt_alike(one: str, other: str) -> None:
    ones, others = SHIPPED.words(one).phrases, SHIPPED.words(other).phrases
    shared = {
        phrase
        for key, phrase in ones.items()
        if phrase == others[key]
        and not key.startswith(("format.", "sample."))
        and re.search(r"[^\W\d_]", re.sub(r"{.*?}", "", phrase))
    }
    assert shared <= ALIKE, sorted(shared - ALIKE)


#: what natives stumbled over once, or heard a machine in; what stands in its place is another sentence
STIFF = {
    "hu": (
        "munkahelyet érint", "Bejelentését megoldottuk", "az Ön igenje", "A munkát elvégezte:", "döntésre várva",
        "magától a helyére", "hibajegy", "A(z) ", "azt írásban jóvá kell hagynia:", "és Ön ilyen", "Egy, az Ön nevében",
        "Megrendelést kérte", "Vár ezóta",
        "Ami eddig történt", "Mindkettő ugyanarról", "mint amit vállaltunk", "ekkor foglalkozik", "Ez igen volt",
        "Hír az üzemzavarról", "Aki dönthetne",
        "Amit kér, ahhoz írásos", "az egyik ilyen szóval", "járt utána", "A munkaidőt felszámítanánk", "keretből",
    ),
    "nl": (
        "Akkoordenlogboek", "Hoe het verdergaat", "loopt samen met", "ter beslissing", "om te mogen tellen",
        "vanaf de volgende opening", "U vroeg om een bestelling", "dit verzoek op te",
        "heeft de uwe", "We hebben de uwe", "zodra u haar", "hebt u haar", "haar bevestigt", "heeft haar afgerond",
        "telde niet", "staat bij ons vast", "na alleen een telefoontje", "Heeft u",
        "op dit moment mee", "Wie eraan werkt", "Van niemand", "Te typen",
        "Niet gehaalde beloften", "op schrift", "zoals ze hier", "er dan mee aan", "staat niemand bekend", "en dat bent u",
    ),
    "de": (
        "an den richtigen Ort", "Was bisher geschah", "dringende Notfälle", "Einen Arbeitsplatz",
        "schließt sich die Anfrage",
        "zählt ab der nächsten Öffnung", "braucht es die schriftliche", "Es braucht noch", "Zum Zustimmen",
        "aufbewahrt",
        "Sie baten um", "gehört nicht zu Ihrem Vertrag",
        "hat die Ihre", "drücken Sie", "zählte nicht", "Wunsch ist nicht in", "sehen gesondert nach", "Anruf aufgenommen",
        "Wer daran arbeitet", "deren Abschluss", "Terminiert", "gehen Ihre Worte", "Neue Meldung",
        "sich dann darum", "und das sind Sie", "Wir führen sie nur", "bereits unser Kunde",
    ),
    "fr": (
        "sur un simple appel", "se poursuit avec une autre", "pour décision", "se clôture d'elle-même", "Il y faut",
        "personne d'enregistré", "La panne est réparée", "dès la prochaine ouverture", "demandé une commande",
        "commencer cette demande", "décider encore une fois",
        "nous ne devinons pas", "devis actuel :", "Nous facturerions", "Avec {% if company_name %}", "Merci pour",
        "vos mots vont", "Attribué à vous", "à ce moment-là", "vos heures de service", "Closes", "À taper", "incluses jusqu",
    ),
    "en": (
        "out of turn", "Known disturbance", "promised to you stands still", "go on there with both",
        "a word from a colleague of yours", "finds its place by itself", "Affects: a single workplace",
        "counts from the next opening", "asked for an order", "Your request has a date", "pleasant cooperation",
        "and that is you", "see to it at this time", "and we are sorry that you had", "before any work that we would",
        "Nobody has it", "see to it then", "as you may.", "conditions for counting", "Waits since",
        "your words go to", "To type:", "nothing in this time",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_stiff_phrase_does_not_come_back(language: str) -> None:
    folder = SHIPPED.shipped_folder / language
    for file in sorted(folder.iterdir()):
        text = " ".join(file.read_text("utf-8").replace("\u00a0", " ").split())
        for phrase in STIFF[language]:
            assert phrase not in text, file.name


def said(language: str) -> list[tuple[str, str]]:
    """(where, words) of all that the language says, without what Jinja reads."""
    phrases = [*SHIPPED.words(language).phrases.items()]
    for file in sorted((SHIPPED.shipped_folder / language).glob("*.j2")):
        text = re.sub(r"{[%{#].*?[%}#]}", "", file.read_text("utf-8"))
        phrases += [(file.name, line) for line in text.splitlines()]
    return phrases


def test_german_goes_on_in_small_letters_after_the_comma_of_a_greeting() -> None:
    """But for Sie and Ihr, names, and what an agent wrote, which stands apart."""
    for notice in registry():
        for state, content in samples(SHIPPED, "de", notice):
            found = re.search(r"(?m)^Guten Tag.*,\n\n(\S+)", show(content, "de", SETTINGS, SHIPPED).text)
            if found is None or content.message.startswith(found[1]):
                continue
            names = {"Nagy", "Kovács"}
            assert not found[1][0].isupper() or found[1] in {"Sie", "Ihre"} | names, (notice, state, found[1])


def test_french_sets_its_double_marks_apart_with_spaces_that_do_not_break() -> None:
    for where, words in said("fr"):
        assert not re.search(r"[\w}»] [:;?!»]|« ", words), (where, words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_percent_sign_stands_where_the_language_sets_it(language: str) -> None:
    """Apart from its number in French and German, by a space that does not break; else close to it."""
    apart = language in ("fr", "de")
    for where, words in said(language):
        assert not re.search(r"[0-9}]%" if apart else r"[0-9}]\s%", words), (where, words)
        assert not re.search(r"[0-9}] %", words), (where, words)
