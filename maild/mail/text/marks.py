"""Marks that the HTML reader sets for the new-text scanner: private characters that are never part of anybody's text."""

from __future__ import annotations

#: lines around what an HTML client marked as quoted history
QUOTE_OPEN = "\ue000quote"
#: ... or as the head above what is answered or forwarded, which some clients mark alike
HEAD_OPEN = "\ue000head"
QUOTE_CLOSE = "\ue001"
#: lines around the signature
SIGN_OPEN = "\ue002"
SIGN_CLOSE = "\ue003"
#: before the first word of a quoted line in a colour that marks it
TINT = "\ue004"
#: line below what stands above a mail's first word and is shown to nobody (a newsletter's preheader)
UNSEEN_ABOVE = "\ue005"
#: the first characters of lines that are marks alone
OF_LINES = (QUOTE_OPEN[0], QUOTE_CLOSE, SIGN_OPEN, SIGN_CLOSE, UNSEEN_ABOVE)
ALL = (*OF_LINES, TINT)
