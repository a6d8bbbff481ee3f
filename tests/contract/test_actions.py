"""Every action of a playbook keeps the same promises; a new file in the folder is tried by itself."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest
from django.utils import translation

from voiceloop.server.act.cases import cases, playbooks
from voiceloop.server.act.cases.actions import Action, actions
from voiceloop.server.act.cases.forms import form_of
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Customer, Message
from voiceloop.server.core.models import Event, Unit, User

ALL = sorted(actions())


@pytest.fixture(params=ALL)
def action(request: pytest.FixtureRequest) -> Action:
    return actions()[request.param]


@pytest.fixture
def case(east: Unit, alice: User) -> Case:
    customer = Customer.objects.create(unit=east, name="王小明", phone="13812345678")
    return cases.open(customer, by=alice, summary="菜凉了")


class TestDeclaration:
    def test_it_speaks_both_languages(self, action: Action) -> None:
        with translation.override("en"):
            english = str(action.label), str(action.help)
        with translation.override("zh-hans"):
            chinese = str(action.label), str(action.help)
        assert all(a and a != b for a, b in zip(english, chinese, strict=True))

    def test_its_parameters_are_typed_and_have_defaults(self, action: Action) -> None:
        assert is_dataclass(action.Params)
        assert action.Params() == action.Params()

    def test_its_form_comes_from_its_parameters(self, action: Action) -> None:
        form = form_of(action.Params)()
        assert list(form.fields) == [field.name for field in fields(action.Params)]

    def test_it_is_used_by_a_playbook(self, action: Action) -> None:
        assert any(action.code in book.steps for book in playbooks.PLAYBOOKS.values())


@pytest.mark.django_db
class TestPerform:
    def test_it_is_done_once_when_repeated(self, action: Action, case: Case, alice: User) -> None:
        for _ in range(2):
            playbooks.do(case, step=action.code, by=alice)
        assert Event.objects.about("case", case.pk).filter(type="case.step_done").count() == 1
        assert Message.objects.filter(about=f"case:{case.pk}").count() <= 1

    def test_it_does_without_a_customer(self, action: Action, alice: User) -> None:
        nobody = cases.open(None, by=alice, summary="匿名")
        playbooks.do(nobody, step=action.code, by=alice)
        assert not Message.objects.exists()


class TestPlaybooks:
    @pytest.mark.requirement(106)
    def test_there_is_one_for_each_class(self) -> None:
        assert set(playbooks.OF_CLASS) >= {"detractor", "passive", "promoter"}

    def test_their_steps_exist(self) -> None:
        assert all(step in actions() for book in playbooks.PLAYBOOKS.values() for step in book.steps)
