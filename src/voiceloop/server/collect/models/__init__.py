"""The models of what comes in."""

from voiceloop.server.collect.models.conversation import Conversation
from voiceloop.server.collect.models.customer import Customer
from voiceloop.server.collect.models.imports import Import, ImportSource, RejectedRow
from voiceloop.server.collect.models.invitation import Invitation, PublicLink
from voiceloop.server.collect.models.lifecycle import CustomerLife, StageRules, StageRun
from voiceloop.server.collect.models.message import Message
from voiceloop.server.collect.models.preference import Preference
from voiceloop.server.collect.models.programme import Plan, Programme, Survey, SurveyVersion, Touchpoint
from voiceloop.server.collect.models.response import Answer, Response, Verbatim
from voiceloop.server.collect.models.ticket import ImportedActivity, ImportedTicket
from voiceloop.server.collect.models.transaction import Transaction

__all__ = [
    "Answer",
    "Conversation",
    "Customer",
    "CustomerLife",
    "Import",
    "ImportSource",
    "ImportedActivity",
    "ImportedTicket",
    "Invitation",
    "Message",
    "Plan",
    "Preference",
    "Programme",
    "PublicLink",
    "RejectedRow",
    "Response",
    "StageRules",
    "StageRun",
    "Survey",
    "SurveyVersion",
    "Touchpoint",
    "Transaction",
    "Verbatim",
]
