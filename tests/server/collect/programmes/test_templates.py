"""Surveys to start from: each can be published, and asks what its metrics read."""

from __future__ import annotations

import pytest

from voiceloop.analytics import registry
from voiceloop.server.collect import questions, surveys


@pytest.mark.parametrize("name", surveys.templates())
def test_it_can_be_published_as_it_is(name: str) -> None:
    questions.checked(surveys.templates()[name]["content"])


@pytest.mark.requirement(20)
def test_servqual_asks_what_its_five_metrics_read() -> None:
    asked = {(one["id"], one.get("scale")) for one in surveys.templates()["servqual"]["content"]["questions"]}
    read = [metric for name, metric in registry.metrics().items() if name.startswith("servqual_")]
    assert len(read) == 5
    assert {(metric.question, metric.scales[0]) for metric in read} <= asked


@pytest.mark.requirement(23)
def test_word_of_mouth_asks_what_its_two_metrics_read_and_the_class() -> None:
    content = surveys.templates()["word_of_mouth"]["content"]
    asked = {(one["id"], one.get("scale")) for one in content["questions"]}
    read = {(name, registry.metric(name).scales[0]) for name in ("told_good", "told_bad")}
    assert read | {("nps", "nps_0_10")} <= asked


@pytest.mark.requirement(19)
def test_each_expectation_has_its_experience() -> None:
    ids = [one["id"] for one in surveys.templates()["expectations"]["content"]["questions"]]
    expected = {one.removeprefix("expected_") for one in ids if one.startswith("expected_")}
    assert expected == {one.removeprefix("got_") for one in ids if one.startswith("got_")}
    assert len(expected) == 4


@pytest.mark.requirement(11)
def test_each_scenario_asks_what_only_it_has() -> None:
    asked = {
        name: {one["id"] for one in surveys.templates()[name]["content"]["questions"]}
        for name in ("presale", "aftersale", "recovery")
    }
    own = {name: ids - set.union(*(asked[n] for n in asked if n != name)) for name, ids in asked.items()}
    assert all(own.values())
