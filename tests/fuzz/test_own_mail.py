"""Parsing a mail that we composed gives back what was put in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maild.mail.parse import attachment_bytes, parse_mail
from maild.model import Mailbox
from maild.render import Enclosure, Outgoing, Rendered, compose
from maild.render.clean import clean_line
from maild.settings import DeskSettings, Settings
from tests.examples import at_most

SETTINGS = Settings(desk=DeskSettings(name="Példa Ügyfélszolgálat", address="help@desk.example"))
ANY = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")), max_size=300)
NAMES = st.from_regex(r"[\w ()áéőű€,;'-]{1,60}\.[a-z]{2,4}", fullmatch=True)


@example(subject="", lines=["HTML"], name="", files=[])
@pytest.mark.parametrize("auto", ["auto-replied", "auto-generated", ""])
@at_most(60)
@given(
    subject=ANY,
    lines=st.lists(ANY.map(lambda line: " ".join(line.split())), min_size=1, max_size=20),
    name=ANY,
    files=st.lists(st.tuples(NAMES, st.binary(max_size=500)), max_size=3),
)
def test_own_mail_comes_back_as_it_was(
    auto: str, subject: str, lines: list[str], name: str, files: list[tuple[str, bytes]]
) -> None:
    text = "\n".join(["Words at the top.", *lines]) + "\n"
    outgoing = Outgoing(
        to=(Mailbox("anna@acme.example", name),),
        message_id="<maild.1.k7qx2mpd@desk.example>",
        date=datetime(2026, 11, 2, 9, 30, 5, tzinfo=UTC),
        in_reply_to="<their@acme.example>",
        references=("<root@desk.example>", "<their@acme.example>"),
        auto=auto,
        enclosures=tuple(Enclosure(file, "application/pdf", data) for file, data in files),
    )
    raw = compose(outgoing, Rendered(f"[#1] {subject}", text, "<p>Words.</p>\n", (), "en"), SETTINGS)
    mail = parse_mail(raw)
    assert mail.defects == ()
    assert mail.subject.split() == f"[#1] {clean_line(subject)}".split()
    assert mail.text.split() == text.split()
    assert mail.message_id == outgoing.message_id
    assert mail.in_reply_to == ("<their@acme.example>",)
    assert mail.references == outgoing.references
    assert mail.date == outgoing.date
    assert mail.sender is not None
    assert (mail.sender.address, mail.sender.name) == (SETTINGS.desk.address, SETTINGS.desk.name)
    assert [box.address for box in mail.to] == ["anna@acme.example"]
    assert [a.type for a in mail.attachments] == ["application/pdf"] * len(files)
    assert [attachment_bytes(raw, a.index)[1] for a in mail.attachments] == [data for _, data in files]
