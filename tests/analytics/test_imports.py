"""The package gives its names without bringing the lake's engines to those who do not ask for them."""

from __future__ import annotations

import subprocess
import sys


def _said(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


class TestImport:
    def test_it_reads_comments_without_the_engines_of_the_lake(self) -> None:
        code = "import sys, voiceloop.analytics.text.sentiment; print('duckdb' in sys.modules)"
        assert _said(code).strip() == "False"

    def test_it_gives_the_function_whichever_module_of_its_name_came_first(self) -> None:
        code = (
            "import voiceloop.analytics.measure, voiceloop.analytics.metrics.passive_share\n"
            "from voiceloop.analytics import measure, metrics\n"
            "print(callable(measure), callable(metrics))"
        )
        assert _said(code).split() == ["True", "True"]

    def test_it_has_no_other_names(self) -> None:
        code = "import voiceloop.analytics as a; print(hasattr(a, 'nothing'), hasattr(a, 'Lake'))"
        assert _said(code).split() == ["False", "True"]
