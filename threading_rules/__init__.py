"""Threading rules: each says which tickets one kind of evidence points to, and why, or why to none.

Rules are pure and all of them run on every mail; every verdict is stored. They only *find*: who may join
what is decided by `maild.app.thread` from the evidence's strength and the sender. README.md: adding a rule.
"""

from __future__ import annotations

from functools import lru_cache

from maild.model import Mail
from maild.settings import ThreadingSettings
from threading_rules import bare_number, in_reply_to, references, reply_token, subject_tag, thread_index
from threading_rules.view import NO_KEYS, Kept, Rule, RuleKeys, ThreadView

#: The one order: of the evidence, best first, and what `[threading] rules` is by default (but those with on=False).
ORDER: tuple[Rule, ...] = (
    reply_token.RULE,
    in_reply_to.RULE,
    references.RULE,
    thread_index.RULE,
    subject_tag.RULE,
    bare_number.RULE,
)


def default_names() -> tuple[str, ...]:
    """`[threading] rules` where the configuration does not say it."""
    return tuple(rule.name for rule in ORDER if rule.on)


def chosen(settings: ThreadingSettings) -> tuple[Rule, ...]:
    """The rules that run, in the order of the configuration."""
    return _chosen(settings.rules)


@lru_cache(maxsize=8)
def _chosen(names: tuple[str, ...] | None) -> tuple[Rule, ...]:
    by_name = {rule.name: rule for rule in ORDER}
    return tuple(by_name[name] for name in (default_names() if names is None else names) if name in by_name)


def asked(mail: Mail, settings: ThreadingSettings, recipients: tuple[str, ...] = ()) -> RuleKeys:
    """What all chosen rules want looked up."""
    wishes = [
        wish for rule in chosen(settings) if (wish := rule.asks(mail, settings, recipients)) is not NO_KEYS
    ]
    if len(wishes) < 2:
        return wishes[0] if wishes else NO_KEYS
    return RuleKeys(
        tuple(dict.fromkeys(one for wish in wishes for one in wish.ids)),
        tuple(dict.fromkeys(one for wish in wishes for one in wish.numbers)),
        tuple(dict.fromkeys(one for wish in wishes for one in wish.keys)),
    )


def kept(mail: Mail, settings: ThreadingSettings) -> Kept:
    """The keys of the chosen rules by which this mail's ticket is known from now on."""
    every = [rule.keeps(mail) for rule in chosen(settings) if rule.keeps is not None]
    return Kept(
        tuple(dict.fromkeys(key for one in every for key in one.mine)),
        tuple(dict.fromkeys(key for one in every for key in one.awaited)),
    )


def table() -> list[tuple[str, str, str]]:
    """(name, description, example) of each rule in the order: the docs' table is made of it."""
    return [
        (rule.name, rule.description if rule.on else f"(off) {rule.description}", rule.example)
        for rule in ORDER
    ]


__all__ = [
    "NO_KEYS",
    "ORDER",
    "Kept",
    "Rule",
    "RuleKeys",
    "ThreadView",
    "asked",
    "chosen",
    "default_names",
    "kept",
    "table",
]
