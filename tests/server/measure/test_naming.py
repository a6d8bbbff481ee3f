"""The names that a company gives its codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.server.feedback import lake_in, respond
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.measure import naming
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.models import Label
from voiceloop.server.store import sync

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[User], Client]


@pytest.fixture
def facts(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake_in(tmp_path, monkeypatch)
    respond(east, 9, tier="gold")
    respond(west, 9, tier="black")
    sync.sync()


class TestName:
    def test_it_is_shown_at_once(self, dora: User) -> None:
        assert label("tier", "gold") == "gold"
        naming.name(by=dora, dimension="tier", code="gold", name="金卡")
        assert label("tier", "gold") == "金卡"

    def test_no_name_shows_the_code_again(self, dora: User) -> None:
        naming.name(by=dora, dimension="tier", code="gold", name="金卡")
        naming.name(by=dora, dimension="tier", code="gold", name="")
        assert (label("tier", "gold"), Label.objects.count()) == ("gold", 0)

    def test_nothing_is_recorded_when_nothing_changed(self, dora: User) -> None:
        for _ in range(2):
            naming.name(by=dora, dimension="tier", code="gold", name="金卡")
        assert Event.objects.filter(type="code.named").count() == 1


class TestSeen:
    def test_it_lists_the_codes_of_ones_own_facts(self, facts: None, dora: User, charlie: User) -> None:
        assert [row.code for row in naming.seen(dora, "tier")] == ["black", "gold"]
        assert [row.code for row in naming.seen(charlie, "tier")] == ["black"]


class TestLabels:
    def test_all_names_of_a_dimension_are_saved_at_once(
        self, facts: None, signed_in: SignIn, dora: User
    ) -> None:
        given = {"dimension": "tier", "zh-gold": "金卡", "en-gold": "Gold", "zh-black": "", "en-black": ""}
        signed_in(dora).post(reverse("labels_save"), given)
        assert list(Label.objects.values_list("code", "name", "name_en")) == [("gold", "金卡", "Gold")]

    def test_a_branch_reads_and_does_not_write(
        self, facts: None, signed_in: SignIn, bob: User, charlie: User
    ) -> None:
        assert 'name="zh-gold"' not in signed_in(bob).get(reverse("labels"), {"dimension": "tier"}).text
        answer = signed_in(charlie).post(reverse("labels_save"), {"dimension": "tier", "zh-black": "x"})
        assert (answer.status_code, Label.objects.count()) == (403, 0)
