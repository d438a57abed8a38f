"""Frozen values that travel between rooms.

Times are aware UTC `datetime`s, addresses are normalised (`local@domain`, both lower case, domain as
A-labels), Message-IDs stand with their angle brackets, durations are whole minutes, sizes are bytes.
"""

from __future__ import annotations

# fmt: off
# ruff: noqa: F401, I001 (what the parts hold is imported from here; a name a line would be 200 lines)
from maild.model.basics import (
    LANGUAGES, NEW, Envelope, Json, JsonObject, JsonValue, Kind, Mailbox, Reason, TomlValue, filled_lines,
)
from maild.model.changes import (
    AddEntry, AddLink, AddParticipant, AddTime, Change, FileMail, HeldBack, LinkOutage, MarkOutbound, MoveEntries,
    MoveKeys, OpenTicket, Plan, RecordAct, RememberKeys, RemoveLink, RemoveParticipants, SendNotice, SetDeadline,
    Supersede, UndoAct,
)
from maild.model.decided import (
    UNKNOWN, ActKind, AuthOutcome, AuthResult, Classification, ConditionResult, CopyAct, DecidedAct, DecidedTicket, Decision,
    MailAct, Match, Promise, Sender, Threading, TicketAct, Verdict, WaitAct,
)
from maild.model.facts import (
    ActFacts, ActLine, ActMail, ConsentFacts, Facts, KnownKey, LookupKeys, OutboundFacts, TokenFacts,
)
from maild.model.figures import FigureUnit, NamedHours, ReportFigure, ReportPoint
from maild.model.kept import Linked, MailOut, Recipient, TimeRow
from maild.model.mails import Attachment, Calendar, DeliveryReport, EnclosedMail, Mail, NewText, ReportedRecipient
from maild.model.outgoing import Notice, WaitingMail
from maild.model.people import CompanyFacts, ContactInput, HoursPeriod, Membership, PersonFacts, CompanySite
from maild.model.record_changes import (
    AddTokens, DecideConsent, LeaveCompany, LogConsent, MarkAddress, OpenConsent, OpenOutage, RemoveCompany,
    RemoveContact, SaveCompany, SaveContact, TellOutage,
)
from maild.model.tickets import EntryFacts, OutageFacts, TicketFacts, UpdateTicket
