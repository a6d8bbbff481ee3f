"""The verbs of root causes."""

from __future__ import annotations

import pytest

from voiceloop.server.act.knowledge import causes
from voiceloop.server.act.models import RootCause
from voiceloop.server.core.models import Event, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(109)]


def types() -> list[str]:
    return list(Event.objects.order_by("id").values_list("type", flat=True))


class TestAdd:
    def test_its_code_can_be_read(self, dora: User) -> None:
        assert causes.add(by=dora, group="people", name="新人多", name_en="New people").code == "new_people"

    def test_one_without_an_english_name_has_a_code_too(self, dora: User) -> None:
        first = causes.add(by=dora, group="people", name="新人多")
        second = causes.add(by=dora, group="people", name="老人少")
        assert first.code != second.code

    def test_the_same_one_is_added_once(self, dora: User) -> None:
        for _ in range(2):
            causes.add(by=dora, group="people", name="新人多")
        assert (RootCause.objects.count(), types()) == (1, ["cause.added"])

    def test_a_taken_code_is_not_taken_again(self, dora: User) -> None:
        causes.add(by=dora, group="people", name="新人多", name_en="New")
        assert causes.add(by=dora, group="process", name="新流程", name_en="New").code.startswith("new_")


class TestRename:
    def test_the_code_stays(self, dora: User) -> None:
        cause = causes.rename(causes.add(by=dora, group="people", name="甲", name_en="A"), by=dora, name="乙")
        assert (cause.code, cause.name) == ("a", "乙")
        assert "甲" in Event.objects.get(type="cause.renamed").sentence


class TestArchive:
    def test_it_happens_once_and_can_be_taken_back(self, dora: User) -> None:
        cause = causes.add(by=dora, group="people", name="甲")
        for verb in (causes.archive, causes.archive, causes.restore, causes.restore):
            verb(cause, by=dora)
        assert cause.archived_at is None
        assert types() == ["cause.added", "cause.archived", "cause.restored"]
