"""The page of knowledge."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.knowledge import phrases
from voiceloop.server.core.events import record
from voiceloop.server.core.models import Unit, User
from voiceloop.server.verify.events import InitiativeStandardised

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.mark.requirement(129)
class TestPhrases:
    def test_there_are_twenty_in_both_languages(self) -> None:
        assert len(phrases.PHRASES) >= 20
        for phrase in phrases.PHRASES:
            assert all((phrase.instead_zh, phrase.say_zh, phrase.instead_en, phrase.say_en))

    def test_no_two_are_the_same(self) -> None:
        assert len({phrase.say_zh for phrase in phrases.PHRASES}) == len(phrases.PHRASES)

    @pytest.mark.parametrize("words", ["退款", "REFUND", "refund dish"])
    def test_they_are_found_by_words_of_either_language(self, words: str) -> None:
        assert 0 < len(phrases.found(words)) < len(phrases.PHRASES)

    def test_each_situation_has_some(self) -> None:
        assert all(phrases.found("", situation) for situation in phrases.SITUATIONS)


class TestKnowledge:
    @pytest.mark.requirement(129)
    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "不要说"), ("en", "Instead of")])
    def test_it_offers_each_phrase_for_copying(
        self, signed_in: SignIn, alice: User, language: str, word: str
    ) -> None:
        page = signed_in(alice).get(reverse("knowledge"), headers={"accept-language": language}).text
        assert word in page
        assert page.count("data-copy=") == 2 * len(phrases.PHRASES)

    def test_it_says_when_nothing_is_found(self, signed_in: SignIn, alice: User) -> None:
        page = (
            signed_in(alice).get(reverse("knowledge"), {"q": "zzz"}, headers={"accept-language": "en"}).text
        )
        assert "No phrase has these words" in page

    @pytest.mark.requirement(106)
    def test_it_walks_through_the_playbooks(self, signed_in: SignIn, alice: User) -> None:
        books = signed_in(alice).get(reverse("knowledge")).context["books"]
        assert [one["book"].playbook.code for one in books] == ["fast", "precise", "steady", "keep", "hand"]
        assert all(one["steps"] for one in books)

    @pytest.mark.requirement(109)
    def test_a_standard_of_the_company_reaches_every_agent(
        self, signed_in: SignIn, alice: User, charlie: User, dora: User, root: Unit, east: Unit
    ) -> None:
        for unit, words in ((root, "zqcompany"), (east, "zqeast")):
            event = InitiativeStandardised(initiative=1, root_cause=None, title="x", training=words)
            record(event, by=dora, unit=unit)
        mine = signed_in(alice).get(reverse("knowledge")).text
        his = signed_in(charlie).get(reverse("knowledge")).text
        assert [("zqcompany" in page, "zqeast" in page) for page in (mine, his)] == [
            (True, True),
            (True, False),
        ]
