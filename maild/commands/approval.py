"""approval: written consents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from maild.commands import output, words
from maild.commands.app import app
from maild.commands.options import AsOpt, FileOpt, JsonOpt, MessageOpt
from maild.commands.session import done, nonce, session
from maild.commands.shapes import shapes
from maild.errors import NotFound, Refused

if TYPE_CHECKING:
    from maild.model import ConsentFacts, TicketFacts
    from maild.store import Tx

approval = typer.Typer(
    help="Written consents: who was asked, what they said, and why it counts.", no_args_is_help=True
)
app.add_typer(approval, name="approval")

WhichArg = Annotated[str, typer.Argument(metavar="C12|N", help="A consent's id, or a ticket's number.")]


def _find(tx: Tx, which: str) -> tuple[TicketFacts, ConsentFacts | None]:
    """The ticket and the consent that is meant: the named one, else the ticket's newest."""
    text = which.strip().upper()
    if text.startswith("C") and text[1:].isascii() and text[1:].isdigit():
        consent = tx.consents.get(int(text[1:]))
        return tx.ticket(consent.ticket), consent
    number = text.removeprefix("#")
    if not number.isascii() or not number.isdigit():
        raise typer.BadParameter(f"{which!r} is neither a consent (C12) nor a ticket number")
    ticket = tx.ticket(int(number))
    found = tx.consents.of_ticket(ticket.number)
    waiting = [c for c in found if c.state == "waiting"]
    newest = waiting or found
    return ticket, newest[-1] if newest else None


def consent_json(consent: ConsentFacts) -> dict[str, Any]:
    """A consent for scripts; tokens never appear."""
    from maild.ticket.terms import CODEC

    return {
        "id": f"C{consent.id}", "ticket": consent.ticket, "kind": consent.kind, "state": consent.state,
        "requested_at": consent.requested_at, "expires_at": consent.expires_at, "approvers": list(consent.approvers),
        "decided_by": consent.decided_by or None, "decided_at": consent.decided_at, "requester": consent.requester,
        "require": consent.require, "request": consent.request_text, "request_sha256": consent.request_sha256,
        "data": CODEC.dump(consent.terms) | ({"reason": consent.reason} if consent.reason else {}),
    }  # fmt: skip


@approval.command("list")
def list_(
    ctx: typer.Context,
    state: Annotated[
        str | None, typer.Option(help="waiting, granted, refused, expired, withdrawn, void")
    ] = None,
    as_json: JsonOpt = False,
) -> None:
    """Consents, those that wait first."""
    here = session(ctx)
    with here.read() as tx:
        rows = sorted(tx.consents.list(state), key=lambda c: (c.state != "waiting", -c.id))
    if as_json:
        output.emit_lines(consent_json(c) for c in rows)
        return
    zone = here.settings.desk.timezone
    output.table(
        ("ID", "TICKET", "KIND", "STATE", "UNTIL", "ASKED", "DECIDED BY"),
        (
            (
                f"C{c.id}",
                f"#{c.ticket}",
                c.kind,
                c.state,
                output.when(c.expires_at, zone),
                " ".join(c.approvers),
                c.decided_by,
            )
            for c in rows
        ),
        wide="ASKED",
    )


@approval.command()
def show(ctx: typer.Context, which: WhichArg, as_json: JsonOpt = False) -> None:
    """One consent: the exact request, who was asked, how it ended."""
    here = session(ctx)
    with here.read() as tx:
        _, consent = _find(tx, which)
    if consent is None:
        raise NotFound(f"{which}: no consent was asked for")
    if as_json:
        output.emit(consent_json(consent))
        return
    zone = here.settings.desk.timezone
    output.heading(f"C{consent.id} on #{consent.ticket}: {consent.kind}, {consent.state}")
    weak = " (the weaker mode: the one-time token alone)" if consent.require == "token" else ""
    rows = [
        (
            "asked",
            f"{output.when(consent.requested_at, zone)}: {', '.join(consent.approvers) or 'nobody is known'}",
        ),
        ("until", output.when(consent.expires_at, zone)),
        ("requester", consent.requester),
        ("require", consent.require + weak),
        (
            "decided",
            f"{consent.decided_by} {output.when(consent.decided_at, zone)}"
            if consent.decided_by
            else "not yet",
        ),
    ]
    for key, value in rows:
        output.say(f"{key:>11}  {output.safe_line(value)}")
    output.say()
    output.say(output.safe_text(consent.request_text))


@approval.command()
def request(
    ctx: typer.Context,
    which: WhichArg,
    kind: Annotated[str, typer.Option(help="permission, device")] = "",
    text: MessageOpt = None,
    file: FileOpt = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Hold a ticket until an approver consents; asks anew (with what -m adds) when it is held already."""
    from maild.app import approvals

    here = session(ctx)
    said = words.optional(text, file).text
    with here.write() as tx:
        ticket, old = _find(tx, which)
        act = here.act(tx, ticket, agent)
        here.apply(tx, approvals.request(act, ticket, old, kind, said, nonce))
        _told(tx, ticket.number, as_json)


def _told(tx: Tx, number: int, as_json: bool) -> None:
    consent = tx.consents.waiting(number)
    asked = ", ".join(consent.approvers) if consent else ""
    done(tx, number, as_json, f"#{number} is held; asked: {asked or 'nobody, no approver is known'}")


@approval.command()
def remind(ctx: typer.Context, which: WhichArg, as_json: JsonOpt = False, agent: AsOpt = None) -> None:
    """Send the request again to those who were asked."""
    from maild.app import approvals

    here = session(ctx)
    with here.write() as tx:
        ticket, consent = _find(tx, which)
        if consent is None:
            raise NotFound(f"{which}: no consent was asked for")
        here.apply(tx, approvals.remind(here.act(tx, ticket, agent), ticket, consent, nonce))
        _told(tx, ticket.number, as_json)


@approval.command()
def withdraw(
    ctx: typer.Context,
    which: WhichArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Give a hold up, with a reason that is kept; the ticket goes back to the phase before."""
    from maild.app import approvals

    here = session(ctx)
    said = words.optional(text, file).text
    with here.write() as tx:
        ticket, consent = _find(tx, which)
        act = here.act(tx, ticket, agent)
        here.apply(tx, approvals.withdraw(act, ticket, consent, said))
        number = ticket.number
        done(tx, number, as_json, f"the hold of #{number} is withdrawn ({tx.tickets.brief(number).phase})")


@approval.command()
def explain(ctx: typer.Context, which: WhichArg, as_json: JsonOpt = False) -> None:
    """Each answer that came, and each condition with its evidence."""
    here = session(ctx)
    with here.read() as tx:
        _, consent = _find(tx, which)
        if consent is None:
            raise NotFound(f"{which}: no consent was asked for")
        log = shapes(tx.consents.log(consent.id))
    if as_json:
        output.emit({**consent_json(consent), "log": log})
        return
    output.heading(f"C{consent.id} on #{consent.ticket}: {consent.kind}, {consent.state}")
    if consent.require == "token":
        output.say("require = token, the weaker mode: whoever reads the approver's mail can answer")
    for row in log:
        data = row["data"]
        output.say()
        output.heading(f"{output.when(row['at'], here.settings.desk.timezone)}  {row['event']}")
        for key, value in data.items():
            if key != "conditions" and value not in (None, "", []):
                shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
                output.say(f"{key:>18}  {output.safe_line(shown)}")
        for check in data.get("conditions", ()):
            output.say(
                f"  {'yes' if check['ok'] else 'NO ':<3} {check['name']:<20} {output.safe_line(str(check['evidence']))}"
            )


@approval.command()
def export(
    ctx: typer.Context,
    which: WhichArg,
    out: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="A new folder.")],
    everything: Annotated[bool, typer.Option("--all", help="The log's rows of other consents too.")] = False,
) -> None:
    """A folder with the log and the raw mails that an auditor checks without maild."""
    from maild.commands.evidence import write

    here = session(ctx)
    with here.read() as tx:
        _, consent = _find(tx, which)
        if consent is None:
            raise NotFound(f"{which}: no consent was asked for")
        try:
            out.mkdir(parents=True)
        except FileExistsError:
            raise Refused(f"{out} exists; name a new folder") from None
        names = write(tx, consent, consent_json(consent), out, everything=everything)
    output.say(output.safe_line(f"{out}: {', '.join(names)}"))
    if consent.state == "waiting":
        output.warn(
            "maild: it is not decided yet: the answers so far are kept back, since they quote its token"
        )
