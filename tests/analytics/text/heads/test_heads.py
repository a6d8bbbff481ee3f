"""Learned heads: they find what no word names, take over where they proved better, and keep in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.analyse import analyse
from voiceloop.analytics.text.heads import HeadsFit, LearnedHeads, fit_heads
from voiceloop.analytics.text.taxonomy import Reason, Taxonomy

KNOWN = Taxonomy.of(
    [
        Reason("pets", "宠物", "Pets", ("宠物",)),
        Reason("parking", "停车", "Parking", ("停车",)),
        Reason("rare", "少见", "Rare", ("稀有",)),
    ]
)
ABOUT_PETS = [
    "小狗进不去",
    "带着猫咪不让进",
    "小狗只能拴在门口",
    "猫咪没地方放",
    "小狗很受欢迎",
    "店里有只猫咪很可爱",
]
ABOUT_PARKING = ["停车要二十块", "停车很方便", "停车场满了", "停车太难了"]
OTHERS = ["味道不错", "上菜太慢了", "服务员态度好", "价格有点贵", "环境很舒服", "汤太咸"]


def labelled() -> tuple[list[str], list[dict[str, int]]]:
    texts, reasons = [], []
    for number in range(8):
        for said, code in ((ABOUT_PETS, "pets"), (ABOUT_PARKING, "parking"), (OTHERS, "")):
            for text in said:
                texts.append(f"{text}，{OTHERS[number % 6] if not code else f'第{number}次来'}")
                bad = any(word in text for word in ("不", "满", "难", "没", "只能", "块"))
                reasons.append({code: -1 if bad else 1} if code else {})
    return texts, reasons


@pytest.fixture(scope="module")
def fitted() -> HeadsFit:
    return fit_heads(*labelled(), KNOWN)


@pytest.mark.requirement(73)
class TestFitHeads:
    def test_it_takes_over_where_words_miss(self, fitted: HeadsFit) -> None:
        figures = {head.code: head for head in fitted.heads.heads}
        assert figures["pets"].rule_f1 == 0
        assert figures["pets"].took_over
        assert figures["pets"].head_f1 > 0.9

    def test_it_leaves_a_reason_to_its_words_when_they_are_as_good(self, fitted: HeadsFit) -> None:
        [parking] = [head for head in fitted.heads.heads if head.code == "parking"]
        assert (parking.rule_f1, parking.took_over) == (1.0, False)

    def test_it_learns_no_head_from_too_few(self, fitted: HeadsFit) -> None:
        assert "rare" not in [head.code for head in fitted.heads.heads]

    def test_it_beats_the_words_as_a_whole(self, fitted: HeadsFit) -> None:
        assert fitted.macro_f1 > fitted.rule_macro_f1

    def test_it_gives_the_same_for_the_same_seed(self, fitted: HeadsFit) -> None:
        assert fit_heads(*labelled(), KNOWN).heads.version == fitted.heads.version

    def test_it_learns_from_the_examples_of_a_reason(self) -> None:
        shown = KNOWN.with_reason(
            KNOWN.reason("pets")._replace(examples=tuple(ABOUT_PETS) * 2 + ("小狗", "猫咪"))
        )
        texts = [f"{text}，第{number}次" for number in range(4) for text in OTHERS + ABOUT_PARKING]
        found = fit_heads(texts, [set()] * len(texts), shown)
        assert [head.code for head in found.heads.heads] == ["pets"]

    def test_it_says_what_is_missing(self) -> None:
        with pytest.raises(AnalyticsError):
            fit_heads(["好"], [set()], KNOWN)
        with pytest.raises(AnalyticsError):
            fit_heads(["好"], [{"nothing"}], KNOWN)
        with pytest.raises(AnalyticsError):
            fit_heads(["好"], [], KNOWN)


@pytest.mark.requirement(73)
class TestAnalyseWithHeads:
    def test_it_names_a_reason_without_its_word(self, fitted: HeadsFit) -> None:
        [found] = analyse(["味道好，可是小狗进不去"], taxonomy=KNOWN, heads=fitted.heads)
        assert [reason.code for reason in found.reasons] == ["pets"]

    def test_it_shows_where_it_says_so(self, fitted: HeadsFit) -> None:
        text = "味道好，可是小狗进不去"
        [reason] = analyse([text], taxonomy=KNOWN, heads=fitted.heads)[0].reasons
        [part] = reason.evidence
        assert text[part.start : part.end] == part.text
        assert part.start >= text.index("小狗")

    def test_it_gives_a_chance_where_a_head_was_asked(self, fitted: HeadsFit) -> None:
        parking, pets = analyse(["停车太难了", "小狗进不去"], taxonomy=KNOWN, heads=fitted.heads)
        assert [(reason.code, reason.probability) for reason in parking.reasons] == [("parking", None)]
        [reason] = pets.reasons
        assert reason.probability is not None
        assert 0 < reason.probability < 1

    def test_it_says_the_same_alone_and_in_company(self, fitted: HeadsFit) -> None:
        texts = ["", "小狗很受欢迎", "👍", "停车太难了，猫咪没地方放", "dog\ud83d"]
        together = analyse(texts, taxonomy=KNOWN, heads=fitted.heads)
        alone = [analyse([text], taxonomy=KNOWN, heads=fitted.heads)[0] for text in texts]
        assert [found.reasons for found in together] == [found.reasons for found in alone]

    def test_it_carries_the_version_of_the_heads(self, fitted: HeadsFit) -> None:
        [found] = analyse(["好"], taxonomy=KNOWN, heads=fitted.heads)
        assert found.version.endswith(fitted.heads.version)
        assert len(found.version) <= 40

    def test_it_keeps_silent_on_reasons_that_are_gone(self, fitted: HeadsFit) -> None:
        found = analyse(["小狗进不去"], taxonomy=KNOWN.archived("pets"), heads=fitted.heads)
        assert found[0].reasons == ()


class TestSave:
    def test_it_reads_what_it_wrote(self, fitted: HeadsFit, tmp_path: Path) -> None:
        fitted.heads.save(tmp_path / "heads.npz")
        again = LearnedHeads.load(tmp_path / "heads.npz")
        assert again.version == fitted.heads.version
        assert again.heads == fitted.heads.heads
        texts = labelled()[0]
        assert analyse(texts, taxonomy=KNOWN, heads=again) == analyse(
            texts, taxonomy=KNOWN, heads=fitted.heads
        )

    def test_it_refuses_another_file(self, tmp_path: Path) -> None:
        np.savez(tmp_path / "other.npz", a=np.zeros(1))
        (tmp_path / "text.npz").write_text("no")
        for name in ("other.npz", "text.npz"):
            with pytest.raises(AnalyticsError):
                LearnedHeads.load(tmp_path / name)
