"""Authentication-Results: whose, where, and what they say (RFC 8601)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.mail.auth.block import block_of
from maild.mail.auth.results import Believed, DkimPass, _parts, believed, believed_source
from maild.model import Envelope
from maild.settings import Imap, Settings, Smtp

PASS = "dkim=pass header.d=acme.example header.s=s1 header.b=AbCd; dmarc=pass (p=NONE; x) header.from=Acme.example"
SAID = Believed("mx.desk.example", "pass", "acme.example", (DkimPass("acme.example", "s1", "AbCd"),))
RECEIVED = "Received: from a.example (b [1.2.3.4]) by mx.desk.example; Mon, 2 Nov 2026 09:30:00 +0100"


def read(*lines: str, source: str = "mx.desk.example", relay: bool = True) -> Believed | None:
    return believed(block_of("".join(line + "\r\n" for line in lines).encode()), source, relay=relay)


def test_the_topmost_header_of_that_name_above_the_received_line_is_read() -> None:
    mine = f"Authentication-Results: mx.desk.example 1; {PASS}"
    other = "Authentication-Results: other.example; dmarc=fail header.from=acme.example"
    assert read(other, mine, RECEIVED) == SAID
    assert read(mine.replace("dmarc=pass", "dmarc=fail"), mine, RECEIVED) == Believed(
        "mx.desk.example", "fail", "acme.example", SAID.dkim
    )


@pytest.mark.parametrize("above", [RECEIVED, "From: a@acme.example", "X-Any: thing", "DKIM-Signature: v=1"])
def test_a_header_below_the_authors_or_the_relays_lines_is_not_read(above: str) -> None:
    assert read(above, f"Authentication-Results: mx.desk.example; {PASS}") is None


def test_a_header_without_a_name_counts_for_microsofts_mailboxes_only() -> None:
    line = f"Authentication-Results: {PASS}"
    assert read(line, source="outlook.com", relay=False) is not None
    assert read(line, source="outlook.com", relay=True) is None
    assert read(line, source="mx.google.com", relay=False) is None


@pytest.mark.parametrize(
    "text",
    [
        'mx.desk.example; spf=pass (of "x); dmarc=pass header.from=acme.example ("@e) smtp.mailfrom=a',
        'mx.desk.example; spf=pass smtp.mailfrom="a\\" ; dmarc=pass header.from=acme.example',
        'mx.desk.example; spf=pass smtp.mailfrom="a; dmarc=pass header.from=acme.example',
        "mx.desk.example; spf=pass (a; dmarc=pass header.from=acme.example",
        "mx.desk.example; spf=pass a) ; dmarc=pass header.from=acme.example",
        "mx.desk.example; dmarc=pass header.from=acme.example; dmarc=fail header.from=acme.example",
    ],
)
def test_where_it_is_not_certain_what_belongs_to_what_nothing_is_said(text: str) -> None:
    found = read(f"Authentication-Results: {text}", RECEIVED)
    assert found is not None  # it is the source's: no lower one is read in its place
    assert found.dmarc == ""


def test_what_stands_in_quotes_or_comments_is_no_result() -> None:
    text = 'mx.desk.example; spf=fail (dmarc=pass header.from=acme.example; x) smtp.mailfrom="b; dmarc=pass"@e.example'
    found = read(f"Authentication-Results: {text}", RECEIVED)
    assert found == Believed("mx.desk.example", "", "")


@given(st.text(alphabet='ab=;()"\\ ', max_size=40))
def test_parts_never_hold_what_stood_in_a_comment(text: str) -> None:
    found = _parts(f"x; ({text.translate(dict.fromkeys(map(ord, '()')))}); y")
    assert found is None or found[0] == "x"
    assert found is None or found[-1] == "y"


@pytest.mark.parametrize(
    ("envelope", "source"),
    [
        (Envelope("smtp", datetime.now(UTC), peer="10.0.0.5"), "mx.desk.example"),
        (Envelope("smtp", datetime.now(UTC), peer="10.1.2.3"), "mx.net.example"),
        (Envelope("smtp", datetime.now(UTC), peer="192.0.2.1"), ""),
        (Envelope("smtp", datetime.now(UTC), peer=""), ""),
        (Envelope("imap:support", datetime.now(UTC)), "mx.google.com"),
        (Envelope("imap:other", datetime.now(UTC)), ""),
        (Envelope("file", datetime.now(UTC)), ""),
    ],
)
def test_belief_belongs_to_the_source_that_the_mail_came_from(envelope: Envelope, source: str) -> None:
    settings = Settings(
        smtp=Smtp(trusted_relays={"10.0.0.5": "mx.desk.example", "10.1.0.0/16": "mx.net.example"}),
        imap=(Imap("support", trust_results_of="mx.google.com"), Imap("other")),
    )
    assert believed_source(envelope, settings) == source
