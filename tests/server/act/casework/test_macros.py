"""Macros: shown before they run, all of it or nothing, taken back in one step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from voiceloop.server.act.casework import macros, undoing
from voiceloop.server.act.casework.macro_forms import MacroForm
from voiceloop.server.act.models import Case, Macro, RootCause
from voiceloop.server.act.threads import threads
from voiceloop.server.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(111)]
EventsAbout = Callable[[Case], list[str]]


@pytest.fixture
def macro(alice: User) -> Callable[..., Macro]:
    def make(**actions: str) -> Macro:
        return Macro.objects.create(unit=alice.unit, owner=alice, name="退款", actions=actions)

    return make


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


class TestPreview:
    def test_it_says_each_thing_with_its_places_filled(
        self, case: Case, alice: User, macro: Callable[..., Macro]
    ) -> None:
        lines = macros.preview(macro(severity="serious", note="{customer} {case}"), case, by=alice)
        assert [line.action for line in lines] == ["severity", "note"]
        assert lines[1].text == f"王小明 #{case.pk}"

    def test_it_says_what_cannot_be_done(self, case: Case, alice: User, macro: Callable[..., Macro]) -> None:
        lines = macros.preview(macro(reply="您好", assign="nobody-there"), case, by=alice)
        assert all(line.problem for line in lines)
        assert macros.blocked(lines)

    def test_an_agent_assigns_to_themselves_only(
        self, case: Case, alice: User, bob: User, macro: Callable[..., Macro]
    ) -> None:
        assert macros.blocked(macros.preview(macro(assign="bob"), case, by=alice))
        assert not macros.blocked(macros.preview(macro(assign="me"), case, by=alice))
        assert not macros.blocked(macros.preview(macro(assign="alice"), case, by=bob))


class TestRun:
    def test_it_does_all_of_it(
        self, case: Case, alice: User, slow_kitchen: RootCause, macro: Callable[..., Macro]
    ) -> None:
        threads.hear(case, channel="email", address="wang@example.com", text="退款", key="m")
        made = macro(
            severity="serious", note="已核实", reply="{customer}您好，已退款。", resolve="slow_kitchen"
        )
        macros.run(made, case=case, by=alice)
        done = fresh(case)
        assert done.severity == "serious"
        assert done.resolution.root_cause == slow_kitchen
        assert case.notes.get().text == "已核实"
        assert (
            case.threads.get()
            .posts.filter(direction="out", is_automatic=False)
            .get()
            .text.startswith("王小明")
        )

    def test_nothing_is_done_when_one_thing_cannot_be(
        self, case: Case, alice: User, macro: Callable[..., Macro]
    ) -> None:
        with pytest.raises(ValueError, match=r"\w"):
            macros.run(macro(severity="catastrophic", reply="您好"), case=case, by=alice)
        assert fresh(case).severity == case.severity

    def test_one_undo_takes_it_back(
        self, case: Case, alice: User, slow_kitchen: RootCause, macro: Callable[..., Macro]
    ) -> None:
        before = undoing.state(case)
        macros.run(macro(severity="catastrophic", resolve="slow_kitchen"), case=case, by=alice)
        deed = undoing.last(case, by=alice)
        assert deed is not None
        assert deed.name == "macro"
        undoing.undo(deed, by=alice)
        assert undoing.state(case) == before

    def test_its_name_stands_in_the_log(
        self, case: Case, alice: User, macro: Callable[..., Macro], events_about: EventsAbout
    ) -> None:
        macros.run(macro(note="x"), case=case, by=alice)
        assert events_about(case)[-1] == "macro.ran"


class TestVisibleTo:
    def test_ones_own_is_nobody_elses(self, alice: User, bob: User, macro: Callable[..., Macro]) -> None:
        mine = macro(note="x")
        assert list(Macro.objects.visible_to(alice)) == [mine]
        assert not Macro.objects.visible_to(bob).exists()

    def test_a_teams_is_the_teams(self, alice: User, bob: User, charlie: User) -> None:
        made = Macro.objects.create(unit=bob.unit, name="组", actions={"note": "x"})
        assert list(Macro.objects.visible_to(alice)) == [made]
        assert not Macro.objects.visible_to(charlie).exists()
        assert macros.may_change(made, bob)
        assert not macros.may_change(made, alice)

    def test_the_companys_is_everybodys_and_changed_above(
        self, alice: User, bob: User, dora: User, charlie: User
    ) -> None:
        made = Macro.objects.create(unit=dora.unit, name="全体", actions={"note": "x"})
        assert all(made in Macro.objects.visible_to(one) for one in (alice, bob, charlie))
        assert [macros.may_change(made, one) for one in (bob, dora)] == [False, True]


class TestForm:
    def given(self, **more: Any) -> dict[str, Any]:
        return {"name": "退款", "whose": "mine", "note": "x"} | more

    def test_it_keeps_what_was_filled_in(self, alice: User) -> None:
        form = MacroForm(self.given(severity="serious"), macro=Macro(), user=alice)
        assert form.is_valid(), form.errors
        assert form.filled().actions == {"severity": "serious", "note": "x"}

    @pytest.mark.parametrize(
        "given",
        [
            {"note": ""},
            {"note": "{customr}您好"},
            {"pause": "照片", "resolve": "slow_kitchen"},
            {"whose": "all"},
            {"whose": "team"},
        ],
    )
    def test_it_refuses(self, alice: User, slow_kitchen: RootCause, given: dict[str, Any]) -> None:
        assert not MacroForm(self.given(**given), macro=Macro(), user=alice).is_valid()

    def test_a_lead_shares_with_the_team(self, bob: User) -> None:
        form = MacroForm(self.given(whose="team"), macro=Macro(), user=bob)
        assert form.is_valid()
        assert (form.filled().owner, form.filled().unit) == (None, bob.unit)
