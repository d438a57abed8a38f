"""[[agent]], [agent_mail] and [teams.X]: what one key alone cannot tell."""

from __future__ import annotations

import re

from maild import settings as s
from maild.configvalues import ADDRESS, ConfigPlace

_NAME = re.compile(r"[^\s/@,;:|<>\"'\x00-\x1f\x7f-]\S{0,63}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


def check_agents(settings: s.Settings, text: str) -> None:
    """Raises `ConfigError` for agents that could not be told apart, found or written to."""
    where = ConfigPlace("agent", text)
    seen: dict[str, str] = {a.lower(): "the desk itself" for a in settings.desk.addresses}
    teams = {name.casefold() for name in settings.teams}
    for agent in settings.agents.values():
        if not _NAME.fullmatch(agent.name):
            raise where.error(
                "name", f"{agent.name!r} is not a name to type", 'one word such as "kata"; full_name takes the rest'
            )  # fmt: skip
        if agent.name.casefold() in teams | {name.casefold() for name in agent.teams}:
            raise where.error(
                "name", f"{agent.name!r} is a team, too", "`maild assign N NAME` must mean one of them"
            )
        if not agent.address:
            continue
        _address(where, agent.address)
        taken = seen.setdefault(agent.address.lower(), agent.name)
        if taken != agent.name:
            raise where.error("address", f"{agent.address} belongs to {taken} already", "give each their own")
    for team in settings.teams.values():
        here = ConfigPlace(f"teams.{team.name}", text)
        if team.lead and team.lead not in settings.agents:
            raise here.error("lead", f"no agent {team.lead!r}", "add an [[agent]] of this name")
        if team.address:
            _address(here, team.address)
            if team.address.lower() in (a.lower() for a in settings.desk.addresses):
                raise here.error(
                    "address", f"{team.address} is the desk's own address", "its mails would open tickets"
                )
        _rota(here, team, settings)
    if settings.agent_mail.digest and not _TIME.fullmatch(settings.agent_mail.digest):
        raise ConfigPlace("agent_mail", text).error(
            "digest", f"{settings.agent_mail.digest!r} is not a time of day", 'write "07:30", or "" for none'
        )


def _rota(where: ConfigPlace, team: s.Team, settings: s.Settings) -> None:
    for turn in team.oncall:
        if turn.get("agent") not in settings.agents:
            raise where.error("oncall", f"no agent {turn.get('agent')!r}", "add an [[agent]] of this name")
        for end in ("from", "to"):
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(turn.get(end, ""))):
                raise where.error(
                    "oncall", f"{end} = {turn.get(end)!r} is not a date", f'write {end} = "2026-11-02"'
                )


def _address(where: ConfigPlace, address: str) -> None:
    if not ADDRESS.fullmatch(address):
        raise where.error("address", f"{address!r} is not a mail address", 'write "kata@desk.example"')
