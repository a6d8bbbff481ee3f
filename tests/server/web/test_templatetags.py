"""How numbers, words and icons are written on a page."""

from __future__ import annotations

import json
import math
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.timezone import now
from django.utils.translation import override

from voiceloop.server.web.templatetags import voiceloop as tags
from voiceloop.server.web.templatetags.colours import STOPS, heat

ROOT = Path(__file__).resolve().parents[3]


class TestSigned:
    @pytest.mark.parametrize(("value", "text"), [(38, "+38"), (-8.4, "\u22128"), (0, "0"), (-0.2, "0")])
    def test_it_shows_the_sign(self, value: float, text: str) -> None:
        assert tags.signed(value) == text


class TestNoValue:
    @pytest.mark.parametrize("value", [None, "", math.nan, math.inf, "abc", object()])
    def test_it_is_a_dash_and_never_a_nought(self, value: object) -> None:
        shown = {
            tags.signed(value),
            tags.score(value),
            tags.pct(value),
            tags.figure(value),
            tags.duration(value),
        }
        assert shown == {"—"}


class TestFigure:
    @pytest.mark.parametrize(
        ("value", "fmt", "text"),
        [
            (37.96, "nps", "+38"),
            (39.84, "nps", "+39.8"),
            (4.318, "score", "4.32"),
            (23.75, "pct", "23.8%"),
            (14630, "count", "14,630"),
            (90, "minutes", "90.0 min"),
            (-1200, "money", "¥\u22121,200"),
        ],
    )
    def test_it_writes_the_named_format(self, value: float, fmt: str, text: str) -> None:
        with override("en"):
            assert tags.figure(value, fmt) == text

    def test_it_uses_chinese_units(self) -> None:
        with override("zh-hans"):
            assert tags.figure(90, "minutes") == "90.0 分钟"


class TestDifference:
    @pytest.mark.parametrize(
        ("value", "fmt", "text"),
        [(1.9, "pct", "+1.9 pp"), (-0.2, "score", "\u22120.20"), (4.2, "nps", "+4.2")],
    )
    def test_it_always_has_a_sign(self, value: float, fmt: str, text: str) -> None:
        with override("en"):
            assert tags.difference(value, fmt) == text


class TestDuration:
    @pytest.mark.parametrize(
        ("seconds", "text"),
        [
            (40, "40 s"),
            (7500, "2 h 5 min"),
            (7200, "2 h"),
            (86400 + 61, "1 d"),
            (-90, "\u22121 min 30 s"),
            (0, "0 s"),
        ],
    )
    def test_it_names_the_two_largest_units(self, seconds: int, text: str) -> None:
        with override("en"):
            assert tags.duration(seconds) == text


class TestAgo:
    def test_it_tells_machines_the_moment(self) -> None:
        assert re.search(r'<time datetime="\d{4}-\d\d-\d\dT', tags.ago(now() - timedelta(minutes=9)))

    @pytest.mark.parametrize(
        ("seconds", "text"),
        [
            (5, "just now"),
            (570, "9 min ago"),
            (90000, "1 d ago"),
            (-7201, "in 2 h"),
            (86400 * 40, "2026-10-12"),
        ],
    )
    def test_it_says_the_distance_in_one_unit(self, seconds: int, text: str) -> None:
        with time_machine.travel("2026-11-21T12:00:00Z", tick=False), override("en"):
            assert f">{text}</time>" in tags.ago(now() - timedelta(seconds=seconds))


class TestClassOf:
    @pytest.mark.parametrize(
        ("value", "letter"),
        [("promoter", "p"), (8, "n"), (6, "d"), ("unclassified", ""), (11, ""), (None, "")],
    )
    def test_it_names_the_tile(self, value: object, letter: str) -> None:
        assert tags.class_of(value) == letter


class TestHeat:
    def test_it_stops_at_the_ends(self) -> None:
        assert (heat(-100), heat(100)) == (STOPS[0][1], STOPS[-1][1])

    def test_it_keeps_the_ink_readable_everywhere(self) -> None:
        ink = luminance((16, 32, 43))
        assert min((luminance(heat(nps)) + 0.05) / (ink + 0.05) for nps in range(-100, 101)) >= 4.5


def luminance(colour: tuple[int, ...]) -> float:
    red, green, blue = ((c / 255 + 0.055) ** 2.4 / 1.055**2.4 if c > 10 else c / 255 / 12.92 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class TestMarkEvidence:
    def test_it_marks_each_span_in_its_polarity(self) -> None:
        spans = [{"start": 2, "end": 4, "polarity": 1}, (0, 1, -1)]
        assert (
            tags.mark_evidence("慢但热情", spans)
            == '<mark class="neg">慢</mark>但<mark class="pos">热情</mark>'
        )

    def test_it_escapes_what_customers_write(self) -> None:
        assert tags.mark_evidence("<b>x</b>", [(0, 3, -1)]) == '<mark class="neg">&lt;b&gt;</mark>x&lt;/b&gt;'

    def test_it_keeps_the_first_of_two_that_overlap(self) -> None:
        marked = tags.mark_evidence("abcdef", [(0, 4, -1), (2, 9, 1)])
        assert marked == '<mark class="neg">abcd</mark><mark class="pos">ef</mark>'


class TestJsonOption:
    def test_it_cannot_close_its_own_element(self) -> None:
        assert "</script><script>" not in tags.json_option({"a": "</script><script>"}, "x")

    def test_it_keeps_the_value(self) -> None:
        text = tags.json_option({"a": ["触点", None]}, "x")
        assert json.loads(text.split(">", 1)[1].rsplit("<", 1)[0]) == {"a": ["触点", None]}


class TestSparkPath:
    def test_it_runs_from_edge_to_edge(self) -> None:
        assert tags.spark_path([1, 2, 3]) == "M0.0 30.0 L60.0 17.0 L120.0 4.0"

    def test_it_draws_nothing_of_one_point(self) -> None:
        assert tags.spark_path([None, 3.0]) == ""


class TestQuery:
    def test_it_replaces_and_takes_away(self, rf: RequestFactory) -> None:
        template = Template("{% load voiceloop %}{% query page=2 sort=None %}")
        context = Context({"request": rf.get("/?page=1&sort=name&q=等")}, autoescape=False)
        assert template.render(context) == "?page=2&q=%E7%AD%89"


class TestIcon:
    def test_it_is_silent_unless_it_has_a_label(self) -> None:
        assert (
            'aria-hidden="true"' in tags.icon("check"),
            'aria-label="Done"' in tags.icon("check", "Done"),
        ) == (
            True,
            True,
        )

    def test_it_finds_every_drawing_that_pages_and_events_name(self) -> None:
        server = ROOT / "src" / "voiceloop" / "server"
        named = re.compile(r'{% icon "([\w-]+)"|icon="([\w-]+)"|icon: ClassVar\[str\] = "([\w-]+)"')
        files = [*server.glob("*/templates/**/*.html"), *server.glob("*/events.py")]
        found = {
            name for file in files for names in named.findall(file.read_text()) for name in names if name
        }
        assert found - set((ROOT / "frontend" / "icons.txt").read_text().split()) == set()
