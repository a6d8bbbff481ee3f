"""A lake kept without a server."""

from __future__ import annotations

import json

import pytest

from voiceloop.analytics import measure
from voiceloop.cli import main

pytestmark = pytest.mark.requirement(200)


class TestLake:
    def test_it_makes_the_cubes_and_tells_the_condition(self, lake, answers, capsys):
        lake.append("answers", answers([10, 9, 3, 8, 10]))
        assert main(["lake", "--lake", str(lake.path), "--cubes", "--compact", "--vacuum", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["tables"]["answers"]["months"] == 1
        assert found["tables"]["answers"]["bytes"] > 0
        assert (found["cubes"]["months_made"], found["cubes"]["stale"]) == (1, [])
        assert measure(lake, "nps").source.startswith("cube ")

    @pytest.mark.parametrize(("language", "said"), [("zh", "立方体"), ("en", "cubes")])
    def test_it_speaks_both_languages(self, lake, answers, capsys, language, said):
        lake.append("answers", answers([10] * 5))
        assert main(["lake", "--lake", str(lake.path), "--lang", language]) == 0
        assert said in capsys.readouterr().out

    def test_it_says_when_there_is_none(self, tmp_path, capsys):
        assert main(["lake", "--lake", str(tmp_path / "nowhere"), "--lang", "en"]) == 2
        assert capsys.readouterr().err.startswith("There is no lake at ")
        assert not (tmp_path / "nowhere").exists()
