"""`maild demo`: a customer's conversation with the desk, from the first mail to the closed ticket."""

from __future__ import annotations

import sys
import time
import zlib
from email.message import EmailMessage
from pathlib import Path

from maild.commands import output
from maild.consent import hiding
from maild.demo import desk_file
from maild.demo.served import DemoDesk, body, free_port, letter

CONFIG = desk_file("conversation.toml")
COMPANIES = desk_file("conversation_companies.toml")

ANNA = "Kovács Anna <anna@acme.example>"
PETER = "Szabó Péter <peter@acme.example>"
BELA = "Nagy Béla <bela@acme.example>"
REPORT = """\
Jó napot!

Reggel óta nem tudok számlát nyomtatni, a képernyőn ezt látom: "0x00000709 hiba".
Csatolok egy képet.

Üdvözlettel,
Kovács Anna
"""


REPLY = """\
A kollégáimnál sem megy.

Anna

2026. 11. 22. 8:10 keltezéssel, Example Help Desk írta:
> Köszönjük, hogy írt nekünk! Bejelentését nyilvántartásba vettük.
"""


def run(keep: Path | None) -> None:
    """Play the conversation and print it as the customer's mailbox shows it."""
    began = time.monotonic()
    page = free_port()
    with DemoDesk(CONFIG.replace("{page}", str(page)), COMPANIES, keep) as desk:
        output.say("A desk with three companies runs on free ports. Anna of Acme Kft. writes:\n")
        first = letter(ANNA, "Nem megy a nyomtató", REPORT)
        first.add_attachment(picture(), maintype="image", subtype="png", filename="képernyő.png")
        _say(first)
        desk.send(first)
        ack = _show(desk, "#15789")

        _agent(desk, "take", "15789")
        _show(desk, "Nagy Kata")

        reply = letter(
            ANNA,
            f"Re: {ack['Subject']}",
            REPLY,
            reply_to=ack["Message-ID"],
        )
        _say(reply)
        desk.send(reply)
        colleague = letter(
            PETER, "Nyomtató [#15789]", "Nálam is ez a helyzet, a második emeleten.\n\nPéter\n"
        )
        output.say("Her colleague Péter knows only the number:\n")
        _say(colleague)
        desk.send(colleague)
        away = letter(
            ANNA, f"Automatikus válasz: {ack['Subject']}", "Szabadságon vagyok hétfőig.\n", reply_to=ack["Message-ID"],
            Auto_Submitted="auto-replied",
        )  # fmt: skip
        output.say("Her mailbox answers by itself; nobody answers that:\n")
        _say(away)
        desk.send(away)
        desk.settled(4)

        _agent(desk, "phase", "15789", "in_progress", "-m", "Újraindítjuk a nyomtatószervert.")
        _show(desk, "nyomtatószervert")
        _agent(desk, "log", "15789", "20m", "-m", "print server")
        _agent(desk, "close", "15789", "-m", "A nyomtató ismét működik, a szerver kapott egy frissítést.")
        _show(desk, "frissítést")

        output.say("What the agent sees in the end:\n")
        output.say(desk.maild("show", "15789"))
        _approval(desk)
        link = desk.link(page, "anna@acme.example")
        output.say(
            "Anna can also look instead of write. The link that signs her in on the customers' page:\n"
        )
        output.say(f"  {link}\n")
        output.say(
            f"(the whole took {time.monotonic() - began:.1f} s"
            + (f"; its files are in {keep})" if keep else ")")
        )
        if sys.stdin.isatty() and output.on_terminal():
            output.say("The desk goes on until you press Enter: open the link in a browser.")
            sys.stdin.readline()


def _approval(desk: DemoDesk) -> None:
    """A request that nobody may grant by themselves: it waits for who may approve it."""
    output.say("Péter asks for a right that his company wants approved in writing:\n")
    request = letter(PETER, "Pénzügyi mappa", "Írási jogot kérek a pénzügyi mappához.\n\nPéter\n")
    _say(request)
    desk.send(request)
    output.say("The approver is asked; the mail carries a token that works once, for this request alone:\n")
    asked = _show(desk, "#15790", "bela@acme.example")
    held = desk.refused("--as", "kata", "phase", "15790", "progress")
    output.heading("$ maild --as kata phase 15790 progress")
    output.say(output.safe_text(f"{held}\n"))
    answer = letter(
        BELA, f"Re: {asked['Subject']}", "Jóváhagyom.\n\nNagy Béla\n", reply_to=asked["Message-ID"]
    )
    _say(answer)
    desk.send(answer)
    desk.settled(6)
    _agent(desk, "approval", "explain", "15790")
    _agent(desk, "done", "15790", "10m", "-m", "Az írási jog él.")
    _show(desk, "írási jog él", "peter@acme.example")


def _agent(desk: DemoDesk, *words: str) -> None:
    output.heading(f"$ maild --as kata {' '.join(_quoted(w) for w in words)}")
    output.say(output.safe_text(desk.maild("--as", "kata", *words)))


def _quoted(word: str) -> str:
    return f"'{word}'" if " " in word else word


def _say(mail: EmailMessage) -> None:
    output.heading(f"  {mail['From']}  ->  {mail['To']}")
    output.heading(f"  {mail['Subject']}")
    for part in mail.iter_attachments() if mail.is_multipart() else ():
        output.say(f"  [{part.get_filename()}]")
    for line in body(mail).rstrip().splitlines():
        output.say(output.safe_line(hiding.hide(f"  | {line}")))  # a demo shows how, and not the key itself
    output.say()


def _show(desk: DemoDesk, text: str, to: str = "anna@acme.example") -> EmailMessage:
    """Wait for the desk's mail to somebody and print it."""
    mail = desk.answer(to, text)
    _say(mail)
    return mail


def picture(width: int = 320, height: int = 120) -> bytes:
    """A screenshot's stand-in: a PNG of a grey window with a red bar (RFC 2083), made here."""
    rows = b"".join(
        b"\0" + (b"\xc0\x30\x30" if 40 <= y < 60 else b"\xd8\xdc\xe0") * width for y in range(height)
    )

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
