"""Whole mails of each client, from their bytes: new text, text, subject, attachments."""

from __future__ import annotations

from collections import Counter

import pytest

from maild.mail.parse import parse_mail
from tests.corpus.mails import words
from tests.corpus.mails.attributions import MORE
from tests.corpus.mails.clients import CLIENTS, Letter, Sample, head_of, part, samples

#: ten thousand mails
pytestmark = pytest.mark.slow

FIRST = ("en", "nl", "hu", "de", "fr")


def _faults(sample: Sample) -> list[str]:
    mail = parse_mail(sample.raw)
    faults = []
    if mail.subject != sample.subject:
        faults.append(f"subject {mail.subject!r}")
    if tuple(a.name for a in mail.attachments) != sample.attachments:
        faults.append(f"attachments {[a.name for a in mail.attachments]}")
    faults += [f"text without {words!r}" for words in sample.in_text if words not in mail.text]
    if mail.new_text.split() != sample.new.split():
        faults.append(f"new text {mail.new_text!r}")
    return faults


@pytest.mark.parametrize("client", CLIENTS)
def test_mail_of_client_is_read_as_its_writer_meant_it(client: str) -> None:
    for number, sample in enumerate(samples((client,), FIRST)):
        if number % 2 == 0:  # every structure and language, half of the combinations: seconds count
            assert _faults(sample) == [], sample.name


@pytest.mark.slow
def test_all_samples_in_nine_languages_are_read_right() -> None:
    assert [(s.name, f) for s in samples() if (f := _faults(s))] == []


@pytest.mark.parametrize(
    ("client", "language", "lines", "mark"),
    MORE,
    ids=[f"{row[0]} {row[1]} {n}" for n, row in enumerate(MORE)],
)
def test_answer_above_an_introduced_quote_is_found(
    client: str, language: str, lines: tuple[str, ...], mark: str
) -> None:
    for number, answer in enumerate(words.ANSWERS[language]):
        for signature in ((), words.SIGNATURES[language][number % 2]):
            quote = [(mark + line).rstrip() for line in words.DESK[language]]
            text = "\n".join([*answer, "", *signature, "", *lines, *quote]) + "\n"
            letter = Letter(language, answer)
            mail = parse_mail(head_of(letter, {}, number) + part("text/plain", text))
            assert mail.new_text.split() == "\n".join(answer).split()


def test_no_word_of_a_person_is_lost_in_any_sample() -> None:
    lost: Counter[str] = Counter()
    for sample in samples(("gmail web", "thunderbird", "outlook desktop"), ("en", "hu")):
        mail = parse_mail(sample.raw)
        lost += Counter(sample.new.split()) - Counter(mail.new_text.split())
    assert not lost


@pytest.mark.parametrize(
    "text",
    [
        "Hi,\n\nAs Bob said:\n> Use the second one\n\nI did and it works.",
        "Hallo,\n\nZoals Bob schreef:\n> Neem de tweede\n\nDat heb ik gedaan.",
        "Hallo,\n\nwie Bob schrieb:\n> Nimm den zweiten\n\nDas habe ich getan.",
        "Bonjour,\n\nComme Bob a écrit :\n> Prends le second\n\nJe l'ai fait.",
        "Szia!\n\nAhogy Béla írta:\n> A másodikat használd\n\nMegtettem.",
    ],
)
def test_a_citation_in_the_persons_own_sentence_stays(text: str) -> None:
    mail = parse_mail(b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n" + text.encode())
    assert mail.new_text.split() == text.split()
