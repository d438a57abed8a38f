"""Frozen values that travel between rooms.

Times are aware UTC `datetime`s, addresses are normalised (`local@domain`, both lower case, domain as
A-labels), Message-IDs stand with their angle brackets, durations are whole minutes, sizes are bytes.
"""

from __future__ import annotations

# fmt: off
# ruff: noqa: I001 (a name a line would be 200 lines)
from maild.model.basics import LANGUAGES, NEW, Envelope, Json, Kind, Mailbox, Reason, filled_lines
from maild.model.changes import (
    AddEntry, AddLink, AddParticipant, AddTime, Change, FileMail, HeldBack, LinkOutage, MarkOutbound, MoveEntries,
    MoveKeys, OpenTicket, Plan, RecordAct, RememberKeys, RemoveLink, RemoveParticipants, SendNotice, SetDeadline,
    Supersede, UndoAct,
)
from maild.model.decided import (
    AuthResult, Classification, Decision, Match, Promise, Sender, Threading, Verdict,
)
from maild.model.facts import ActFacts, ConsentFacts, Facts, KnownKey, LookupKeys, OutboundFacts, TokenFacts
from maild.model.figures import FigureUnit, NamedHours, ReportFigure, ReportPoint
from maild.model.mails import Attachment, Calendar, DeliveryReport, EnclosedMail, Mail, NewText, ReportedRecipient
from maild.model.outgoing import Notice, WaitingMail
from maild.model.people import CompanyFacts, ContactInput, HoursPeriod, Membership, PersonFacts
from maild.model.record_changes import (
    AddTokens, DecideConsent, LeaveCompany, LogConsent, MarkAddress, OpenConsent, OpenOutage, RemoveCompany,
    RemoveContact, SaveCompany, SaveContact, TellOutage,
)
from maild.model.tickets import EntryFacts, OutageFacts, TicketFacts, UpdateTicket

__all__ = [
    "LANGUAGES", "NEW", "ActFacts", "AddEntry", "AddLink", "AddParticipant", "AddTime", "AddTokens", "Attachment",
    "AuthResult", "Calendar", "Change", "Classification", "CompanyFacts", "ConsentFacts", "ContactInput",
    "DecideConsent", "Decision", "DeliveryReport", "EnclosedMail", "EntryFacts", "Envelope", "Facts", "FigureUnit",
    "FileMail", "HeldBack", "HoursPeriod", "Json", "Kind", "KnownKey", "LeaveCompany", "LinkOutage", "LogConsent",
    "LookupKeys", "Mail", "Mailbox", "MarkAddress", "MarkOutbound", "Match", "Membership", "MoveEntries", "MoveKeys",
    "NamedHours", "NewText", "Notice", "OpenConsent", "OpenOutage", "OpenTicket", "OutageFacts", "OutboundFacts",
    "PersonFacts", "Plan", "Promise", "Reason", "RecordAct", "RememberKeys", "RemoveCompany", "RemoveContact",
    "RemoveLink", "RemoveParticipants", "ReportFigure", "ReportPoint", "ReportedRecipient", "SaveCompany",
    "SaveContact", "SendNotice", "Sender", "SetDeadline", "Supersede", "TellOutage", "Threading", "TicketFacts",
    "TokenFacts", "UndoAct", "UpdateTicket", "Verdict", "WaitingMail", "filled_lines",
]
