"""Mails that make a step work hard: a piece that repeats, in every place of a mail that a stranger fills."""

# ruff: noqa: E501

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable

HEAD = b"From: anna@acme.example\r\nTo: help@desk.example\r\nSubject: Broken\r\nMIME-Version: 1.0\r\n"

#: fields that we read; each may be as long as the header block is allowed to be
FIELDS = (
    "From", "To", "Cc", "Reply-To", "Sender", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
    "Thread-Index", "Content-Type", "Content-Disposition", "Content-Transfer-Encoding", "Received", "Return-Path",
    "Authentication-Results", "DKIM-Signature", "List-Id", "List-Post", "Precedence", "Auto-Submitted", "X-Mailer",
    "X-Failed-Recipients", "Delivered-To", "X-Spam-Flag", "X-Autoreply",
)  # fmt: skip

#: pieces that nest, open without an end, fold, escape, look like a date, a number, an address, a word of ours
PIECES = (
    " ", "\t", "(", ")", "()", "((", "<", ">", "<>", '"', "'", "\\", "\\\\", ",", ";", ":", "@", "=", "=?", "?=", "=?utf-8?q?a?=",
    "=?utf-8?b?YQ==?= ", "a@b.example, ", "<a@b.example> ", "<a@b.example>, ", "a", "a ", "A1", "0", "1.", "-", "--", "*", "_", "[",
    "]", "[#1] ", "[#", "#1 ", "Re: ", "Fw: Re: ", "WG: ", "&", "&#", "&amp;", "%", "%25", "{", "}", "/", "|", "~", "^", "$", "!", "?",
    ".", "..", "\u00e9", "e\u0301", "\u200b", "\u202e", "\u2018", "\u201e", "\u3000", "\u00df", "\u0130", "v=1; ", "b=x; ", "a=b;",
    "by mx.google.com ", "from a by b; ", "dmarc=pass ", "mailto:", "http://a.example/ ", "www.", "+36 1 555 0100 ", "yes ", "approved ",
    "access to ", "please grant ", "thank you ", "help@desk.example ",
)  # fmt: skip
#: pieces of a body besides: lines that quote, sign, enclose, tag
LINES = (
    "\n", "x\n", "> x\n", ">> x\n", "> \n", "-- \n", "--\n", "__\n", "On Mon, Nov 2, 2026 at 10:11 AM Ann wrote:\n", "Ann wrote:\n> x\n",
    "From: a\nSent: 2026\nTo: b\nSubject: c\n\n", "-----Original Message-----\n", "begin 644 a\n", "begin 644 a\n#0V%T\n`\nend\n", "From \n",
    "Regards,\nAnn\n", "x \n", "Sent from my iPhone\n", "--b\n", "--b\n\nx\n", "=\n", "=20\n", "-----BEGIN PGP MESSAGE-----\n",
    "maild-", "maild-aaaaaaaaaaaaaaaaaaaaaaaaaa ", "| x\n", "AB> x\n", "x: y\n", "2026-11-02 10:11 x\n", "yes\n", "Yes, approved.\n",
)  # fmt: skip
TAGS = (
    "<b>", "</b>", "<p>x", "<div>", "<blockquote type=cite>x", "<blockquote>x</blockquote>", "<table><tr><td>", "<ul><li>x", "<!--", "<!-- x -->",
    "<style>.a{display:none}</style>", "<style>", "<script>", '<a href="', '<img src="cid:x">', '<span style="display:none">x</span>',
    "<br>", "&nbsp;", "&#x41;", "&#", "<![CDATA[", "<?", "<a b=c ", "<a b='", "<pre>\n", '<div class="gmail_quote">x', "<del>x</del>",
    "<span style='mso-hide:all;font-size:0;color:#fff'>x</span>", "<o:p></o:p>", "<svg>", "<math>", "<td>x", "</div>",
)  # fmt: skip
CALENDAR = (
    "BEGIN:VEVENT\n",
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example\n",
    "SUMMARY:x\n",
    " x\n",
    "DTSTART;TZID=a:20261102T101100\n",
)
REPORTS = (
    "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n",
    "Diagnostic-Code: smtp; 550 x\n",
    "a: b\n",
    "\n",
)
RTF = ("{", "}", "{}", "\\b ", "\\'e9", "\\u233 ?", "x", "{\\*\\x ", "\\par ", "\\f1", "{\\fonttbl", "\n")

#: what ends a text, so that what began before it fails late
ENDS = ("", "\n", "\0x", "!")

Make = Callable[[str, int], bytes]


def _filled(piece: str, size: int, end: str = "") -> bytes:
    body = piece.encode("utf-8")
    return (body * (size // len(body) + 1))[:size] + end.encode()


def _field(name: str, *, folded: bool, end: str) -> Make:
    def make(piece: str, size: int) -> bytes:
        value = _filled(piece.replace("\n", " "), size)
        if folded:
            value = b"\r\n ".join(value[at : at + 70] for at in range(0, len(value), 70))
        head = HEAD
        if name in ("From", "To", "Subject"):
            head = b"\r\n".join(
                line for line in HEAD.split(b"\r\n") if not line.startswith(name.encode() + b":")
            )
        field = name.encode() + b": " + value + end.encode()
        # a relay's own line above what it said; a signature that may be ours to check
        above = b"Received: from a by mx.google.com; now\r\n" if name == "Received" else b""
        return above + field + b"\r\n" + head + b"\r\nThe printer does not print.\r\n"

    return make


def _many_fields(piece: str, size: int) -> bytes:
    one = b"X-" + _filled("a", 6) + b": " + piece.replace("\n", " ").encode() + b"\r\n"
    return (one * (size // len(one) + 1))[:size].rpartition(b"\r\n")[0] + b"\r\n" + HEAD + b"\r\nx\r\n"


def _text(kind: str, *, encoding: str = "", head: str = "", tail: str = "", parameters: str = "") -> Make:
    def make(piece: str, size: int) -> bytes:
        body = head.encode() + _filled(piece, size) + tail.encode()
        if encoding == "base64":
            body = base64.encodebytes(body[: size * 3 // 4])
        elif encoding == "quoted-printable":
            body = quopri.encodestring(body)[:size]
        said = f"Content-Transfer-Encoding: {encoding}\r\n" if encoding else ""
        return HEAD + f"Content-Type: {kind}; charset=utf-8{parameters}\r\n{said}\r\n".encode() + body

    return make


def _alternative(piece: str, size: int) -> bytes:
    half = size // 2
    return (
        HEAD + b"Content-Type: multipart/alternative; boundary=q\r\n\r\n--q\r\nContent-Type: text/plain\r\n\r\n"
        + _filled(piece, half) + b"\r\n--q\r\nContent-Type: text/html\r\n\r\n<p>" + _filled(piece, half) + b"\r\n--q--\r\n"
    )  # fmt: skip


def _parts(piece: str, size: int) -> bytes:
    one = f'--q\r\nContent-Type: text/plain; name="{piece.strip()[:20]}"\r\n\r\n{piece}\r\n'.encode()
    return HEAD + b"Content-Type: multipart/mixed; boundary=q\r\n\r\n" + (one * (size // len(one) + 1))[:size]


def _report(piece: str, size: int) -> bytes:
    return (
        b"From: MAILER-DAEMON@x.example\r\nTo: help@desk.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=q\r\n\r\n--q\r\n\r\nfailed\r\n--q\r\n"
        b"Content-Type: message/delivery-status\r\n\r\n" + _filled(piece, size) + b"\r\n--q--\r\n"
    )


def _signed(piece: str, size: int) -> bytes:
    """A signature of the sender's domain over a body that must be hashed."""
    sign = b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=acme.example; s=s1; h=from:subject:date; bh=eA==; b=eA==\r\n"
    return sign + HEAD + b"\r\n" + _filled(piece, size)


def _answer(piece: str, size: int) -> bytes:
    """A reply on the ticket that waits for approval."""
    return (
        HEAD.replace(b"Broken", b"Re: [#1001] Share").replace(b"anna@", b"boss@")
        + b"\r\n"
        + _filled(piece, size)
    )


#: place -> how a piece fills it, and the pieces that stand there
PLACES: dict[str, tuple[Make, tuple[str, ...]]] = {
    **{f"{name}{' folded' if folded else ''}{' ' + repr(end) if end else ''}": (_field(name, folded=folded, end=end), PIECES)
       for name in FIELDS for folded, end in ((False, ""), (False, "!"), (True, ""))},
    "many fields": (_many_fields, PIECES),
    "text": (_text("text/plain"), PIECES + LINES),
    "text of an answer": (_answer, PIECES + LINES),
    "signed": (_signed, PIECES + LINES),
    "flowed": (_text("text/plain", parameters="; format=flowed"), LINES),
    "base64": (_text("text/plain", encoding="base64"), PIECES + LINES),
    "quoted-printable": (_text("text/plain", encoding="quoted-printable"), PIECES + LINES),
    "enriched": (_text("text/enriched"), TAGS),
    "html": (_text("text/html"), PIECES + LINES + TAGS),
    "html in an attribute": (_text("text/html", head='<a title="'), PIECES + TAGS),
    "html in a style": (_text("text/html", head="<style>"), (*PIECES, ".a{", "a{b:c}", "/*", "@media x{", "}")),
    "alternative": (_alternative, LINES + TAGS),
    "parts": (_parts, PIECES),
    "calendar": (_text("text/calendar", head="BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"), CALENDAR + PIECES),
    "report": (_report, REPORTS + PIECES),
    "rtf": (_text("text/rtf", head="{\\rtf1 "), RTF),
}  # fmt: skip
