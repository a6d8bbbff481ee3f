"""The metric dictionary in the documentation."""

from __future__ import annotations

from pathlib import Path

from voiceloop.analytics.dictionary import page

DOCS = Path(__file__).parents[2] / "docs"


class TestPage:
    def test_it_is_what_docs_metrics_says(self):
        assert (DOCS / "metrics.md").read_text(encoding="utf-8") == page()
