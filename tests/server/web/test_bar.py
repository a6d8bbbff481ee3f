"""What the command bar finds, and for whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit, User
from voiceloop.server.web import bar

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(111)]
SignIn = Callable[[User], Client]


@pytest.fixture
def case(alice: User, east: Unit) -> Case:
    wang = Customer.objects.create(unit=east, number="C-1001", name="王小明", phone="13812345678")
    return cases.open(wang, by=alice, summary="菜凉了", unit=east)


def labels(user: User, words: str, case: int | None = None) -> list[str]:
    return [hit.label for group in bar.find(user, words, case=case) for hit in group.hits]


class TestFind:
    @pytest.mark.parametrize("words", ["工作台", "workb", "WORKBENCH"])
    def test_pages_are_found_in_either_language(self, alice: User, words: str) -> None:
        for language, name in (("en", "Workbench"), ("zh-hans", "坐席工作台")):
            with translation.override(language):
                assert name in labels(alice, words)

    @pytest.mark.parametrize("words", ["{pk}", "#{pk}", "王小明", "小明", "13812345678", "C-1001"])
    def test_a_case_is_found_by_number_and_customer(self, alice: User, case: Case, words: str) -> None:
        assert f"#{case.pk} 王小明" in labels(alice, words.format(pk=case.pk))

    @pytest.mark.parametrize("words", ["{pk}", "王小明", "小明", "13812345678"])
    def test_another_branch_finds_nothing_of_it(self, charlie: User, case: Case, words: str) -> None:
        assert not any(
            "王" in label or f"#{case.pk}" in label for label in labels(charlie, words.format(pk=case.pk))
        )

    def test_what_can_be_done_is_offered_on_a_case_only(self, alice: User, case: Case) -> None:
        with translation.override("en"):
            assert "Resolve the case" in labels(alice, "resol", case.pk)
            assert "Resolve the case" not in labels(alice, "resol")

    def test_who_only_looks_is_offered_no_deeds(self, carol: User, case: Case) -> None:
        with translation.override("en"):
            assert "Resolve the case" not in labels(carol, "resol", case.pk)

    def test_a_word_that_begins_stands_before_one_that_contains(self, alice: User, case: Case) -> None:
        with translation.override("en"):
            assert labels(alice, "re", case.pk)[0] in ("Resolve the case", "Reopen the case")


class TestView:
    def test_a_case_of_another_branch_gives_no_deeds(
        self, signed_in: SignIn, charlie: User, alice: User, case: Case
    ) -> None:
        given = {"q": "", "case": case.pk}
        assert 'data-press="e"' in signed_in(alice).get(reverse("bar"), given).text
        assert 'data-press="e"' not in signed_in(charlie).get(reverse("bar"), given).text

    def test_nothing_found_is_said(self, signed_in: SignIn, alice: User) -> None:
        found = signed_in(alice).get(reverse("bar"), {"q": "zzzzqqq"}).text
        assert "data-none" in found
        assert 'role="option"' not in found
