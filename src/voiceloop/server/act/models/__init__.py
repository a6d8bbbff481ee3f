"""The models of what we do about what customers said."""

from voiceloop.server.act.models.callback import Callback
from voiceloop.server.act.models.case import Assignment, Case, Contact, Note, Reopening
from voiceloop.server.act.models.clock import BusinessCalendar, Clock, Pause, ServicePromise
from voiceloop.server.act.models.growth import CareTask, Recommendation, ShareLink
from voiceloop.server.act.models.notice import Notice, NoticeChoice, NoticeHours, Robot, RobotPost
from voiceloop.server.act.models.playbook import DoneStep, Remedy
from voiceloop.server.act.models.resolution import Outcome, Resolution, RootCause

__all__ = [
    "Assignment",
    "BusinessCalendar",
    "Callback",
    "CareTask",
    "Case",
    "Clock",
    "Contact",
    "DoneStep",
    "Note",
    "Notice",
    "NoticeChoice",
    "NoticeHours",
    "Outcome",
    "Pause",
    "Recommendation",
    "Remedy",
    "Reopening",
    "Resolution",
    "Robot",
    "RobotPost",
    "RootCause",
    "ServicePromise",
    "ShareLink",
]
