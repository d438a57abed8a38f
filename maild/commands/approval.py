"""approval: written consents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import output, showing, words
from maild.commands.acting import Done, Manner
from maild.commands.app import app
from maild.commands.options import AsOpt, DryRunOpt, FileOpt, JsonOpt, MessageOpt, NoMailOpt
from maild.commands.performing import perform, phase_of
from maild.commands.session import Session, nonce, session
from maild.commands.shapes import shapes
from maild.desk.numbers import whole_number
from maild.errors import NotFound, Refused
from maild.ticket.phases import ConsentState

if TYPE_CHECKING:
    from maild.app.acts import ActContext
    from maild.model import ConsentFacts, JsonObject, Plan, TicketFacts
    from maild.store import Tx
    from maild.store.rows import LogRow

approval = typer.Typer(
    help="Written consents: who was asked, what they said, and why it counts.", no_args_is_help=True
)
app.add_typer(approval, name="approval")

WhichArg = Annotated[str, typer.Argument(metavar="C12|N", help="A consent's id, or a ticket's number.")]


def _find(tx: Tx, which: str) -> tuple[TicketFacts, ConsentFacts | None]:
    """The ticket and the consent that is meant: the named one, else the ticket's newest."""
    ticket, meant = _find_all(tx, which)
    waiting = [c for c in meant if c.state == ConsentState.WAITING]
    newest = waiting or meant
    return ticket, newest[-1] if newest else None


def _find_all(tx: Tx, which: str) -> tuple[TicketFacts, tuple[ConsentFacts, ...]]:
    """The ticket and the consents that are meant: the named one, else all of the ticket, oldest first."""
    text = which.strip().upper()
    if text.startswith("C") and (consent_id := whole_number(text[1:])) is not None:
        consent = tx.consents.get(consent_id)
        return tx.ticket(consent.ticket), (consent,)
    number = whole_number(text.removeprefix("#"))
    if number is None:
        raise typer.BadParameter(f"{which!r} is neither a consent (C12) nor a ticket number")
    ticket = tx.ticket(number)
    return ticket, tx.consents.of_ticket(ticket.number)


def consent_json(consent: ConsentFacts) -> JsonObject:
    """A consent for scripts; tokens never appear."""
    from maild.ticket.terms import CODEC

    return {
        "id": f"C{consent.id}", "ticket": consent.ticket, "kind": consent.kind, "state": consent.state,
        "requested_at": output.seconds(consent.requested_at), "expires_at": output.seconds(consent.expires_at),
        "approvers": list(consent.approvers), "decided_by": consent.decided_by or None,
        "decided_at": output.seconds(consent.decided_at), "requester": consent.requester,
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
    showing.known("state", state, tuple(ConsentState))
    with here.read() as tx:
        rows = sorted(tx.consents.all(state), key=lambda c: (c.state != ConsentState.WAITING, -c.id))
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
        consent = _meant(tx, which)
    if as_json:
        output.emit(consent_json(consent))
        return
    zone = here.settings.desk.timezone
    output.heading(f"C{consent.id} on #{consent.ticket}: {consent.kind}, {consent.state}")
    weak = " (the weaker mode: the one-time token alone)" if consent.require == "token" else ""
    asked = f"{output.when(consent.requested_at, zone)}: {', '.join(consent.approvers) or 'nobody is known'}"
    decided = (
        f"{consent.decided_by} {output.when(consent.decided_at, zone)}" if consent.decided_by else "not yet"
    )
    rows = [
        ("asked", asked), ("until", output.when(consent.expires_at, zone)), ("requester", consent.requester),
        ("require", consent.require + weak), ("decided", decided),
    ]  # fmt: skip
    output.fields(rows, 11)
    output.say()
    output.say(output.safe_text(consent.request_text))


@approval.command()
def request(
    ctx: typer.Context,
    which: WhichArg,
    kind: Annotated[str, typer.Option(help="permission, device")] = "",
    text: MessageOpt = None,
    file: FileOpt = None,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Hold a ticket until an approver consents; asks anew (with what -m adds) when it is held already."""
    from maild.app import approvals
    from maild.commands.offers import asked

    said = words.optional(text, file).text
    number = _number(session(ctx), which)

    def planner(act: ActContext, ticket: TicketFacts, tx: Tx) -> Plan:
        return approvals.request(act, ticket, _find(tx, which)[1], kind, said, nonce)

    perform(
        ctx, [number], Manner(agent, dry_run=dry_run), as_json, planner,
        lambda done: f"#{number} is held; asked: {asked(done)}",
    )  # fmt: skip


def _number(here: Session, which: str) -> int:
    with here.read() as tx:
        return _find(tx, which)[0].number


def _meant(tx: Tx, which: str) -> ConsentFacts:
    consent = _find(tx, which)[1]
    if consent is None:
        raise NotFound(f"{which}: no consent was asked for")
    return consent


@approval.command()
def remind(
    ctx: typer.Context,
    which: WhichArg,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Send the request again to those who were asked."""
    from maild.app import approvals

    number = _number(session(ctx), which)

    def line(done: Done) -> str:
        from maild.model import AddTokens

        who = [person for c in done.changes if isinstance(c, AddTokens) for person, _ in c.token_hashes]
        return f"#{number} is held; asked: {', '.join(who) or 'nobody, no approver is known'}"

    perform(
        ctx, [number], Manner(agent, dry_run=dry_run), as_json,
        lambda a, t, tx: approvals.remind(a, t, _meant(tx, which), nonce), line,
    )  # fmt: skip


@approval.command()
def withdraw(
    ctx: typer.Context,
    which: WhichArg,
    text: MessageOpt = None,
    file: FileOpt = None,
    no_mail: NoMailOpt = False,
    dry_run: DryRunOpt = False,
    as_json: JsonOpt = False,
    agent: AsOpt = None,
) -> None:
    """Give a hold up, with a reason that is kept; the ticket goes back to the phase before."""
    from maild.app import approvals

    said = words.optional(text, file).text
    number = _number(session(ctx), which)
    perform(
        ctx, [number], Manner(agent, no_mail, dry_run), as_json,
        lambda a, t, tx: approvals.withdraw(a, t, _find(tx, which)[1], said),
        lambda done: f"the hold of #{number} is withdrawn ({phase_of(done)})",
    )  # fmt: skip


@approval.command()
def explain(ctx: typer.Context, which: WhichArg, as_json: JsonOpt = False) -> None:
    """Each answer that came, and each condition with its evidence; of a ticket, of all that was asked on it."""
    here = session(ctx)
    with here.read() as tx:
        present, meant = _meant(tx, which), _find_all(tx, which)[1]
        told = [(one, list(tx.consents.log(one.id))) for one in meant]
    if as_json:
        rows = {one.id: {**consent_json(one), "log": shapes(log)} for one, log in told}
        last = rows.pop(present.id)
        output.emit({**last, "others": [*rows.values()]})
        return
    for nth, (one, log) in enumerate(told):
        if nth:
            output.say()
        _explained(here, one, log)


def _explained(here: Session, consent: ConsentFacts, log: list[LogRow]) -> None:
    output.heading(f"C{consent.id} on #{consent.ticket}: {consent.kind}, {consent.state}")
    if consent.require == "token":
        output.say("require = token, the weaker mode: whoever reads the approver's mail can answer")
    for row in log:
        output.say()
        output.heading(f"{output.when(row.at, here.settings.desk.timezone)}  {row.event}")
        said = ((k, v) for k, v in row.data.items() if k != "conditions" and v not in (None, "", []))
        output.fields(said, 18)
        for check in row.data.get("conditions", ()):
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
        consent = _meant(tx, which)
        try:
            out.mkdir(parents=True)
        except FileExistsError:
            raise Refused(f"{out} exists; name a new folder") from None
        names = write(tx, consent, consent_json(consent), out, everything=everything)
    output.say(output.safe_line(f"{out}: {', '.join(names)}"))
    if consent.state == ConsentState.WAITING:
        output.warn(
            "maild: it is not decided yet: the answers so far are kept back, since they quote its token"
        )
