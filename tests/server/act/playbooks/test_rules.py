"""Conditions as data: what holds, what is not known, and what keeps them from being used."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from voiceloop.server.act.playbooks import editing, rules, steps, writing

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(106)]
LOW = {"fact": "score", "is": "at_most", "value": 4}
GOLD = {"fact": "tier", "is": "one_of", "value": ["gold"]}
ANGRY = {"fact": "emotion", "is": "has", "value": ["angry"]}
KNOWN = {"score": 3.0, "tier": "gold", "emotion": {"disappointed"}, "unit": {"root", "east"}}


class TestHolds:
    @pytest.mark.parametrize(
        ("tree", "holds"),
        [
            ({}, True),
            ({"all": []}, True),
            ({"all": [LOW, GOLD]}, True),
            ({"all": [LOW, ANGRY]}, False),
            ({"any": [ANGRY, GOLD]}, True),
            ({"all": [LOW, {"any": [ANGRY, GOLD]}]}, True),
            ({"all": [{"fact": "unit", "is": "below", "value": ["east"]}]}, True),
            ({"all": [{"fact": "unit", "is": "not_below", "value": ["east"]}]}, False),
            ({"all": [{"fact": "wants_contact", "is": "false", "value": None}]}, True),
        ],
    )
    def test_it_reads_the_tree(self, tree: dict[str, Any], holds: bool) -> None:
        assert rules.holds(tree, KNOWN) is holds

    @pytest.mark.parametrize("how", ["at_least", "at_most", "equals"])
    def test_it_compares_no_number_that_is_not_known(self, how: str) -> None:
        assert not rules.holds({"fact": "value", "is": how, "value": 0}, {})

    def test_it_says_that_the_unknown_is_none_of_anything(self) -> None:
        assert rules.holds({"fact": "tier", "is": "none_of", "value": ["gold"]}, {})
        assert not rules.holds(GOLD, {})

    def test_it_never_holds_for_a_fact_of_another_version(self) -> None:
        assert not rules.holds({"fact": "shoe_size", "is": "at_least", "value": 1}, {"shoe_size": 44})


class TestFaults:
    @pytest.mark.parametrize(
        "rule",
        [
            {"fact": "", "is": "", "value": None},
            {"fact": "score", "is": "at_most", "value": None},
            {"fact": "score", "is": "at_most", "value": 11},
            {"fact": "score", "is": "one_of", "value": 1},
            {"fact": "tier", "is": "one_of", "value": []},
            {"any": []},
        ],
    )
    def test_it_names_the_place(self, rule: dict[str, Any]) -> None:
        assert [path for path, _words in rules.faults({"all": [LOW, rule]})] == ["c-1"]

    def test_it_finds_none_in_what_is_whole(self) -> None:
        assert list(rules.faults({"all": [LOW, {"any": [GOLD, ANGRY]}]})) == []

    def test_it_looks_at_the_steps_too(self) -> None:
        found = dict(
            steps.faults(
                [
                    {"key": "a", "action": "remedy", "mode": "auto", "after": "start"},
                    {"key": "b", "action": "task", "who": "unit", "unit": "nowhere", "params": {"what": "x"}},
                    {"key": "c", "action": "nothing"},
                ]
            )
        )
        assert sorted(found) == ["s-0", "s-1", "s-2"]


class TestWithout:
    def test_it_takes_one_rule_away(self) -> None:
        tree = {"all": [LOW, {"any": [GOLD, ANGRY]}]}
        assert rules.without(tree, "c-1-0") == {"all": [LOW, {"any": [ANGRY]}]}
        assert rules.without(tree, "c-1") == {"all": [LOW]}


class TestRead:
    FORM = (
        "name=金卡&trigger=detractor&c-group=all&c-0-fact=score&c-0-is=at_most&c-0-value=4"
        "&c-1-group=any&c-1-0-fact=tier&c-1-0-is=one_of&c-1-0-value=gold&c-1-0-value=black"
        "&s-0-key=apologise&s-0-action=apologise&s-0-mode=auto&s-0-who=owner&s-0-after=start&s-0-minutes=0.5"
        "&s-1-key=task&s-1-action=task&s-1-who=unit&s-1-unit=tech&s-1-after=previous&s-1-p-what=查原因"
    )

    def test_it_reads_what_a_person_wrote(self) -> None:
        said = writing.read(QueryDict(self.FORM))
        assert said["conditions"] == {"all": [LOW, {"any": [GOLD | {"value": ["gold", "black"]}]}]}
        first, second = steps.read(said["steps"])
        assert (first.mode, first.minutes) == ("auto", 30)
        assert (second.who, second.unit, second.params) == ("unit", "tech", {"what": "查原因"})

    @pytest.mark.parametrize(
        ("button", "keys"),
        [
            ("down:s-0", ["task", "apologise"]),
            ("up:s-1", ["task", "apologise"]),
            ("drop:s-0", ["task"]),
            ("order:task,apologise", ["task", "apologise"]),
        ],
    )
    def test_its_buttons_move_the_steps(self, button: str, keys: list[str]) -> None:
        found = steps.read(writing.read(QueryDict(f"{self.FORM}&do={button}"))["steps"])
        assert [step.key for step in found] == keys
        assert found[0].after == "start"

    def test_its_buttons_change_the_tree(self) -> None:
        said = writing.read(QueryDict(f"{self.FORM}&do=add-rule:c-1"))
        assert said["conditions"]["all"][1]["any"][1] == writing.NEW_RULE
        said = writing.read(QueryDict(f"{self.FORM}&do=remove:c-0"))
        assert len(said["conditions"]["all"]) == 1


class TestBring:
    @pytest.mark.parametrize(
        "content",
        [
            None,
            [],
            {"name": ""},
            {"name": "x", "trigger": "moon"},
            {"name": "x", "trigger": "passive", "steps": [{"key": "../x"}]},
            {"name": "x", "trigger": "passive", "conditions": {"all": "everything"}},
        ],
    )
    def test_it_refuses_what_is_no_playbook(self, content: Any, dora: Any) -> None:
        with pytest.raises(editing.NotReady):
            editing.bring(by=dora, content=content)

    def test_it_brings_back_what_was_exported(self, dora: Any) -> None:
        said = {"name": "金卡", "trigger": "passive", "conditions": {"all": [LOW]}, "steps": []}
        one = editing.bring(by=dora, content=said)
        again = editing.bring(by=dora, content=editing.exported(one))
        assert (again.conditions, again.steps) == (one.conditions, one.steps)
        assert again.playbook != one.playbook
