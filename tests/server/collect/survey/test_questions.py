"""The declaration of a survey: read, checked before it is published, filled in."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from voiceloop.analytics.scales import SCALES
from voiceloop.server.collect import questions, surveys
from voiceloop.server.collect.questions import ASKED_SCALES, InvalidQuestions

Content = dict[str, Any]


@pytest.fixture
def content() -> Content:
    return deepcopy(surveys.templates()["nps_service"]["content"])


def problems(content: Content) -> list[str]:
    return [problem.at for problem in questions.problems_of(questions.read(content))]


@pytest.mark.requirement(1, 8, 9, 64)
class TestTemplates:
    @pytest.mark.parametrize("name", sorted(surveys.templates()))
    def test_it_can_be_asked_as_it_is(self, name: str) -> None:
        questionnaire = questions.checked(surveys.templates()[name]["content"])
        assert questionnaire.lead is questionnaire.questions[0]

    @pytest.mark.requirement(2)
    def test_it_asks_also_those_whom_the_signed_scale_leaves_without_a_class(self) -> None:
        signed = questions.checked(surveys.templates()["nps_signed"]["content"])
        assert signed.class_of(0) == "unclassified"
        assert signed.questions[1].options_for("unclassified")


@pytest.mark.requirement(1, 2)
class TestClasses:
    @pytest.mark.parametrize("scale", ASKED_SCALES)
    def test_it_puts_every_score_that_can_be_tapped_into_one_class(self, scale: str) -> None:
        question = questions.Question(
            id="q", kind="score", text=questions.Text(zh="问", en="Ask"), scale=scale
        )
        classes = [SCALES[scale].class_of(point) for point in question.points]
        assert len(classes) == len(question.points) == len(set(question.points))
        assert (question.points[0], question.points[-1]) == (SCALES[scale].low, SCALES[scale].high)


class TestProblems:
    def test_it_finds_none_in_a_good_survey(self, content: Content) -> None:
        assert problems(content) == []

    def test_it_wants_a_score_first(self, content: Content) -> None:
        content["questions"].reverse()
        assert "" in problems(content)

    def test_it_wants_both_languages(self, content: Content) -> None:
        content["questions"][0]["text"]["en"] = ""
        assert problems(content) == ["nps"]

    def test_it_wants_ids_that_are_its_own(self, content: Content) -> None:
        content["questions"][2]["id"] = "why"
        assert "why" in problems(content)

    def test_it_wants_option_ids_that_are_their_own(self, content: Content) -> None:
        options = content["questions"][1]["by_class"]["detractor"]["options"]
        options[1]["id"] = options[0]["id"]
        assert problems(content) == ["why.detractor"]

    def test_it_wants_options_for_every_class_that_is_asked(self, content: Content) -> None:
        del content["questions"][1]["by_class"]["passive"]
        assert problems(content) == ["why.passive"] or problems(content) == ["why"]

    def test_it_knows_the_classes_that_nobody_can_be_in(self, content: Content) -> None:
        content["questions"][3]["show_for"] = ["unclassified"]
        assert "contact" in problems(content)

    def test_it_knows_the_placeholders(self, content: Content) -> None:
        content["intro"]["zh"] = "{city}"
        assert problems(content) == ["intro"]

    def test_it_does_not_ask_on_a_scale_without_buttons(self, content: Content) -> None:
        content["questions"][0] |= {"kind": "score", "scale": "csat_0_100"}
        assert "nps" in problems(content)

    def test_it_refuses_another_shape(self, content: Content) -> None:
        content["questions"][0]["colour"] = "red"
        with pytest.raises(InvalidQuestions, match="colour"):
            questions.read(content)


class TestFill:
    def test_it_leaves_unknown_braces_alone(self) -> None:
        assert questions.fill("{company}的{x}", {"company": "云帆"}) == "云帆的{x}"

    def test_it_does_not_reach_into_objects(self) -> None:
        assert questions.fill("{company.__class__}", {"company": "云帆"}) == "{company.__class__}"
