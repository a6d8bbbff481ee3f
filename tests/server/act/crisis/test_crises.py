"""What people do in a crisis, from the first word to the review."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voiceloop.server.act.crisis import checklist, crises, figures, people, statements, templates
from voiceloop.server.act.models import Case, Crisis
from voiceloop.server.core.models import Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(194)]
REVIEW = {"what_happened": "管道老化漏气", "why": "没有年检", "what_changes": "每季度年检"}


class TestOpenByHand:
    def test_it_is_open_with_a_checklist_and_its_opener_leads(self, crisis: Crisis, bob: User) -> None:
        assert (crisis.state, crisis.owner) == ("open", bob)
        assert crisis.tasks.count() == len(templates.lines(templates.of_kind("checklist")[0]))

    def test_it_is_seen_below_and_above_but_not_in_another_branch(
        self, crisis: Crisis, alice: User, dora: User, charlie: User
    ) -> None:
        for user, sees in ((alice, True), (dora, True), (charlie, False)):
            assert Crisis.objects.visible_to(user).filter(pk=crisis.pk).exists() is sees

    def test_a_crisis_of_the_company_concerns_every_store(
        self, root: Unit, dora: User, alice: User, bob: User
    ) -> None:
        crisis = crises.open_by_hand(by=dora, unit=root, title="支付故障")
        assert Crisis.objects.visible_to(alice).filter(pk=crisis.pk).exists()
        assert not people.may_lead(bob, crisis)


class TestClose:
    def test_it_takes_a_review(self, crisis: Crisis, bob: User) -> None:
        with pytest.raises(crises.NotReviewed):
            crises.close(crisis, by=bob, what_happened="x", why=" ", what_changes="y")
        assert crisis.state == "open"

    def test_it_is_told_once(self, crisis: Crisis, bob: User, told: Callable[[Crisis], list[str]]) -> None:
        for _ in range(2):
            crises.close(crisis, by=bob, **REVIEW)
        assert told(crisis) == ["crisis.opened", "crisis.closed"]
        assert crisis.review.why == "没有年检"

    def test_it_can_be_opened_again(self, crisis: Crisis, bob: User) -> None:
        crises.close(crisis, by=bob, **REVIEW)
        crises.reopen(crisis, by=bob, note="又漏了")
        assert crisis.is_open


class TestStatements:
    def test_it_waits_for_approval(self, crisis: Crisis, bob: User, dora: User) -> None:
        draft = statements.write(crisis, by=bob, text_zh="正在核实", text_en="We look into it")
        assert not draft.is_usable
        statements.approve(draft, by=dora)
        assert draft.is_usable
        assert draft.approved_by == dora

    def test_it_is_not_approved_once_withdrawn(self, crisis: Crisis, bob: User) -> None:
        draft = statements.write(crisis, by=bob, text_zh="正在核实")
        statements.withdraw(draft, by=bob)
        assert not statements.approve(draft, by=bob).is_usable

    def test_it_speaks_the_customers_language(self, crisis: Crisis, bob: User) -> None:
        draft = statements.write(crisis, by=bob, text_zh="正在核实", text_en="We look into it")
        assert (draft.in_language("zh"), draft.in_language("en")) == ("正在核实", "We look into it")


class TestChecklist:
    def test_it_says_who_did_what(
        self, crisis: Crisis, alice: User, told: Callable[[Crisis], list[str]]
    ) -> None:
        task = crisis.tasks.first()
        assert task is not None
        for _ in range(2):
            checklist.do(task, by=alice, note="已核实")
        assert (task.done_by, task.note) == (alice, "已核实")
        assert told(crisis).count("crisis.task_done") == 1

    def test_it_is_editable(self, crisis: Crisis, bob: User, alice: User) -> None:
        task = checklist.add(crisis, text="关闭总阀", by=bob, owner=alice)
        checklist.change(task, text="关闭燃气总阀", by=bob, owner=bob)
        checklist.drop(task, by=bob)
        task.refresh_from_db()
        assert (str(task), task.owner, task.dropped_at is not None) == ("关闭燃气总阀", bob, True)

    def test_it_reads_the_minutes_of_a_template(self) -> None:
        templates.ensure()
        first = templates.lines(templates.of_kind("checklist")[0])[0]
        assert (first.minutes, "核实" in first.zh, "Verify" in first.en) == (10, True, True)


class TestLink:
    def test_it_links_a_case_once(self, crisis: Crisis, store: Unit, bob: User) -> None:
        case = Case.objects.create(unit=store)
        assert [crises.link(crisis, cases=[case], by=bob) for _ in range(2)] == [1, 0]
        assert crises.unlink(crisis, case=case, by=bob)


class TestFigures:
    def test_it_counts_from_the_opening(self, crisis: Crisis, bob: User) -> None:
        statements.approve(statements.write(crisis, by=bob, text_zh="正在核实"), by=bob)
        crises.close(crisis, by=bob, **REVIEW)
        found = figures.of(crisis)
        assert found.to_first_statement is not None
        assert found.to_close is not None
        assert found.to_first_statement <= found.to_close
        # A person saw it: there is no spike from which detection could be counted.
        assert found.to_detect is None
