"""webhook: the programs that are told of events."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from maild.commands import output
from maild.commands.app import app
from maild.commands.options import JsonOpt, one_or_all, row_count, row_id
from maild.commands.session import Session, nonce, now, session
from maild.errors import NotFound

if TYPE_CHECKING:
    from maild.model import JsonObject
    from maild.settings import Webhook
    from maild.store import HookRow

webhook = typer.Typer(help="Programs that are told of events.", no_args_is_help=True)
app.add_typer(webhook, name="webhook")


@webhook.command("list")
def list_(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Deliveries that are done, too.")] = False,
    limit: Annotated[int, typer.Option("--limit", parser=row_count, metavar="ROWS")] = 50,
    as_json: JsonOpt = False,
) -> None:
    """The hooks of the configuration, and what they were not told yet."""
    from maild.ticket.phases import HookState

    here = session(ctx)
    with here.read() as tx:
        counts, rows = tx.hooks.counts(), tx.hooks.list(limit, every=every)
    hooks = [
        (hook, {str(state): counts.get((hook.url, state), 0) for state in HookState})
        for hook in here.settings.webhooks
    ]
    if as_json:
        output.emit_lines(
            {
                "url": hook.url, "events": list(hook.events), "signed": bool(hook.secret), **states,
                "deliveries": [_row(row) for row in rows if row.url == hook.url],
            }
            for hook, states in hooks
        )  # fmt: skip
        return
    heads = ("URL", "EVENTS", "QUEUED", "FAILED", "DELIVERED", "SIGNED")
    output.table(
        heads,
        (
            (
                hook.url, " ".join(hook.events), states["queued"] + states["sending"], states["failed"],
                states["delivered"], "yes" if hook.secret else "no",
            )
            for hook, states in hooks
        ),
        wide="EVENTS",
    )  # fmt: skip
    if rows:
        output.say()
        zone = here.settings.desk.timezone
        output.table(
            ("ID", "EVENT", "TICKET", "STATE", "TRIES", "NEXT", "ANSWER"),
            (
                (r.id, r.event, r.ticket, r.state, r.attempts, _next(r, zone), r.answer)
                for r in rows
            ),
            wide="ANSWER",
        )  # fmt: skip


def _next(row: HookRow, zone: str) -> str:
    return output.when(row.next_attempt_at, zone) if row.state == "queued" else ""


def _row(row: HookRow) -> JsonObject:
    return {
        "id": row.id, "event": row.event, "ticket": row.ticket, "state": row.state,
        "created_at": row.created_at.isoformat(), "attempts": row.attempts,
        "next_attempt_at": row.next_attempt_at.isoformat() if row.state == "queued" else None, "answer": row.answer,
    }  # fmt: skip


@webhook.command("test")
def try_out(
    ctx: typer.Context,
    url: Annotated[
        str | None, typer.Argument(metavar="URL", help="One of the configuration; all unless said.")
    ] = None,
    as_json: JsonOpt = False,
) -> None:
    """Tell hooks of an event `test` now, and show what they answer. Exit code 1 where one did not take it."""
    from maild.send.hook import HookAnswer, post

    here = session(ctx)
    hooks = _chosen(here, url)

    def body(event_id: str) -> bytes:
        at = now().isoformat()
        return json.dumps({"event": "test", "at": at, "id": event_id, "ticket": None, "entry": None}).encode()

    async def ask() -> list[HookAnswer]:
        ids = [f"evt-{nonce()}" for _ in hooks]
        return await asyncio.gather(*(
            post(
                hook.url, body(event_id), event="test", event_id=event_id, secret=hook.secret.read(),
                seconds=hook.timeout_seconds,
            )
            for hook, event_id in zip(hooks, ids, strict=True)
        ))  # fmt: skip

    answers = asyncio.run(ask())
    for hook, answer in zip(hooks, answers, strict=True):
        if as_json:
            output.emit({"url": hook.url, "told": answer.told, "answer": answer.text})
        else:
            output.say(
                output.safe_line(f"{hook.url}: {'told' if answer.told else 'NOT TOLD'} ({answer.text})")
            )
    if not all(answer.told for answer in answers):
        raise typer.Exit(1)


def _chosen(here: Session, url: str | None) -> list[Webhook]:
    hooks = list(here.settings.webhooks)
    if not hooks:
        raise NotFound("there is no hook: [[webhook]] in config.toml makes one")
    if url is None:
        return hooks
    chosen = [hook for hook in hooks if hook.url == url]
    if not chosen:
        raise NotFound(
            f"there is no hook {url} in the configuration; there are: {' '.join(h.url for h in hooks)}"
        )
    return chosen


@webhook.command()
def retry(
    ctx: typer.Context,
    key: Annotated[
        int | None, typer.Argument(parser=row_id, metavar="ID", help="A delivery of `webhook list`.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All that wait or were given up.")] = False,
) -> None:
    """Tell again now."""
    one_or_all(key, every)
    with session(ctx).write() as tx:
        count = tx.hooks.retry(now(), key)
    output.say(f"{count} {'delivery goes' if count == 1 else 'deliveries go'} out again")
