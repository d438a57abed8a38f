"""list, show, search: the queue by due time; one ticket whole; full text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maild.commands.app import app
from maild.commands.session import JsonOpt, NumberArg, Session, now, session
from maild.errors import NotFound, Refused
from maild.ticket.phases import TICKET

if TYPE_CHECKING:
    from maild.store import Tx


@app.command("list")
def list_(
    ctx: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", "-a", help="Closed, rejected and merged ones too.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1)] = None,
    company: Annotated[str | None, typer.Option()] = None,
    phase: Annotated[str | None, typer.Option()] = None,
    team: Annotated[str | None, typer.Option()] = None,
    owner: Annotated[str | None, typer.Option()] = None,
    as_json: JsonOpt = False,
) -> None:
    """The queue: what is due first stands first."""
    from maild.commands import output

    here = session(ctx)
    if phase is not None and phase not in TICKET:
        raise Refused(f"no phase {phase!r}; there are: {', '.join(TICKET)}")
    with here.read() as tx:
        if company is not None and tx.companies.find(company) is None:
            raise NotFound(f"no company {company!r}; `maild company list` shows them")
        rows = tx.tickets.list(
            all=everything, limit=limit, company=company, phase=phase, team=team, owner=owner
        )
        waiting = [] if company or phase or owner else _unfiled(tx, here)
    if team == here.settings.tickets.review_team:
        rows += waiting
    if as_json:
        output.emit_lines(rows)
        return
    _print_queue(rows, here.settings.desk.timezone)
    if waiting and team is None:
        mails = "1 mail" if len(waiting) == 1 else f"{len(waiting)} mails"
        output.warn(f"{mails} on no ticket: maild list --team {here.settings.tickets.review_team}")


def _unfiled(tx: Tx, here: Session) -> list[dict[str, Any]]:
    """Mails that are neither answered nor on a ticket, the quarantined too, as rows of the review team."""
    return [
        {
            "number": None, "subject": m["subject"], "company": None, "requester": m["from"], "phase": "received",
            "kind": m["kind"] or "hostile", "severity": None, "team": here.settings.tickets.review_team, "owner": None,
            "language": None, "created": m["received_at"], "respond_by": None, "resolve_by": None, "mail": m["id"],
        }
        for m in (*tx.inbound.unfiled(200), *tx.inbound.list(state="quarantined", limit=200))
    ]  # fmt: skip


#: for a terminal; `show` and pipes have the whole words
_SHORT = {
    "waiting_customer": "waiting", "awaiting_approval": "approval", "in_progress": "working",
    "infrastructure": "infra",
}  # fmt: skip


def _print_queue(rows: list[dict[str, Any]], zone: str) -> None:
    from maild.commands import output

    if not rows:
        output.say("nothing to do")
        return
    short = output.on_terminal()
    output.table(
        ("N", "DUE", "PHASE", "SEV", "COMPANY", "OWNER", "SUBJECT"),
        (
            (
                f"#{r['number']}" if r["number"] else f"mail {r['mail']}",
                output.soon(r.get("due"), zone, now()) if short else output.when(r.get("due"), zone),
                _SHORT.get(r["phase"], r["phase"]) if short else r["phase"],
                _SHORT.get(r["severity"], r["severity"])
                if short and r["severity"]
                else r["severity"] or r["kind"],
                r["company"] or "?",
                r["owner"] or f"({r['team']})",
                r["subject"] or "(no subject)",
            )
            for r in rows
        ),
        wide="SUBJECT",
    )


@app.command()
def show(
    ctx: typer.Context,
    number: NumberArg,
    full: Annotated[bool, typer.Option("--full", help="Whole mails: quotes and signatures too.")] = False,
    attachment: Annotated[
        int | None, typer.Option("--attachment", min=1, help="Write out this attachment.")
    ] = None,
    mail: Annotated[
        int | None, typer.Option("--mail", help="... of this mail (id as in `mail list`).")
    ] = None,
    out: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help='Where to; "-" is standard output.')
    ] = None,
    as_json: JsonOpt = False,
) -> None:
    """One ticket whole: who, what, the log, time, consents, links, mails."""
    from maild.commands import output

    here = session(ctx)
    with here.read() as tx:
        ticket = tx.tickets.show(number)
        if attachment is not None:
            _write_attachment(tx, ticket, attachment, mail, out)
            return
    if as_json:
        output.emit(ticket)
    else:
        _print_ticket(ticket, here.settings.desk.timezone, full)


def _numbered(ticket: dict[str, Any]) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Attachments of a ticket in order of arrival, counted from 1: (number, entry, attachment)."""
    every = [(e, a) for e in ticket["entries"] for a in e["attachments"]]
    return [(i, e, a) for i, (e, a) in enumerate(every, 1)]


def _write_attachment(tx: Tx, ticket: dict[str, Any], index: int, mail: int | None, out: str | None) -> None:
    from maild.mail.parse import attachment_bytes

    if mail is not None:
        if mail not in tx.tickets.mails(ticket["number"]):
            raise NotFound(f"mail {mail} is not on #{ticket['number']}")
        found, content = attachment_bytes(tx.inbound.raw(mail), index)
    else:
        rows = _numbered(ticket)
        if index > len(rows):
            raise NotFound(
                f"#{ticket['number']} has {len(rows)} attachments; `maild show {ticket['number']}` numbers them"
            )
        _, entry, row = rows[index - 1]
        source = tx.tickets.entry_mail(entry["id"])
        if source is None:
            raise NotFound("the mail of this attachment was erased")
        found, content = attachment_bytes(tx.inbound.raw(source), row["index"])
    if out == "-":
        import sys

        sys.stdout.buffer.write(content)
        return
    target = Path(out) if out else Path(_file_name(found.name))
    if target.is_dir():
        target = target / _file_name(found.name)
    try:
        # never over a file that is there: an attachment's name is the customer's word, a named one ours
        with target.open("wb" if out and not Path(out).is_dir() else "xb") as file:
            file.write(content)
    except FileExistsError:
        raise Refused(f"{target} exists; -o FILE names another") from None
    except OSError as error:
        raise Refused(f"{target}: {error.strerror}") from None
    from maild.commands import output

    output.say(output.safe_line(f"{target}: {len(content)} bytes"))


def _file_name(name: str) -> str:
    """Neither an option to the next command (`-rf`) nor a file that a shell reads and `ls` hides (`.bashrc`)."""
    return Path(name).name.lstrip(".-~ ") or "attachment"


def _print_ticket(t: dict[str, Any], zone: str, full: bool) -> None:
    from maild.commands import output
    from maild.commands.output import safe_line, safe_text, say, when

    output.heading(f"#{t['number']} {t['subject']}")
    who = f"{t.get('requester_name') or ''} <{t['requester']}>" if t["requester"] else "nobody verified"
    rows = [
        ("requester", f"{who} ({t['company'] or 'no company'})"),
        ("state", f"{t['phase']}, {t['kind']}, {t['severity']}, team {t['team']}, owner {t['owner'] or '-'}"),
        ("created", when(t["created"], zone)),
        ("respond by", _promise(t, "respond_by", "responded_at", "answered", zone)),
        ("resolve by", _promise(t, "resolve_by", "resolved_at", "resolved", zone)),
        ("mail goes to", ", ".join(_address(r) for r in t["recipients"]) or "nobody"),
        ("time", f"{t['time']['raw_minutes']} min, billed {t['time']['billed_minutes']} min"),
    ]
    if t["data"].get("out_of_scope"):
        rows.append(("scope", "outside the contract: billed after `maild cost send` only"))
    rows += [("link", _link(link)) for link in t["links"]]
    for c in t["consents"]:
        by = (
            f" by {c['decided_by']}"
            if c["decided_by"]
            else f", asked {', '.join(c['approvers']) or 'nobody'}"
        )
        rows.append(("consent", f"{c['id']} {c['kind']} {c['state']}{by}"))
    for key, value in rows:
        say(f"{key:>13}  {safe_line(value)}")
    numbers = {id(a): i for i, _, a in _numbered(t)}
    for entry in t["entries"]:
        if entry["type"] == "held_back" and not full:
            continue  # what a cap held back stands in --full and --json
        say()
        output.heading(
            f"{when(entry['at'], zone)}  {entry['author']}  {_label(entry)}  [entry {entry['id']}]"
        )
        words = (entry.get("full_text") or entry["text"]) if full else entry["text"]
        if words.strip():
            say(safe_text(words.strip("\n")))
        for a in entry["attachments"]:
            say(safe_line(f"  [{numbers[id(a)]}] {a['name']} ({a['type']}, {a['size']} bytes)"))
    failed = [o for o in t["outbound"] if o["state"] in ("failed", "queued")]
    if failed:
        say()
        output.heading("Mail not sent yet, or not at all")
        for o in failed:
            say(safe_line(f"  {o['state']:<7} {o['notice']} to {', '.join(o['to'])}"))


def _address(recipient: Any) -> str:
    return str(recipient["address"]) if isinstance(recipient, dict) else str(recipient)


def _promise(t: dict[str, Any], by: str, kept: str, word: str, zone: str) -> str:
    """When it is due, and what became of it."""
    from maild.commands.output import when
    from maild.ticket.phases import ENDED, PAUSED

    if t[kept]:
        return f"{when(t[by], zone) or 'no promise'}, {word} {when(t[kept], zone)}"
    if not t[by]:
        return "no promise"
    paused = t["phase"] in PAUSED and t["phase"] not in ENDED
    return when(t[by], zone) + (" (the clock waits)" if paused else "")


def _link(link: dict[str, Any]) -> str:
    if link["type"] == "outage":
        return f"outage {link['outage']}"
    back = " (from there)" if link.get("direction") == "in" else ""
    return f"{link['type']} #{link['ticket']}{back}"


def _label(entry: dict[str, Any]) -> str:
    data = entry.get("data") or {}
    if entry["type"] == "phase":
        return f"{data.get('from')} -> {data.get('to')}"
    return str(entry["type"]) + (
        f" ({entry['channel']})" if entry["channel"] not in ("email", "cli", "system") else ""
    )


@app.command()
def search(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS...")],
    limit: Annotated[int, typer.Option(min=1)] = 50,
    as_json: JsonOpt = False,
) -> None:
    """Full text over subjects, mails, replies and notes."""
    from maild.commands import output

    here = session(ctx)
    with here.read() as tx:
        rows = tx.search(" ".join(words), limit=limit)
    if as_json:
        output.emit_lines(rows)
    elif rows:
        output.table(
            ("N", "PHASE", "COMPANY", "SUBJECT", "FOUND"),
            (
                (f"#{r['number']}", r["phase"], r["company"] or "?", r["subject"], r.get("snippet", ""))
                for r in rows
            ),
            wide="FOUND",
        )
    else:
        output.say("nothing found")
