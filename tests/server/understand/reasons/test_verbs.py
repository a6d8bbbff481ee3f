"""The list of reasons is the company's: every change is a version, and every version can be had back."""

from __future__ import annotations

import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.taxonomy import taxonomy
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.models import Event, User
from voiceloop.server.measure.labels import label
from voiceloop.server.understand import corrections, labelling, relabelling
from voiceloop.server.understand.models import Annotation, Relabelling, TaxonomyVersion
from voiceloop.server.understand.reasons import book, verbs

pytestmark = pytest.mark.requirement(72)


def relabelled() -> None:
    relabelling.run(Relabelling.objects.order_by("-pk")[0])


def reasons_of(verbatim: Verbatim) -> set[str]:
    return set(Annotation.objects.filter(verbatim=verbatim, kind="reason").values_list("label", flat=True))


class TestAdd:
    def test_it_is_looked_for_in_new_comments_and_in_history(self, said: list[Verbatim], dora: User) -> None:
        verbs.add(by=dora, zh="停车", en="Parking", keywords=["停车位"])
        assert "parking" in book.in_use().codes
        relabelled()
        assert "parking" in reasons_of(said[3])

    def test_charts_call_it_by_its_name(self, dora: User) -> None:
        verbs.add(by=dora, zh="停车", en="Parking", keywords=["停车位"])
        assert label("reason", "parking") == "停车"

    def test_it_makes_a_version_and_is_in_the_log(self, dora: User) -> None:
        version = verbs.add(by=dora, zh="停车", keywords=["停车位"])
        assert (version.number, version.what, version.by, version.digest) == (
            1, "added", dora, book.in_use().version,
        )  # fmt: skip
        assert Event.objects.filter(type="reasons.changed", by=dora).count() == 1

    def test_two_of_one_name_have_two_codes(self, dora: User) -> None:
        for word in ("甲", "乙"):
            verbs.add(by=dora, zh=word, en="Parking", keywords=[word])
        assert set(book.in_use().codes) >= {"parking", "parking_2"}

    @pytest.mark.parametrize(
        "given",
        [
            {"zh": "", "keywords": ["停车"]},
            {"zh": "停车", "keywords": []},
            {"zh": "停" * 41, "keywords": ["停车"]},
            {"zh": "停车", "keywords": ["停" * 41]},
        ],
    )
    def test_it_refuses_what_cannot_be_found(self, given: dict[str, object], dora: User) -> None:
        with pytest.raises(AnalyticsError):
            verbs.add(by=dora, **given)  # type: ignore[arg-type]  # that is what is tried
        assert not TaxonomyVersion.objects.exists()


class TestEdit:
    def test_a_word_taken_away_takes_its_labels_away(self, said: list[Verbatim], dora: User) -> None:
        words = [word for word in book.in_use().reason("billing").keywords if word not in ("账单", "多收")]
        verbs.edit("billing", by=dora, keywords=words)
        relabelled()
        assert "billing" not in reasons_of(said[1])

    def test_another_name_is_no_reason_to_label_again(self, dora: User) -> None:
        version = verbs.edit("billing", by=dora, zh="收费")
        assert version.details["names"]["after"] == ["收费", "Billing"]
        assert not Relabelling.objects.exists()
        assert label("reason", "billing") == "收费"

    def test_nothing_changed_is_no_version(self, dora: User) -> None:
        verbs.edit("billing", by=dora, zh="收费")
        verbs.edit("billing", by=dora, zh="收费")
        assert TaxonomyVersion.objects.count() == 1

    def test_it_has_an_owner(self, dora: User) -> None:
        verbs.edit("billing", by=dora, owner="east")
        assert book.owners() == {"billing": "east"}


class TestMerge:
    def test_history_goes_over_with_it_and_comes_back(
        self, said: list[Verbatim], carol: User, dora: User
    ) -> None:
        corrections.correct(said[2], by=carol, sentiment="negative", voice="problem", reasons={"billing": -1})
        verbs.merge("billing", into="price", by=dora)
        relabelled()
        assert (reasons_of(said[1]), reasons_of(said[2])) == ({"price"}, {"price"})
        verbs.undo(by=dora)
        relabelled()
        assert "billing" in reasons_of(said[1])
        assert reasons_of(said[2]) == {"billing"}

    def test_nothing_is_merged_into_itself(self, dora: User) -> None:
        with pytest.raises(AnalyticsError):
            verbs.merge("billing", into="billing", by=dora)


class TestArchive:
    def test_it_is_no_longer_looked_for_until_it_is_restored(self, said: list[Verbatim], dora: User) -> None:
        verbs.archive("billing", by=dora)
        relabelled()
        assert "billing" not in reasons_of(said[1])
        verbs.restore("billing", by=dora)
        relabelled()
        assert "billing" in reasons_of(said[1])


class TestUndo:
    def test_it_walks_back_change_by_change(self, dora: User) -> None:
        verbs.edit("billing", by=dora, zh="一")
        verbs.edit("billing", by=dora, zh="二")
        verbs.undo(by=dora)
        assert book.in_use().reason("billing").label_zh == "一"
        verbs.undo(by=dora)
        assert book.in_use() == taxonomy()
        assert TaxonomyVersion.objects.count() == 4
        with pytest.raises(AnalyticsError):
            verbs.undo(by=dora)

    def test_any_version_can_be_had_back(self, dora: User) -> None:
        first = verbs.edit("billing", by=dora, zh="一")
        verbs.archive("price", by=dora)
        verbs.go_back(first, by=dora)
        assert "price" in book.in_use().codes


class TestLabelling:
    def test_who_labels_uses_the_newest_list(self, said: list[Verbatim], dora: User) -> None:
        verbs.archive("waiting", by=dora)
        labelling.label([said[0]])
        assert "waiting" not in reasons_of(said[0])
