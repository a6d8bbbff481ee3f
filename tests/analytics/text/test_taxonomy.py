"""The taxonomy as a person edits it: adding, merging, archiving; its version tells any change."""

from __future__ import annotations

import json

import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.analyse import analyse
from voiceloop.analytics.text.taxonomy import Reason, Taxonomy, taxonomy

pytestmark = pytest.mark.requirement(73)

PETS = Reason("pets", "宠物", "Pets", ("宠物", "Dog friendly", "宠物"), ("宠物小精灵",))


def named(text: str, known: Taxonomy) -> list[str]:
    return [reason.code for reason in analyse([text], taxonomy=known)[0].reasons]


class TestWithReason:
    def test_it_finds_the_new_reason_by_its_keywords(self) -> None:
        known = taxonomy().with_reason(PETS)
        assert named("可以带宠物，很好", known) == ["pets"]
        assert named("Very DOG FRIENDLY", known) == ["pets"]

    def test_it_is_not_misled_by_a_lookalike(self) -> None:
        assert "pets" not in named("宠物小精灵主题", taxonomy().with_reason(PETS))

    def test_it_replaces_a_reason_of_the_same_code_in_its_place(self) -> None:
        known = taxonomy().with_reason(taxonomy().reason("price")._replace(label_zh="价钱"))
        assert known.codes == taxonomy().codes
        assert known.reason("price").label_zh == "价钱"

    def test_it_leaves_the_shipped_one_alone(self) -> None:
        before = taxonomy().version
        assert taxonomy().with_reason(PETS).version != before == taxonomy().version

    def test_it_needs_keywords_or_examples(self) -> None:
        with pytest.raises(AnalyticsError):
            taxonomy().with_reason(PETS._replace(keywords=(" ",)))


class TestMerged:
    def test_it_finds_the_words_of_both_under_one_code(self) -> None:
        known = taxonomy().merged(["billing"], "price")
        assert named("账单不对", known) == ["price"]

    def test_it_says_where_the_old_code_went(self) -> None:
        known = taxonomy().merged(["billing"], "price").merged(["price"], "promotion")
        assert known.current("billing") == "promotion"
        assert known.reason("billing").label_en == "Billing"

    @pytest.mark.parametrize(
        ("codes", "into"), [(["nothing"], "price"), (["price"], "price"), (["price"], "no")]
    )
    def test_it_refuses_what_makes_no_sense(self, codes: list[str], into: str) -> None:
        with pytest.raises(AnalyticsError):
            taxonomy().merged(codes, into)


class TestArchived:
    def test_it_looks_for_it_no_more(self) -> None:
        known = taxonomy().archived("price")
        assert named("价格太贵", known) == []
        assert known.current("price") == ""

    def test_it_comes_back(self) -> None:
        known = taxonomy().archived("price").restored("price")
        assert named("价格太贵", known) == ["price"]

    def test_it_refuses_one_that_is_archived(self) -> None:
        with pytest.raises(AnalyticsError):
            taxonomy().archived("price").archived("price")


class TestVersion:
    def test_it_is_the_same_for_the_same_content(self) -> None:
        assert taxonomy().with_reason(PETS).version == taxonomy().with_reason(PETS).version

    def test_it_survives_json(self) -> None:
        data = json.loads(json.dumps(taxonomy().archived("price").to_dict()))
        assert Taxonomy.from_dict(data) == taxonomy().archived("price")

    def test_it_stands_in_every_analysis(self) -> None:
        known = taxonomy().with_reason(PETS)
        assert known.version in analyse(["好"], taxonomy=known)[0].version
