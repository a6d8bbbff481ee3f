"""The models of what we do about what customers said."""

from voiceloop.server.act.models.anticipation import AnticipationRule, AnticipationTrial, OutreachProposal
from voiceloop.server.act.models.callback import Callback
from voiceloop.server.act.models.case import Assignment, Case, Contact, Note, Reopening
from voiceloop.server.act.models.casework import (
    CaseLink,
    Deed,
    Macro,
    Mention,
    Merge,
    Nudge,
    Presence,
    Snooze,
    WaitRule,
)
from voiceloop.server.act.models.clock import BusinessCalendar, Clock, Pause, ServicePromise
from voiceloop.server.act.models.crisis import (
    Crisis,
    CrisisAlarm,
    CrisisCase,
    CrisisReview,
    CrisisRun,
    CrisisTask,
    CrisisTemplate,
    CrisisWatch,
    Statement,
)
from voiceloop.server.act.models.growth import (
    Ambassador,
    CareTask,
    Recommendation,
    ShareLink,
    WordOfMouth,
)
from voiceloop.server.act.models.notice import Notice, NoticeChoice, NoticeHours, Robot, RobotPost
from voiceloop.server.act.models.overflow import Diversion, OverflowRule, SelfServicePage
from voiceloop.server.act.models.playbook import (
    DoneStep,
    DryRun,
    Playbook,
    PlaybookRun,
    PlaybookVersion,
    Remedy,
    SpendingLimit,
    StepRun,
)
from voiceloop.server.act.models.resolution import Outcome, Resolution, RootCause
from voiceloop.server.act.models.routing import AgentProfile, GreenCase, GreenRule
from voiceloop.server.act.models.search import Said, SaidMark
from voiceloop.server.act.models.status import Milestone, StatusRefusal, StatusRules
from voiceloop.server.act.models.telling import Telling, Told
from voiceloop.server.act.models.thread import Attachment, Inlet, Post, Thread

__all__ = [
    "AgentProfile",
    "Ambassador",
    "AnticipationRule",
    "AnticipationTrial",
    "Assignment",
    "Attachment",
    "BusinessCalendar",
    "Callback",
    "CareTask",
    "Case",
    "CaseLink",
    "Clock",
    "Contact",
    "Crisis",
    "CrisisAlarm",
    "CrisisCase",
    "CrisisReview",
    "CrisisRun",
    "CrisisTask",
    "CrisisTemplate",
    "CrisisWatch",
    "Deed",
    "Diversion",
    "DoneStep",
    "DryRun",
    "GreenCase",
    "GreenRule",
    "Inlet",
    "Macro",
    "Mention",
    "Merge",
    "Milestone",
    "Note",
    "Notice",
    "NoticeChoice",
    "NoticeHours",
    "Nudge",
    "Outcome",
    "OutreachProposal",
    "OverflowRule",
    "Pause",
    "Playbook",
    "PlaybookRun",
    "PlaybookVersion",
    "Post",
    "Presence",
    "Recommendation",
    "Remedy",
    "Reopening",
    "Resolution",
    "Robot",
    "RobotPost",
    "RootCause",
    "Said",
    "SaidMark",
    "SelfServicePage",
    "ServicePromise",
    "ShareLink",
    "Snooze",
    "SpendingLimit",
    "Statement",
    "StatusRefusal",
    "StatusRules",
    "StepRun",
    "Telling",
    "Thread",
    "Told",
    "WaitRule",
    "WordOfMouth",
]
