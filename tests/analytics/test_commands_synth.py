"""The command `synth`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.stack import environment
from voiceloop import cli
from voiceloop.analytics import Lake, measure


def synth(*words: object) -> int:
    return cli.main(["synth", *map(str, words)])


class TestSynth:
    def test_it_says_what_it_took(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        lake = tmp_path / "lake"
        assert synth("--responses", "20k", "--lake", lake, "--months", 3, "--json") == 0
        said = json.loads(capsys.readouterr().out)
        assert (said["responses"], said["months"], said["files"]) == (20_000, 3, 3)
        assert said["bytes"] == sum(file.stat().st_size for file in lake.rglob("*.parquet"))
        assert min(said["seconds"], said["cpu_seconds"], said["peak_megabytes"]) > 0
        assert measure(Lake(lake), "nps").one.n == 20_000

    def test_it_shows_how_far_it_is(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        synth("--responses", 40, "--lake", tmp_path / "lake", "--months", 4)
        assert capsys.readouterr().err.splitlines()[-1].startswith("100%  40 / 40")

    def test_it_speaks_chinese(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        synth("--responses", 40, "--lake", tmp_path / "lake", "--lang", "zh")
        assert "40 条答复" in capsys.readouterr().out

    def test_a_second_lake_in_one_folder_is_refused(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        synth("--responses", 10, "--lake", tmp_path / "lake", "--months", 1)
        version = Lake(tmp_path / "lake").version("answers")
        capsys.readouterr()
        assert synth("--responses", 10, "--lake", tmp_path / "lake") == 2
        assert capsys.readouterr().err == f"{tmp_path / 'lake'} already holds a lake; name a new folder.\n"
        assert Lake(tmp_path / "lake").version("answers") == version

    @pytest.mark.parametrize(
        "words",
        [
            ("--responses", "many"),
            ("--responses", "0"),
            ("--months", "0"),
            ("--months", "x"),
            ("--seed", "-1"),
        ],
    )
    def test_it_refuses_what_is_no_number(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str]
    ) -> None:
        asked = {"--responses": "10", "--lake": str(tmp_path / "lake")} | dict([words])
        with pytest.raises(SystemExit) as end:
            synth(*(word for pair in asked.items() for word in pair))
        assert end.value.code == 2
        assert f"'{words[1]}' is not a" in capsys.readouterr().err
        assert list(tmp_path.iterdir()) == []

    def test_killed_it_leaves_no_lake_and_the_next_run_makes_it(self, tmp_path: Path) -> None:
        lake = tmp_path / "lake"
        start = "import sys; from voiceloop import cli; sys.exit(cli.main(sys.argv[1:]))"
        words = [sys.executable, "-c", start, "synth", "--lake", str(lake)]
        process = subprocess.Popen(
            [*words, "--responses", "50M"], env=environment(), stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 60
        while not list(tmp_path.rglob("*.parquet")) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        assert not lake.exists()
        assert synth("--responses", 1_000, "--lake", lake) == 0
        assert [path.name for path in tmp_path.iterdir()] == ["lake"]
