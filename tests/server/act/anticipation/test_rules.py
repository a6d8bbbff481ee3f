"""Rules are written, tried, then switched on; never the other way round."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.act.anticipation.conftest import MakeRule
from voiceloop.server.act.anticipation import rules, trials
from voiceloop.server.act.anticipation.kinds import Refused
from voiceloop.server.act.models import AnticipationRule, AnticipationTrial
from voiceloop.server.core.models import Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(83)]


def said(unit: Unit, **more: Any) -> dict[str, Any]:
    return {"kind": "late_order", "name": "超时", "unit": unit, "parameters": {"minutes": 30}} | more


class TestSwitch:
    def test_only_what_was_tried_is_switched_on(self, make_rule: MakeRule, dora: User) -> None:
        rule = make_rule("late_order", on=False)
        with pytest.raises(Refused):
            rules.switch(rule, by=dora, on=True)
        trials.count(trials.start(rule, by=dora))
        assert rules.switch(rule, by=dora, on=True).is_on
        assert not rules.switch(rule, by=dora, on=False).is_on

    def test_other_numbers_switch_it_off(self, late_rule: AnticipationRule, dora: User, root: Unit) -> None:
        rules.save(late_rule, by=dora, **said(root, parameters={"minutes": 20}, keep_days=5))
        assert late_rule.is_on
        rules.save(late_rule, by=dora, **said(root, parameters={"minutes": 25}))
        assert not late_rule.is_on

    def test_another_unit_switches_it_off_too(
        self, late_rule: AnticipationRule, dora: User, east: Unit
    ) -> None:
        rules.save(late_rule, by=dora, **said(east, parameters={"minutes": 20}))
        assert not late_rule.is_on

    def test_what_is_archived_is_off_and_comes_back_off(
        self, late_rule: AnticipationRule, dora: User
    ) -> None:
        rules.archive(late_rule, by=dora)
        assert not AnticipationRule.objects.on().exists()
        rules.restore(late_rule, by=dora)
        assert (late_rule.is_on, late_rule.archived_at) == (False, None)


class TestSave:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": "  "},
            {"kind": "weather"},
            {"parameters": {"minutes": 0}},
            {"parameters": {"hours": 3}},
            {"keep_days": 0},
            {"most_a_day": 501},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, root: Unit, dora: User, wrong: dict[str, Any]) -> None:
        with pytest.raises(Refused):
            rules.save(None, by=dora, **said(root, **wrong))
        assert not AnticipationRule.objects.exists()

    def test_a_rule_keeps_its_kind(self, late_rule: AnticipationRule, dora: User, root: Unit) -> None:
        with pytest.raises(Refused):
            rules.save(late_rule, by=dora, **said(root, kind="unheard", parameters={}))


class TestStarter:
    def test_it_adds_one_of_each_kind_switched_off(self, root: Unit, dora: User) -> None:
        made = rules.starter(root, by=dora)
        assert {rule.kind for rule in made} == set(AnticipationRule.Kind.values)
        assert not any(rule.is_on for rule in made)
        assert rules.starter(root, by=dora) == []

    def test_each_can_be_tried_where_nothing_happened(self, root: Unit, dora: User) -> None:
        for rule in rules.starter(root, by=dora):
            trial = AnticipationTrial.objects.create(rule=rule, digest=trials.digest(rule))
            assert trials.count(trial).result["n_named"] == 0
