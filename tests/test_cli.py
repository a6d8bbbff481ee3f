"""The command line: its words, its languages, its errors."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack import ROOT, environment, voiceloop
from voiceloop import __version__, cli


class TestVersion:
    def test_it_is_printed(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as end:
            cli.main(["--version"])
        assert end.value.code == 0
        assert capsys.readouterr().out.strip() == f"voiceloop {__version__}"


class TestHelp:
    def test_it_lists_every_command_in_the_readers_language(self, capsys: pytest.CaptureFixture[str]) -> None:
        cli.main(["--lang", "zh"])
        shown = capsys.readouterr().out
        assert "演示公司" in shown
        assert all(word in shown for word in (*cli.ANALYTICS, *cli.SERVER))

    def test_it_follows_the_terminals_language(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("VOICELOOP_LANG")
        monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
        cli.main([])
        assert "命令" in capsys.readouterr().out

    def test_it_is_what_no_command_gets_with_an_error_code(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main([]) == cli.MISUSED
        assert "commands:" in capsys.readouterr().out


class TestUnknownWord:
    def test_it_is_refused_in_one_sentence(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["dance"]) == cli.MISUSED
        assert capsys.readouterr().err == "voiceloop: there is no command 'dance'.\n"


class TestMeasure:
    def test_it_needs_neither_django_nor_a_database(self) -> None:
        script = (
            "import sys; from voiceloop import cli\n"
            "code = cli.main(['measure', 'nps', 'no-such-file.csv', '--score', 'x'])\n"
            "assert code == 2, code\n"
            "assert not [m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg')]\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment(), capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
        assert "no-such-file.csv" in done.stderr


class TestPython:
    def test_an_old_one_is_refused_in_one_sentence(self, tmp_path: Path) -> None:
        here = tmp_path
        (here / "bin").mkdir()
        for name in ("bin/_env", "bin/voiceloop", "pyproject.toml", "requirements.lock", "hatch_build.py"):
            shutil.copy(ROOT / name, here / name)
        for name in ("python3", "python", *(f"python3.{n}" for n in range(11, 15))):
            (here / name).write_text("#!/bin/sh\nexit 1\n")
            (here / name).chmod(0o755)
        path = os.pathsep.join([str(here), os.environ["PATH"]])
        done = subprocess.run(
            [str(here / "bin/voiceloop"), "--version"],
            env=environment(PATH=path),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 1
        assert done.stderr == "Voiceloop needs Python 3.11 or newer; install it and run this again.\n"


class TestUser:
    def test_it_is_a_word_of_the_installation(self) -> None:
        done = voiceloop("user", "--help", DATABASE_URL="postgresql:///unused")
        assert done.returncode == 0
        assert "--role" in done.stdout
