"""Everything said and noted is found again, by whom may see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, Post, Resolution, RootCause, Said
from voiceloop.server.act.threads import said, search, threads
from voiceloop.server.act.threads.search import find
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.reactor import deliver

Heard = Callable[..., Post]


@pytest.fixture
def told(heard: Heard, alice: User) -> Case:
    """A case with a mail, an answer and a note, in the index."""
    case: Case = heard("外卖撒了，我要求退款，订单 A2026-118").thread.case
    threads.reply(case.threads.get(), by=alice, text="We have refunded the whole order, sorry.")
    cases.note(case, by=alice, text="骑手说路上摔倒")
    deliver()
    return case


def texts(user: User, words: str) -> list[str]:
    return [hit.text for hit in find(user, words).hits]


class TestFind:
    @pytest.mark.requirement(111)
    def test_it_finds_chinese_words_wherever_they_stand(self, told: Case, alice: User) -> None:
        assert texts(alice, "退款") == ["外卖撒了，我要求退款，订单 A2026-118"]
        assert texts(alice, "摔倒") == ["骑手说路上摔倒"]

    def test_english_words_are_found_in_any_form(self, told: Case, alice: User) -> None:
        assert texts(alice, "refunds ORDERS") == ["We have refunded the whole order, sorry."]

    def test_all_words_must_occur(self, told: Case, alice: User) -> None:
        assert texts(alice, "退款 撒") != []
        assert texts(alice, "退款 烫伤") == []

    def test_traditional_and_wide_characters_are_the_same_words(self, told: Case, alice: User) -> None:
        assert texts(alice, "訂單 Ａ2026") == ["外卖撒了，我要求退款，订单 A2026-118"]

    def test_a_phrase_stands_as_it_is_and_a_minus_leaves_out(self, told: Case, alice: User) -> None:
        assert texts(alice, "“我要求退款”") != []
        assert texts(alice, "“退款要求我”") == []
        assert texts(alice, "退款 -订单") == []

    def test_the_hit_words_are_marked(self, told: Case, alice: User) -> None:
        hit = find(alice, "退款").hits[0]
        assert [hit.text[a:b] for a, b in hit.marks] == ["退款"]

    @pytest.mark.parametrize("who", ["王小明", "小明", "13812345678", "wang@example.com", "C-1001"])
    def test_a_customer_is_found_by_name_phone_mail_and_number(
        self, told: Case, alice: User, who: str
    ) -> None:
        assert {hit.case for hit in find(alice, who).hits} == {told}

    def test_a_name_with_a_word_finds_what_that_customer_said(self, told: Case, alice: User) -> None:
        assert texts(alice, "王小明 退款") == ["外卖撒了，我要求退款，订单 A2026-118"]

    def test_no_name_can_be_read_off_the_index(self, told: Case) -> None:
        known = {term for row in Said.objects.all() for term in row.terms}
        assert not known & set(said.asked_terms("王小明"))

    def test_another_branch_finds_nothing(self, told: Case, charlie: User) -> None:
        assert find(charlie, "退款").hits == []

    def test_who_sees_the_company_finds_it(self, told: Case, dora: User) -> None:
        assert len(find(dora, "退款").hits) == 1

    def test_nothing_asked_is_nothing_found(self, told: Case, alice: User) -> None:
        assert find(alice, "").hits == find(alice, "，。").hits == []

    def test_an_answer_taken_back_is_not_found(self, told: Case, alice: User) -> None:
        post = Post.objects.get(by=alice)
        post.withdrawn_at = post.at
        post.save()
        assert texts(alice, "refunded") == []

    def test_the_next_page_goes_on_where_the_first_ended(self, heard: Heard, alice: User) -> None:
        case = heard().thread.case
        for n in range(5):
            cases.note(case, by=alice, text=f"回访 {n}")
        deliver()
        first = find(alice, "回访", most=3)
        rest = find(alice, "回访", most=3, after=first.next)
        assert [hit.text for hit in (*first.hits, *rest.hits)] == [f"回访 {n}" for n in (4, 3, 2, 1, 0)]
        assert rest.next == ""


class TestCatchUp:
    def test_it_finds_what_no_event_told_of(self, case: Case, alice: User) -> None:
        said.catch_up()
        assert texts(alice, "菜还是凉的") == ["等了一个小时，菜还是凉的"]

    def test_a_second_pass_has_nothing_to_do(self, case: Case) -> None:
        assert said.catch_up() > 0
        assert said.catch_up() == 0


class TestIndexCase:
    def test_a_solution_without_words_adds_nothing(
        self, told: Case, alice: User, slow_kitchen: RootCause
    ) -> None:
        cases.resolve(told, by=alice, root_cause=slow_kitchen, note="换餐")
        said.index_case(told)
        assert Said.objects.filter(case=told, kind=Said.Kind.RESOLUTION).count() == 1
        Resolution.objects.update(note=" ")
        said.index_case(told)
        assert not Said.objects.filter(case=told, kind=Said.Kind.RESOLUTION).exists()

    def test_what_moved_to_another_branch_is_found_there_only(
        self, told: Case, alice: User, charlie: User, west: Unit
    ) -> None:
        Case.objects.filter(pk=told.pk).update(unit=west)
        told.refresh_from_db()
        said.index_case(told)
        assert (texts(alice, "退款"), len(find(charlie, "退款").hits)) == ([], 1)


class TestIndexOfOtherKinds:
    def test_a_solution_and_a_talk_are_found(
        self, case: Case, alice: User, slow_kitchen: RootCause, wang: Customer
    ) -> None:
        threads.talk(case, by=alice, result="reached", note="客人同意换餐")
        cases.resolve(case, by=alice, root_cause=slow_kitchen, note="已加派骑手")
        deliver()
        assert texts(alice, "换餐") == ["客人同意换餐"]
        assert texts(alice, "加派") == ["已加派骑手"]
        assert {hit.kind for hit in search.find(alice, "换餐 王小明").hits} == {Said.Kind.POST}
