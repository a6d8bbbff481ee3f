"""Every action of a playbook keeps the same promises; a new file in the folder is tried by itself."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest
from django.utils import translation

from voiceloop.server.act.cases import cases
from voiceloop.server.act.cases.actions import Action, actions
from voiceloop.server.act.cases.forms import form_of
from voiceloop.server.act.models import Case, Playbook, PlaybookVersion
from voiceloop.server.act.playbooks import checklist, runs, shipped, steps
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


def follow(case: Case, action: Action) -> str:
    """The case follows a playbook of this one step; the step's key."""
    book = Playbook.objects.create(code=f"only-{action.code}"[:32])
    step = {"key": action.code, "action": action.code}
    version = PlaybookVersion.objects.create(playbook=book, trigger="by_hand", name="一步", steps=[step])
    runs.follow(version, case=case)
    return action.code


@pytest.mark.django_db
class TestPerform:
    def test_it_is_done_once_when_repeated(self, action: Action, case: Case, alice: User) -> None:
        key = follow(case, action)
        for _ in range(2):
            checklist.do(case, step=key, by=alice)
        # A customer is asked again when their case is solved; this one is open.
        n = Event.objects.about("case", case.pk).filter(type="case.step_done").count()
        assert n == (action.code != "ask_again")
        assert Message.objects.filter(about=f"case:{case.pk}").count() <= 1

    def test_it_does_without_a_customer(self, action: Action, alice: User) -> None:
        nobody = cases.open(None, by=alice, summary="匿名")
        checklist.do(nobody, step=follow(nobody, action), by=alice)
        assert not Message.objects.exists()


@pytest.mark.django_db
class TestShipped:
    @pytest.mark.requirement(106)
    def test_there_is_one_for_each_class(self) -> None:
        assert {book["trigger"] for book in shipped.BOOKS.values()} >= {"detractor", "passive", "promoter"}

    @pytest.mark.parametrize("code", shipped.BOOKS)
    def test_it_has_no_fault(self, code: str) -> None:
        assert list(steps.faults(shipped.BOOKS[code]["steps"])) == []
