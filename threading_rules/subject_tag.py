"""Our tag in the subject: `[#15789]` by default, `[threading] subject_tag` otherwise.

No RFC. The tag may stand anywhere: after reply prefixes of any language (`Re: VÁ: AW: [#15789] Printer`),
after what a gateway put in front (`[EXT] Re: [#15789]`), or at the end. Two different tags are no tag.

Known false match: another desk may use the same format. Where the mail's own ids show that the number
is another maild's, or where no such ticket exists here, nothing is found.
"""

from __future__ import annotations

from maild.mail.text.subjects import tag_numbers
from maild.model import Mail, Match
from maild.settings import ThreadingSettings
from threading_rules.view import MAX_IDS, NO_KEYS, Rule, RuleKeys, ThreadView

name = "subject_tag"


def asks(mail: Mail, settings: ThreadingSettings, _recipients: tuple[str, ...]) -> RuleKeys:
    """The numbers in tags."""
    numbers = tag_numbers(mail.subject, settings.subject_tag)
    return RuleKeys(numbers=numbers) if numbers else NO_KEYS


def check(view: ThreadView) -> tuple[Match, ...]:
    """One tag, of this desk, of a ticket that exists."""
    numbers = tag_numbers(view.mail.subject, view.settings.subject_tag)
    if not numbers:
        return (Match(name, None, "no tag in the subject", "tag"),)
    if len(numbers) > 1:
        listed = ", ".join(map(str, numbers[:5]))
        return (Match(name, None, f"different tags in the subject ({listed}): none counts", "tag"),)
    number = numbers[0]
    if not view.exists(number):
        return (Match(name, None, f"tag {number} in the subject, but no such ticket here", "tag"),)
    if _is_foreign(view, number):
        return (Match(name, None, f"tag {number} in the subject belongs to another desk's thread", "tag"),)
    return (Match(name, number, f"tag {number} in the subject", "tag"),)


def _is_foreign(view: ThreadView, number: int) -> bool:
    """Another maild's id with this number stands in the thread, and none of ours does."""
    foreign = False
    for message_id in (*view.mail.in_reply_to[:MAX_IDS], *view.mail.references[-MAX_IDS:]):
        if view.claimed(message_id) != number:
            continue
        if view.verify(message_id) == number or view.known(message_id):
            return False
        foreign = True
    return foreign


RULE: Rule = Rule(
    name=name,
    description="the subject carries the desk's tag, after any reply prefix; two different tags are none",
    example="Subject: Re: VÁ: [#15789] Nyomtató",
    counter_example="Subject: Re: [#15789] and [#15790]",
    asks=asks,
    check=check,
)
