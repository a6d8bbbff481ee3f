"""Colleagues named in a note."""

from __future__ import annotations

import pytest

from voiceloop.server.act.cases import cases
from voiceloop.server.act.casework import mentions
from voiceloop.server.act.models import Case, Mention, Notice
from voiceloop.server.core.models import Event, User
from voiceloop.server.core.reactor import deliver

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(111)]


class TestFound:
    @pytest.mark.parametrize("text", ["@Bob 请看", "请 @bob看一下", "＠Bob", "a@x.com @BOB"])
    def test_a_name_after_the_sign_is_meant(self, text: str, bob: User, alice: User) -> None:
        assert mentions.found(text, [alice, bob]) == [bob]

    def test_of_two_names_the_longer_is_meant(self, bob: User, carol: User) -> None:
        carol.name = "Bob Lin"
        assert mentions.found("@Bob Lin", [bob, carol]) == [carol]

    def test_a_name_without_the_sign_is_not(self, bob: User) -> None:
        assert mentions.found("Bob 请看", [bob]) == []


class TestHeed:
    def note(self, case: Case, by: User, text: str) -> Event:
        cases.note(case, by=by, text=text)
        return Event.objects.filter(type="case.noted").latest("pk")

    def test_the_colleague_is_told_once(self, case: Case, alice: User, bob: User) -> None:
        noted = self.note(case, alice, "@Bob 要不要免单？")
        for _ in range(2):
            deliver()
            mentions.heed(noted)
        assert Mention.objects.filter(user=bob).count() == 1
        assert Notice.objects.filter(user=bob, kind="mention").count() == 1
        assert mentions.n_unseen(bob) == 1

    def test_who_may_not_see_the_case_is_not_named(self, case: Case, alice: User, charlie: User) -> None:
        mentions.heed(self.note(case, alice, "@Charlie 你看"))
        assert not Mention.objects.exists()

    def test_nobody_names_themselves(self, case: Case, alice: User) -> None:
        mentions.heed(self.note(case, alice, "@Alice 记得"))
        assert not Mention.objects.exists()

    def test_it_is_read_with_its_case(self, case: Case, alice: User, bob: User) -> None:
        mentions.heed(self.note(case, alice, "@Bob"))
        mentions.see(bob, case=case)
        assert mentions.n_unseen(bob) == 0
        assert mentions.of(bob).count() == 1
