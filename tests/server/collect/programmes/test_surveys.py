"""Surveys: a draft is edited, a published version stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from voiceloop.server.collect import builder, surveys
from voiceloop.server.collect.events import SurveyPublished
from voiceloop.server.collect.models import Invitation, Programme, Survey
from voiceloop.server.collect.questions import InvalidQuestions
from voiceloop.server.core.models import Event, User


@pytest.fixture
def changed(survey: Survey) -> dict[str, object]:
    content = deepcopy(survey.live.content)  # type: ignore[union-attr]
    content["thanks"]["zh"] = "多谢"
    return content


@pytest.mark.requirement(52)
class TestEdit:
    def test_it_leaves_the_published_version_as_it_was(
        self, survey: Survey, changed: dict[str, object], carol: User
    ) -> None:
        draft = surveys.edit(survey=survey, content=changed, by=carol)
        assert draft.number == 2
        assert survey.live.content["thanks"]["zh"] == "已收到，谢谢您"  # type: ignore[union-attr]

    def test_it_goes_on_with_the_draft(self, survey: Survey, changed: dict[str, object], carol: User) -> None:
        for _ in range(2):
            surveys.edit(survey=survey, content=changed, by=carol)
        assert survey.versions.count() == 2


@pytest.mark.requirement(52)
class TestPublish:
    def test_it_says_so_once(self, survey: Survey, changed: dict[str, object], carol: User) -> None:
        surveys.edit(survey=survey, content=changed, by=carol)
        before = Event.objects.filter(type=SurveyPublished.type).count()
        for _ in range(2):
            surveys.publish(survey=survey, by=carol)
        assert Event.objects.filter(type=SurveyPublished.type).count() == before + 1
        assert survey.live.number == 2  # type: ignore[union-attr]

    def test_it_refuses_mistakes(self, survey: Survey, changed: dict[str, object], carol: User) -> None:
        changed["thanks"] = {"zh": "多谢", "en": ""}
        surveys.edit(survey=survey, content=changed, by=carol)
        with pytest.raises(InvalidQuestions):
            surveys.publish(survey=survey, by=carol)

    def test_it_does_not_change_what_was_sent_before(
        self, invitation: Invitation, survey: Survey, changed: dict[str, object], carol: User, path: str
    ) -> None:
        surveys.edit(survey=survey, content=changed, by=carol)
        surveys.publish(survey=survey, by=carol)
        assert "已收到，谢谢您" in Client().get(f"{path}?lang=zh").text


class TestBuilder:
    @pytest.fixture
    def carols(self, signed_in: Callable[[User], Client], dora: User) -> Client:
        return signed_in(dora)

    def form(self, survey: Survey) -> dict[str, object]:
        """What the browser would post of the page as it is."""
        draft = survey.newest
        fields: dict[str, object] = {}
        for name in ("intro", "thanks", "thanks_more"):
            fields |= self.texts(name, draft.content[name])  # type: ignore[union-attr]
        for card in builder.cards(builder.read(draft.content)):  # type: ignore[union-attr]
            question = card.question
            fields[f"{card.field}-id"] = question["id"]
            fields[f"{card.field}-show"] = question["show_for"]
            if card.is_score:
                fields[f"{card.field}-scale"] = question["scale"]
                fields |= self.texts(f"{card.field}-low", question["low"])
                fields |= self.texts(f"{card.field}-high", question["high"])
            for group in card.groups:
                fields |= self.texts(group.field, group.text)
                for name, option in group.options:
                    fields |= {f"{name}-id": option["id"], **self.texts(name, option["text"])}
        return fields

    def texts(self, name: str, text: dict[str, str]) -> dict[str, object]:
        return {f"{name}-{language}": text[language] for language in ("zh", "en")}

    def test_it_changes_nothing_that_was_not_changed(self, carols: Client, survey: Survey) -> None:
        carols.post(f"/surveys/{survey.pk}/draft/", self.form(survey))
        assert survey.newest.content == survey.live.content  # type: ignore[union-attr]

    def test_it_keeps_a_changed_word(self, carols: Client, survey: Survey) -> None:
        fields = self.form(survey) | {"q1-detractor-o0-zh": "等太久"}
        carols.post(f"/surveys/{survey.pk}/draft/", fields)
        option = survey.newest.content["questions"][1]["by_class"]["detractor"]["options"][0]  # type: ignore[union-attr]
        assert option == {"id": "wait", "text": {"zh": "等太久", "en": "Long wait"}}

    @pytest.mark.parametrize(
        ("order", "ids"),
        [
            ("up:2", ["nps", "comment", "why", "contact"]),
            ("down:1", ["nps", "comment", "why", "contact"]),
            ("remove:1", ["nps", "comment", "contact"]),
            ("add:text", ["nps", "why", "comment", "contact", "text"]),
            ("up:9", ["nps", "why", "comment", "contact"]),
            ("dance:1", ["nps", "why", "comment", "contact"]),
        ],
    )
    def test_it_does_what_the_button_says(
        self, carols: Client, survey: Survey, order: str, ids: list[str]
    ) -> None:
        carols.post(f"/surveys/{survey.pk}/draft/", self.form(survey) | {"do": order})
        assert [q["id"] for q in survey.newest.content["questions"]] == ids  # type: ignore[union-attr]

    def test_it_adds_and_drops_options_of_one_class(self, survey: Survey) -> None:
        content = builder.move(survey.newest.content, "option:1:promoter")  # type: ignore[union-attr]
        content = builder.move(content, "drop:1:promoter:0")
        options = [o["id"] for o in content["questions"][1]["by_class"]["promoter"]["options"]]
        assert options == ["once", "expert", "kind", "easy", "other", "option7"]

    def test_it_shows_the_preview_only_to_itself(self, carols: Client, survey: Survey) -> None:
        answer = carols.get(f"/surveys/{survey.pk}/preview/")
        assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert 'data-preview="1"' in answer.text

    def test_it_reads_its_own_export(self, carols: Client, survey: Survey, programme: Programme) -> None:
        file = SimpleUploadedFile("s.json", carols.get(f"/surveys/{survey.pk}/export/").content)
        fields = {"programme": programme.pk, "name": "副本", "code": "copy", "file": file}
        carols.post("/surveys/new/", fields)
        assert Survey.objects.get(code="copy").newest.content == survey.live.content  # type: ignore[union-attr]

    def test_it_refuses_another_file(self, carols: Client, programme: Programme) -> None:
        file = SimpleUploadedFile("s.json", json.dumps({"content": {"questions": 3}}).encode())
        carols.post(
            "/surveys/new/", {"programme": programme.pk, "name": "副本", "code": "copy", "file": file}
        )
        assert not Survey.objects.filter(code="copy").exists()
