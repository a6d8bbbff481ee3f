"""Themes are found without labels, keep their ids, and what is new is told from chance."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.topics import Topics, topics

PLACES = {
    "delivery": (["快递员", "物流", "包裹", "派送", "签收"], ["太慢", "丢件", "破损", "延误"]),
    "screen": (["屏幕", "电池", "键盘", "充电器", "摄像头"], ["发黄", "掉电", "失灵", "发热"]),
    "flight": (
        ["flight", "gate", "boarding", "luggage", "airport"],
        ["delayed", "cancelled", "lost", "missed"],
    ),
    "hotel": (["前台", "房间", "早餐", "浴室", "空调"], ["隔音", "脏乱", "漏水", "冷淡"]),
}
NEW = (["停车场", "车位", "闸机", "停车费"], ["堵塞", "涨价"])


def sentence(dice: random.Random, words: tuple[list[str], list[str]]) -> str:
    chosen = [*dice.sample(words[0], 3), dice.choice(words[1])]
    return (" " if chosen[0].isascii() else "，").join(chosen)


def said(n: int, seed: int) -> list[str]:
    dice = random.Random(seed)
    return [sentence(dice, PLACES[dice.choice(list(PLACES))]) + str(number) for number in range(n)]


def days(n: int, seed: int = 1) -> list[date]:
    dice = random.Random(seed)
    return [date(2026, 11, 22) - timedelta(days=dice.randrange(56)) for _ in range(n)]


@pytest.fixture(scope="module")
def found() -> Topics:
    return topics(said(1200, 1), n_themes=8)


@pytest.mark.requirement(73)
class TestTopics:
    def test_it_finds_what_was_planted(self, found: Topics) -> None:
        texts = said(1200, 1)
        for words, _ in PLACES.values():
            mine = [
                theme for text, theme in zip(texts, found.of, strict=True) if any(w in text for w in words)
            ]
            assert np.mean(np.array(mine) >= 0) > 0.9
        kinds = [
            {kind for kind, (w, _) in PLACES.items() for p in t.phrases if any(x in p for x in w)}
            for t in found.themes
        ]
        assert all(len(kind) == 1 for kind in kinds), [theme.phrases for theme in found.themes]

    def test_names_are_words_of_the_comments(self, found: Topics) -> None:
        assert all(
            len(part) > 1 for theme in found.themes for part in theme.name.replace(", ", "、").split("、")
        )

    def test_the_same_seed_gives_the_same(self, found: Topics) -> None:
        again = topics(said(1200, 1), n_themes=8)
        assert again.to_dict() == found.to_dict()

    def test_each_has_its_place_and_its_quotes(self, found: Topics) -> None:
        assert len({(theme.x, theme.y) for theme in found.themes}) == len(found.themes)
        assert all(found.of[theme.comments[0]] == place for place, theme in enumerate(found.themes))

    def test_ids_stay_when_comments_are_added(self, found: Topics) -> None:
        more = topics(said(1200, 1) + said(200, 2), known=found)
        assert {theme.id for theme in more.themes} == {theme.id for theme in found.themes}

    def test_ids_stay_on_other_comments_about_the_same(self, found: Topics) -> None:
        other = topics(said(1000, 3), known=found)
        assert {theme.id for theme in other.themes} <= {theme.id for theme in found.themes}

    def test_what_is_heard_no_more_is_gone(self, found: Topics) -> None:
        dice = random.Random(5)
        only = topics([sentence(dice, PLACES["hotel"]) for _ in range(400)], known=found)
        assert set(only.gone) < {theme.id for theme in found.themes}
        assert only.gone

    def test_further_comments_get_the_same_themes(self, found: Topics) -> None:
        texts = said(1200, 1)
        given = found.assigner().give(texts, evidence=True)
        assert (given.of == found.of).mean() > 0.98
        start, end, _ = given.evidence[0][0]
        assert texts[0][start:end].strip()

    @pytest.mark.parametrize("texts", [[], [""], ["好"] * 50, ["😀"] * 9, ["\ud800", "\x00"], ["a b c"] * 3])
    def test_too_little_to_say_is_no_theme(self, texts: list[str]) -> None:
        assert topics(texts).coverage in (0.0, 1.0)

    def test_each_comment_needs_its_day(self) -> None:
        with pytest.raises(AnalyticsError):
            topics(["a"], at=[])


class TestNews:
    def test_a_planted_theme_is_found_in_its_week(self) -> None:
        texts, at = said(2000, 7), days(2000)
        dice = random.Random(9)
        texts += [sentence(dice, NEW) for _ in range(20)]
        at += [date(2026, 11, 20)] * 20
        found = topics(texts, at=at)
        [new] = [theme for theme in found.themes if theme.is_new]
        assert "停车" in "".join(new.phrases) or "车位" in new.phrases
        assert new.trend[-1] >= 18
        assert {one.theme for one in found.news} == {new.id}

    def test_a_flood_of_copies_is_no_news(self) -> None:
        texts, at = said(2000, 7), days(2000)
        texts += ["大家快来领取停车场优惠券，停车费全免，车位充足，闸机自动放行"] * 60
        at += [date(2026, 11, 20)] * 60
        assert not topics(texts, at=at).news

    def test_chance_is_no_news(self) -> None:
        texts = said(1500, 11)
        alarms = [len(topics(texts, at=days(1500, seed)).news) for seed in range(3)]
        assert sum(alarms) == 0
