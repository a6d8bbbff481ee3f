"""The pieces that pages are put together from."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

FIGURE = {"label": "NPS", "fmt": "nps", "value": 38.0, "low": 35.0, "high": 41.0, "n": 3482, "delta": 4.2}


def shown(name: str, **context: Any) -> str:
    with override("en"):
        return " ".join(render_to_string(f"web/{name}.html", context).split())


class TestFigure:
    @pytest.mark.requirement(1)
    def test_it_never_shows_a_value_without_its_interval_and_n(self) -> None:
        page = shown("_figure", figure=FIGURE)
        assert all(part in page for part in ("+38", "95% CI +35 to +41", "n = 3,482"))

    def test_it_shows_a_dash_where_nobody_answered(self) -> None:
        page = shown("_figure", figure={**FIGURE, "value": None, "n": 0, "delta": None})
        assert ("—" in page, "95% CI" in page) == (True, False)

    def test_it_does_not_colour_noise(self) -> None:
        assert 'class="delta num"' in shown("_figure", figure={**FIGURE, "verdict": "noise"})

    def test_it_colours_a_fall_that_is_good_as_good(self) -> None:
        figure = {**FIGURE, "delta": -3.0, "verdict": "signal", "better": True}
        assert 'class="delta num up"' in shown("_figure", figure=figure)


class TestChart:
    def test_it_says_its_finding_and_gives_the_table(self) -> None:
        table = {"head": ["week", "NPS"], "rows": [["8/24", 31]]}
        page = shown("_chart", id="trend", option={"series": []}, label="NPS rises to 42", table=table)
        assert all(
            part in page
            for part in ('aria-label="NPS rises to 42"', 'data-option="trend-option"', "<td>31</td>")
        )


class TestComment:
    def test_it_shows_a_comment_that_is_text_alone(self) -> None:
        assert "太慢" in shown("_comment", comment={"text": "太慢"})

    def test_it_puts_the_score_on_the_tile_of_its_class(self) -> None:
        page = shown("_comment", comment={"text": "慢", "score": 2, "score_class": "detractor"})
        assert 'class="sc d num"' in page


class TestField:
    class Form(forms.Form):
        name = forms.CharField(label="Name", help_text="As on the card.")

    def test_it_ties_help_and_error_to_the_control(self) -> None:
        page = shown("_field", field=self.Form({})["name"])
        assert all(part in page for part in ('for="id_name"', 'id="id_name_helptext"', 'aria-invalid="true"'))


class TestProgress:
    def test_it_counts_and_tells_the_time_left(self) -> None:
        page = shown("_progress", progress={"label": "Import", "done": 12000, "total": 50000, "left": 95})
        assert all(part in page for part in ("12,000 of 50,000", "1 min 35 s left", 'value="12000"'))


class TestPager:
    def test_it_keeps_the_query(self, rf: RequestFactory) -> None:
        request = rf.get("/cases/?q=a")
        with override("en"):
            page = render_to_string("web/_pager.html", {"page": Paginator(range(60), 25).page(1)}, request)
        assert ("?q=a&amp;page=2" in page, "1–25 of 60" in page) == (True, True)
