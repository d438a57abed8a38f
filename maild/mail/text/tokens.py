"""The shape of an approval token, wherever a text or an address may name one: 130 random bits in base32."""

from __future__ import annotations

import re

#: where it stands by itself, in either case of letters
APPROVAL_TOKEN_ALONE = re.compile(r"(?<![a-z0-9])[a-z2-7]{26}(?![a-z0-9])", re.IGNORECASE | re.ASCII)
