"""One mail transaction on an open connection (RFC 5321, section 3.3), with a result for each recipient."""

from __future__ import annotations

import re

import aiosmtplib
from aiosmtplib.protocol import normalize_message_line_endings

from maild.mail.text.addresses import written
from maild.send.letter import Letter, Outcome, RecipientResult, SendResult, all_of
from maild.send.relay import answer_of
from maild.values import replace

#: RFC 5321, section 4.5.3.2.6: the answer to the final dot may take ten minutes where a command takes one
FINAL_ANSWER_FACTOR = 10

#: answers that mean "log in first": wrong for every mail, so no mail is failed for it (RFC 4954, section 6)
WANTS_LOGIN = frozenset({530, 534, 535, 538})

#: never on a command line
_UNFIT = re.compile(r"[\x00-\x1f\x7f<>]")


class Interrupted(Exception):
    """The connection ended, or the relay said 421, before the mail was handed over: nothing was delivered."""


class LoginWanted(Exception):
    """The relay takes no mail from us without (other) credentials."""


async def transact(client: aiosmtplib.SMTP, letter: Letter, *, null_sender: bool = True) -> SendResult:
    """Hand `letter` over. `null_sender` False: use the fallback address instead of `<>`.

    Raises `Interrupted` or `LoginWanted` when nothing was handed over, and `NullSenderRefused` when only the
    null sender stood in the way. After the final dot nothing is raised: a lost answer gives an `ambiguous`
    result.
    """
    try:
        return await _transact(client, letter, null_sender)
    except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError) as error:
        client.close()
        raise Interrupted(answer_of(error)) from error


class NullSenderRefused(Exception):
    """RFC 5321, section 4.5.5 asks every server to take `MAIL FROM:<>`; some relays do not."""


async def _transact(client: aiosmtplib.SMTP, letter: Letter, null_sender: bool) -> SendResult:
    body = wire_form(letter.raw)
    utf8, given = needs_smtputf8(letter), {}
    if utf8 and not client.supports_extension("smtputf8"):
        # RFC 6531, section 3.2: what needs it cannot be passed on; the others get the mail all the same
        why = "the relay does not offer SMTPUTF8, which this address needs"
        given = {a: RecipientResult(a, "permanent", why) for a in letter.recipients if not a.isascii()}
        whole, letter = letter, replace(letter, recipients=tuple(a for a in letter.recipients if a.isascii()))
        if not letter.recipients or needs_smtputf8(letter):
            return all_of(whole, "permanent", why)
        utf8 = False
    else:
        whole = letter
    mail_from = letter.mail_from or ("" if null_sender else letter.fallback_from)
    refused = await _mail(client, letter, mail_from, body, utf8)
    if refused is not None:
        told = {row.address: row for row in refused.recipients} | given
        return replace(
            refused, recipients=tuple(told[address] for address in whole.recipients if address in told)
        )
    accepted, results = await _recipients(client, letter, utf8)
    given |= {result.address: result for result in results}
    if not accepted:
        await client.rset()
        return SendResult(tuple(given[address] for address in whole.recipients))
    outcome, answer, ambiguous = await _data(client, body)
    rows = (given.get(address) or RecipientResult(address, outcome, answer) for address in whole.recipients)
    return SendResult(tuple(rows), ambiguous=ambiguous)


async def _mail(
    client: aiosmtplib.SMTP, letter: Letter, mail_from: str, body: bytes, utf8: bool
) -> SendResult | None:
    options = []
    if client.supports_extension("size"):
        options.append(f"SIZE={len(body)}")
    if not body.isascii() and client.supports_extension("8bitmime"):
        options.append("BODY=8BITMIME")
    if utf8:
        options.append("SMTPUTF8")
    try:
        await client.mail(mail_from, options=options, encoding="utf-8" if utf8 else "ascii")
    except aiosmtplib.SMTPSenderRefused as error:
        _raise_for_all_mail(error)
        if not mail_from and letter.fallback_from and error.code >= 500:
            raise NullSenderRefused(answer_of(error)) from error
        return all_of(letter, outcome_of(error.code), answer_of(error))
    except ValueError as error:
        return all_of(letter, "permanent", f"not an address that can be sent from: {error}")
    return None


def _is_fit(address: str) -> bool:
    """Whether an address may stand on a command line: a blank in a quoted local part only (RFC 5321, 4.1.2)."""
    if _UNFIT.search(address):
        return False
    local, _, domain = address.rpartition("@")
    return " " not in domain and (" " not in local or (local.startswith('"') and local.endswith('"')))


async def _recipients(
    client: aiosmtplib.SMTP, letter: Letter, utf8: bool
) -> tuple[int, list[RecipientResult]]:
    """Number of recipients accepted, and the results of those that were not."""
    refused: list[RecipientResult] = []
    for address in letter.recipients:
        if not _is_fit(address):
            refused.append(RecipientResult(address, "permanent", "not an address that can be sent to"))
            continue
        try:
            await client.rcpt(written(address), encoding="utf-8" if utf8 else "ascii")
        except aiosmtplib.SMTPRecipientRefused as error:
            _raise_for_all_mail(error)
            refused.append(RecipientResult(address, outcome_of(error.code), answer_of(error)))
        except ValueError as error:
            refused.append(RecipientResult(address, "permanent", f"not an address: {error}"))
    return len(letter.recipients) - len(refused), refused


async def _data(client: aiosmtplib.SMTP, body: bytes) -> tuple[Outcome, str, bool]:
    """Send the text. aiosmtplib's own `data()` does not tell a loss before the text from one after it."""
    response = await client.execute_command(b"DATA")
    if response.code != 354:
        if response.code == 421:
            raise Interrupted(f"{response.code} {response.message}")
        await client.rset()
        return outcome_of(response.code), _line(response), False
    protocol = client.protocol
    if protocol is None:
        raise aiosmtplib.SMTPServerDisconnected("connection lost")
    protocol.write(body)
    limit = None if client.timeout is None else client.timeout * FINAL_ANSWER_FACTOR
    try:
        response = await protocol.read_response(timeout=limit)
    except (aiosmtplib.SMTPException, OSError) as error:
        client.close()
        return "temporary", f"the connection ended before the answer ({answer_of(error)})", True
    if response.code == 421:
        client.close()
    return outcome_of(response.code), _line(response), False


def _line(response: aiosmtplib.SMTPResponse) -> str:
    return f"{response.code} {' '.join(response.message.split())}"


def _raise_for_all_mail(error: aiosmtplib.SMTPResponseException) -> None:
    if error.code == 421:
        raise Interrupted(answer_of(error)) from error
    if error.code in WANTS_LOGIN:
        raise LoginWanted(answer_of(error)) from error


def outcome_of(code: int) -> Outcome:
    """RFC 5321, section 4.2.1: the first digit says it; what is no answer at all may pass."""
    if 200 <= code < 300:
        return "sent"
    return "permanent" if 500 <= code < 600 else "temporary"


def needs_smtputf8(letter: Letter) -> bool:
    """RFC 6531: needed for a non-ASCII address in the envelope or 8-bit characters in the header block."""
    if not (letter.mail_from.isascii() and all(address.isascii() for address in letter.recipients)):
        return True
    return not letter.raw.partition(b"\r\n\r\n")[0].isascii()


def wire_form(raw: bytes) -> bytes:
    """`raw` as it travels after DATA: CRLF line ends, leading dots doubled (RFC 5321, 4.5.2), final dot."""
    lines = raw.count(b"\r\n")
    if raw.count(b"\n") != lines or raw.count(b"\r") != lines or not raw.endswith(b"\r\n"):
        raw = normalize_message_line_endings(raw)
    if raw.startswith(b"."):
        raw = b"." + raw
    if b"\r\n." in raw:
        raw = raw.replace(b"\r\n.", b"\r\n..")
    return raw + b".\r\n"
