"""Quotes and signatures as HTML clients mark them, from the bytes of whole mails."""

from __future__ import annotations

from maild.mail.parse import parse_mail
from tests.cases import cases

HEAD = "From: Ann <ann@acme.example>\r\nSubject: Re: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
QUOTE = "<div>Dear Ann,</div><div><br></div><div>Which printer?</div><div>Help Desk</div>"
SAID = "On Mon, Nov 2, 2026 at 10:11 AM Help Desk &lt;help@desk.example&gt; wrote:<br>"
BLOCK = "<b>From:</b> Help Desk<br><b>Sent:</b> Monday, November 2, 2026 10:11 AM<br><b>To:</b> Ann<br><b>Subject:</b> x"

CASES = {
    "gmail, more below the quote": (
        f'<div>One.</div><div class="gmail_quote">{SAID}<blockquote class="gmail_quote">{QUOTE}</blockquote></div>'
        "<div>More by me.</div>",
        "One. More by me.",
    ),
    "gmail, a disclaimer below the quote": (
        f'<div>One.</div><div class="gmail_quote">{SAID}<blockquote class="gmail_quote">{QUOTE}</blockquote></div>'
        "<p>This e-mail and any attachments are confidential and intended solely for the addressee.</p>",
        "One.",
    ),
    "gmail, answer in the extra around the quote": (
        f'<div></div><div class="gmail_extra">One.<br><div class="gmail_quote">{SAID}<blockquote>{QUOTE}'
        "</blockquote></div></div>",
        "One.",
    ),
    "gmail, answer below inside the quote's holder": (
        f'<div class="gmail_quote">{SAID}<blockquote>{QUOTE}</blockquote><div>One.</div></div>',
        "One.",
    ),
    "gmail in gmail": (
        f'<div>One.</div><div class="gmail_quote">{SAID}<blockquote>Mid.<div class="gmail_quote">{SAID}<blockquote>'
        "Old.</blockquote></div></blockquote></div>",
        "One.",
    ),
    "yahoo, more below the quote": (
        f'<div>One.</div><div class="yahoo_quoted"><div>{SAID}</div>{QUOTE}</div><div>More by me.</div>',
        "One. More by me.",
    ),
    "outlook web, ids renamed by a second Outlook": (
        f'<div>One.</div><hr tabindex=-1><div id="x_divRplyFwdMsg">{BLOCK}</div>{QUOTE}',
        "One.",
    ),
    "a rule and a bold block": (f"<div>One.</div><hr>{BLOCK}{QUOTE}", "One."),
    "a bold block alone": (f"<p>One.</p><p>{BLOCK}</p>{QUOTE}", "One."),
    "a blockquote without marks": (f"<p>One.</p><p>{SAID}</p><blockquote>{QUOTE}</blockquote>", "One."),
    "an indented paragraph is the writer's": (
        '<div>See:</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>My own words.</div>'
        "</blockquote><div>The end.</div>",
        "See: My own words. The end.",
    ),
    "a citation is the writer's": (
        "<p>The manual says:</p><blockquote>Turn it off.</blockquote><p>I did.</p>",
        "The manual says: > Turn it off. I did.",
    ),
    "answers between the quotes of Thunderbird": (
        '<div class="moz-cite-prefix">On 02/11/2026 10:11, Help Desk wrote:</div><blockquote type=cite>Which?</blockquote>'
        "<p>The second.</p><blockquote type=cite>Since when?</blockquote><p>Today.</p>",
        "The second. Today.",
    ),
    "a log with header fields": (
        "<p>Log:</p><pre>From: a@x\nTo: b@x\nStatus: sent</pre><p>What now?</p>",
        "Log: From: a@x To: b@x Status: sent What now?",
    ),
    "gmail's signature": ('<div>One.</div><div class="gmail_signature">Ann Miller<br>Sales</div>', "One."),
    "gmail's signature with its dashes": (
        '<div>One.</div><span class="gmail_signature_prefix">-- </span><br><div class="gmail_signature">Ann<br>Sales</div>'
        f'<div class="gmail_quote">{SAID}<blockquote>{QUOTE}</blockquote></div>',
        "One.",
    ),
    "outlook's signature": ('<div>One.</div><div id="Signature"><p>Ann Miller</p><p>Sales</p></div>', "One."),
    "thunderbird's signature": ('<p>One.</p><pre class="moz-signature">-- \nAnn</pre>', "One."),
    "proton's signature": (
        '<div>One.</div><div class="protonmail_signature_block"><div>Ann Miller</div><div>Sales</div></div>',
        "One.",
    ),
    "an answer typed into the signature": (
        '<div id="Signature"><p>Ann Miller</p><p>Sales</p></div>',
        "Ann Miller Sales",
    ),
    "a sentence typed into the signature below others": (
        '<div>One.</div><div id="Signature"><p>And please send somebody who knows this printer.</p><p>Ann Miller</p></div>',
        "One. And please send somebody who knows this printer. Ann Miller",
    ),
    "a question typed into the signature": (
        '<div>One.</div><div id="Signature"><p>Thanks</p><p>Can you come today?</p></div>',
        "One. Thanks Can you come today?",
    ),
}


@cases("name", CASES)
def test_html_of_client_gives_new_text(name: str) -> None:
    page, wanted = CASES[name]
    mail = parse_mail(f"{HEAD}<html><body>{page}</body></html>".encode())
    assert mail.new_text.split() == wanted.split()
    assert not any("\ue000" <= char <= "\ue003" for char in mail.text + mail.new_text + mail.visible_new_text)


def test_icons_in_the_private_range_cost_no_line() -> None:
    mail = parse_mail(f"{HEAD}<p>\ue000quote is my word</p><p>\ue002 Phone</p>".encode())
    assert mail.new_text.split() == ["quote", "is", "my", "word", "Phone"]
