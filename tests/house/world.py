"""A world in which the eastern branch has one of everything, so that every address can be tried on it.

An object of story `n` has the key `FIRST + n` whatever its model, so any `<int:pk>` of any route meets one.
All of its text says `MARK`; what has no branch (root causes, labels) is everybody's and does not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.timezone import localdate, now

from voiceloop.analytics import schema
from voiceloop.analytics.lake import Lake
from voiceloop.server.act.models import Macro, Notice
from voiceloop.server.act.threads import files
from voiceloop.server.collect.models import Plan, Programme, Survey, SurveyVersion, Touchpoint
from voiceloop.server.collect.starter import RECOVERY
from voiceloop.server.core.fields import BlindIndexField, EncryptedTextField, TransactionIdField
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.models import Receiver, SavedView, Schedule

MARK = "zqeast"
FIRST = 990_001
# 0: an open case. 1: a resolved one, its callback due. 2: a verified one. 3: a response not yet acted on.
STORIES = range(4)
KEYS = [FIRST + story for story in STORIES]
# The key of what all branches share.
COMPANYS = 880_001
# Bookkeeping of the house itself: nobody has a page on it.
NOBODYS = {"ReactionMark", "ReactionReceipt", "ReactionFailure", "Tombstone", "Unit"}
N_FACTS = 97

QUESTIONS = {
    "format": 1,
    "intro": {"zh": MARK, "en": MARK},
    "questions": [
        {"id": "nps", "kind": "nps", "scale": "nps_0_10", "text": {"zh": MARK, "en": MARK}},
        {"id": "more", "kind": "text", "text": {"zh": MARK, "en": MARK}},
    ],
}

# In which stories a model occurs, where that is not all of them.
OCCURS: dict[str, tuple[int, ...]] = {
    "CaseLink": (0, 1, 2),
    "Case": (0, 1, 2),
    "CareTask": (0, 1, 2),
    "ShareLink": (0, 1, 2),
    "Annotation": (0, 1, 2),
    "Resolution": (1, 2),
    "Callback": (1, 2),
    "Reopening": (1,),
    "Outcome": (2,),
    # One for each channel.
    "OverflowRule": (0, 1, 2),
}

ONE_OF: dict[str, tuple[Any, ...]] = {
    "Target.metric": ("nps", "csat", "ces", "late_rate"),
    "Answer.score": (2.0, 3.0, 1.0, 2.0),
    "CareTask.done_at": (None, now(), None),
    "Callback.done_at": (None, None, now()),
    "Verbatim.labelled_by": (MARK, MARK, MARK, ""),
    "Verbatim.text": tuple(f"等了一个小时，菜还是凉的 {MARK}" for _ in STORIES),
    "Said.source": tuple(KEYS),
    "SaidMark.kind": (1, 2, 3, 4),
    "Import.state": ("mapping", "done", "failed", "done"),
    "Invitation.sent_at": (None, now(), now(), now()),
    "Event.about": tuple([f"case:{key}", f"customer:{key}"] for key in KEYS),
    "Event.data": tuple({"case": key, "customer": key} for key in KEYS),
    # Live ones would take the case out of the lists, and a link to itself is none.
    "Snooze.ended_at": (now(), None, now(), now()),
    "Merge.undone_at": (now(), now(), now(), now()),
    "CaseLink.other": (FIRST + 1, FIRST + 2, FIRST, None),
    "Message.sent_at": (None, None, now(), now()),
    "TaxonomyVersion.number": (1, 2, 3, 4),
    "StageRules.by": (None, None, None, None),
    # Of an order or of a case, never of both.
    "Milestone.order": (FIRST, None, None, FIRST + 3),
    "Milestone.case": (None, FIRST + 1, FIRST + 2, None),
    "StatusRules.number": (1, 2, 3, 4),
    "OverflowRule.channel": ("chat", "email", "phone", "chat"),
    "Milestone.kind": ("delivered", "case_taken", "case_taken", "delivered"),
    "Relabelling.state": ("done", "done", "done", "queued"),
}

ALWAYS: dict[str, Any] = {
    "Preference.kind": "likes",
    # The rules of stages are the company's, whoever wrote them.
    "StageRules.at_risk_days": None,
    "StageRules.lapsed_days": None,
    "StageRules.note": "",
    "CustomerLife.stage": "lapsed",
    "CustomerLife.course": "4" * 13,
    "SavedView.page": "explore",
    "Robot.address": "https://hooks.example.com/services/x",
    "Robot.flavour": "slack",
    "Robot.kinds": [],
    "Robot.archived_at": None,
    "BusinessCalendar.country": "CN",
    "BusinessCalendar.zone": "Asia/Shanghai",
    "SurveyVersion.content": QUESTIONS,
    "SurveyVersion.published_at": now(),
    "Answer.question": "nps",
    "Answer.scale": "nps_0_10",
    "Response.state": "complete",
    "Response.completed_at": now(),
    # What is done for whom is one for all branches, whoever wrote it.
    "PlaybookVersion.name": "快",
    "PlaybookVersion.name_en": "Fast",
    "PlaybookVersion.motto": "马上回应",
    "PlaybookVersion.motto_en": "At once",
    "PlaybookVersion.state": "draft",
    "PlaybookVersion.trigger": "by_hand",
    "PlaybookVersion.conditions": {"all": []},
    "PlaybookVersion.steps": [{"key": "listen", "action": "listen"}],
    "PlaybookRun.state": "running",
    "StepRun.key": "listen",
    "StepRun.action": "task",
    "StepRun.state": "open",
    "DryRun.result": {},
    "Remedy.reverses": None,
    "Remedy.limit": {},
    "SpendingLimit.role": "",
    "Telling.state": "draft",
    "Told.held_back_by": "",
    "Case.first_contact_at": now() - timedelta(hours=1),
    "Case.playbook": "detractor",
    "Annotation.label": "wait",
    "Annotation.evidence": [],
    "Assignment.reason": {"said": MARK},
    "Initiative.metric": "nps",
    "Message.channel": "email",
    "Thread.channel": "email",
    "Inlet.channel": "chat",
    "Post.direction": "in",
    "Attachment.kind": "image/png",
    "Attachment.digest": "0" * 64,
    "Said.terms": [1],
    "Invitation.expires_at": now() + timedelta(days=9),
    "Invitation.suppressed_by": "",
    "Callback.due_at": now() - timedelta(hours=1),
    "RejectedRow.cells": f'["{MARK}"]',
    "RejectedRow.fault": "no_number",
    "Import.mapping": {},
    "ImportSource.mapping": {},
    "User.role": "agent",
    "User.is_active": True,
    "User.password": "!",
    "PublicLink.channel": "link",
    "Event.type": "case.noted",
    "Response.about": "",
    "OutreachProposal.expires_at": now() + timedelta(days=9),
    "OutreachProposal.facts": {},
    "AnticipationTrial.digest": "0" * 64,
    "Crisis.confirmed_at": now(),
    "CrisisRun.done_at": now(),
    "Initiative.origin": "",
    "Benchmark.metric": "nps",
    "Benchmark.scale": "nps_0_10",
    "IndicatorReview.metric": "nps",
    "Sheet.kind": "benchmarks",
    "Sheet.columns": [MARK],
    "Sheet.lines": [[MARK]],
    "GuardReview.until": localdate() + timedelta(days=9),
    "Invitation.about": "",
    # All branches share the list of reasons, whoever changed it.
    "TaxonomyVersion.content": {
        "reasons": [{"code": "waiting", "label_zh": "等待时间", "label_en": "Waiting", "keywords": ["等了"]}]
    },
    "TaxonomyVersion.digest": "shared",
    "TaxonomyVersion.code": "waiting",
}


def rooms() -> list[type[models.Model]]:
    """Every model of the house."""
    found = apps.get_models(include_auto_created=False)
    return [model for model in found if model.__module__.startswith("voiceloop.server.")]


@dataclass
class World:
    """The branches and what is in the eastern one, by model and story."""

    root: Unit
    east: Unit
    west: Unit
    made: dict[tuple[str, int], models.Model] = field(default_factory=dict)
    _making: set[type[models.Model]] = field(default_factory=set)

    def one(self, model: str, story: int = 0) -> Any:
        return self.made[model, story]

    def fill(self) -> None:
        for story in STORIES:
            for model in rooms():
                self._make(model, story)

    def share(self) -> None:
        """A programme with its survey that belongs to the whole company."""
        one = {"pk": COMPANYS, "code": RECOVERY, "name": "Company", "unit": self.root}
        programme = Programme.objects.create(**one, rest_days=0)
        Plan.objects.create(pk=COMPANYS, programme=programme, number=1)
        Touchpoint.objects.create(**one)
        survey = Survey.objects.create(**one, programme=programme)
        content = json.loads(json.dumps(QUESTIONS).replace(MARK, "company"))
        version = {"survey": survey, "number": 1, "content": content, "published_at": now()}
        SurveyVersion.objects.create(pk=COMPANYS, **version)

    def entrust(self) -> None:
        """What is one person's own, whatever their branch, is the admin's: somebody must find it."""
        admin = sign_up("admin", self.root)
        SavedView.objects.update(owner=admin, is_shared=True)
        Schedule.objects.update(by=admin)
        Receiver.objects.update(user=admin)
        Notice.objects.update(user=admin)
        Macro.objects.update(owner=None)

    def _make(self, model: type[models.Model], story: int) -> models.Model | None:
        name = model.__name__
        if name == "Unit":
            return self.east
        if name in NOBODYS or story not in OCCURS.get(name, STORIES) or model in self._making:
            return None
        if (name, story) not in self.made:
            self._making.add(model)
            values = self._values(model, story)
            self._making.discard(model)
            if values is None:
                return None
            self.made[name, story] = model._default_manager.create(pk=FIRST + story, **values)
        return self.made[name, story]

    def _values(self, model: type[models.Model], story: int) -> dict[str, Any] | None:
        """A value for each field; None when the model needs something that this story does not have."""
        values: dict[str, Any] = {}
        for one in model._meta.concrete_fields:
            if one.primary_key or isinstance(one, BlindIndexField | TransactionIdField):
                continue
            if isinstance(one, models.ForeignKey) and f"{model.__name__}.{one.name}" in ONE_OF:
                values[one.attname] = ONE_OF[f"{model.__name__}.{one.name}"][story]
            elif isinstance(one, models.ForeignKey):
                other = self._make(one.related_model, story)
                if other is None and not one.null:
                    return None
                values[one.name] = other
            else:
                values[one.name] = _value(model, one, story)
        return values


def belongs_to_a_branch(model: type[models.Model]) -> bool:
    """Whether a row of it is somebody's: it names a unit, or something that does."""
    targets = [f.related_model for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]
    return any(target is Unit or (target is not model and belongs_to_a_branch(target)) for target in targets)


def _value(model: type[models.Model], one: Any, story: int) -> Any:
    name = f"{model.__name__}.{one.name}"
    if name in ONE_OF:
        return ONE_OF[name][story]
    if name in ALWAYS:
        return ALWAYS[name]
    return _by_type(one, f"{MARK}-{story}" if belongs_to_a_branch(model) else f"shared-{story}")


def _by_type(one: Any, text: str) -> Any:
    if one.choices:
        return one.choices[0][0]
    for kind, make in BY_TYPE:
        if isinstance(one, kind):
            return make(one, text)
    raise AssertionError(f"Say in tests/house/world.py what a {type(one).__name__} is filled with.")


def _text(one: Any, text: str) -> str:
    longest = one.max_length or 200
    return text if longest >= len(text) else text[-longest:]


def _moment(one: Any, text: str) -> Any:
    return None if one.null else now()


def _pairs(one: Any, text: str) -> Any:
    return {text: text} if one.name == "attributes" else one.get_default()


BY_TYPE: tuple[tuple[type, Callable[[Any, str], Any]], ...] = (
    (EncryptedTextField, lambda one, text: text),
    (models.CharField, _text),
    (models.TextField, lambda one, text: text),
    (models.JSONField, _pairs),
    (models.DateTimeField, _moment),
    (models.DateField, lambda one, text: None if one.null else date.today()),
    (models.BooleanField, lambda one, text: bool(one.get_default())),
    (models.IntegerField, lambda one, text: one.get_default() if one.has_default() else 1),
    (models.FloatField, lambda one, text: 1.0),
    (models.DecimalField, lambda one, text: 1),
    (models.Field, lambda one, text: one.get_default()),
)


def make() -> World:
    """The branches, and the eastern one full."""
    root = Unit.objects.create(code="root", name="总部", name_en="Head office", kind="company")
    branches = {"east": f"{MARK} branch", "west": "West branch"}
    keys = {"east": FIRST, "west": None}
    made = (
        Unit.objects.create(pk=keys[code], code=code, name=name, name_en=name, kind="store", parent=root)
        for code, name in branches.items()
    )
    world = World(root, *made)
    world.fill()
    world.share()
    world.entrust()
    kept = files.path_of(ALWAYS["Attachment.digest"])
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(MARK.encode())
    return world


def sign_up(role: str, unit: Unit) -> User:
    """Somebody of this role; more than one of them may be needed in a unit."""
    username = f"{role}-of-{unit.code}"
    found = User.objects.filter(username=username).first()
    return found or User.objects.create_user(username=username, name=username, role=role, unit=unit)


def fill_lake(lake: Lake) -> None:
    """The eastern branch's facts, as many in each table, all of them marked."""
    for table in schema.TABLES.values():
        kept = {"unit": "east", "day": localdate(), "at": now()}
        rows = [{table.key: n, **_fact(table), **kept} for n in range(1, N_FACTS + 1)]
        lake.append(table.name, rows)


def _fact(table: schema.Table) -> dict[str, Any]:
    values = {"string": MARK, "double": 2.0, "float": 0.5, "int8": -1, "int32": 1, "int64": FIRST}
    known = {
        "question": "nps", "scale": "nps_0_10", "weight": 1.0, "kind": "sentiment", "label": "negative",
        "status": "answered", "customer_key": FIRST,
    }  # fmt: skip
    of_case = {"kind": "recovery", "severity": "slight", "root_cause": None, "outcome": None}
    columns = {name: kind for name, kind in table.columns.items() if kind in values and name != "month"}
    return {name: values[kind] for name, kind in columns.items()} | {
        name: value
        for name, value in (known | (of_case if table.name == "cases" else {})).items()
        if name in columns
    }


def snapshot() -> dict[tuple[str, str], str]:
    """Every row of the house as the database holds it, by table and key."""
    tables = [model._meta.db_table for model in rooms()]
    parts = [f"select '{t}', id::text, md5(row_to_json(t)::text) from {t} t" for t in tables]
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(parts))
        return {(table, key): digest for table, key, digest in cursor.fetchall()}


def changes(before: dict[tuple[str, str], str]) -> list[tuple[str, str]]:
    """The rows that came, went or changed since."""
    after = snapshot()
    return sorted(row for row in before.keys() | after.keys() if before.get(row) != after.get(row))


def rows_of_the_east(touched: list[tuple[str, str]]) -> Iterator[str]:
    """Those among the changed rows that are the eastern branch's or the company's, or point to the former."""
    of_table = {model._meta.db_table: model for model in rooms()}
    for table, key in touched:
        if int(key) >= COMPANYS:
            yield f"{table} {key}"
        row = of_table[table]._default_manager.filter(pk=key).values().first() or {}
        keys = [f for f in of_table[table]._meta.concrete_fields if isinstance(f, models.ForeignKey)]
        # What belongs to no branch, such as a root cause, is everybody's to point to.
        names = (f.attname for f in keys if f.related_model is Unit or belongs_to_a_branch(f.related_model))
        yield from (f"{table} {key} points to {name}" for name in names if (row.get(name) or 0) in KEYS)
