"""Who really wrote? DKIM, DMARC and believed Authentication-Results, evaluated on what is passed in.

Two steps, since this room has no network: `questions` says which DNS names are needed, work/ fetches
them, `evaluate` judges.
"""

from __future__ import annotations

from maild.mail.auth.evaluate import evaluate, questions

__all__ = ["evaluate", "questions"]
