"""The data folder: private secrets, and one clear sentence when it cannot serve."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack import environment
from voiceloop.server.config import place
from voiceloop.speech import Trouble


class TestStoredSecrets:
    def test_they_are_readable_by_their_owner_only(self, tmp_path: Path) -> None:
        place.stored_secrets(tmp_path)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        assert modes == {0o600}

    def test_two_processes_starting_at_once_agree(self, tmp_path: Path) -> None:
        script = (
            "import sys; from pathlib import Path; from voiceloop.server.config import place\n"
            "print(place.stored_secrets(Path(sys.argv[1])))"
        )
        started = [
            subprocess.Popen(
                [sys.executable, "-c", script, tmp_path], env=environment(), stdout=subprocess.PIPE
            )
            for _ in range(3)
        ]
        assert len({process.communicate()[0] for process in started}) == 1

    def test_they_differ_between_installations(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        first, second = (place.stored_secrets(tmp_path / name) for name in "ab")
        assert not set(map(str, first.values())) & set(map(str, second.values()))


class TestPrepare:
    def test_a_folder_that_cannot_be_written_to_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("a file, not a folder")
        with pytest.raises(Trouble, match="The data folder cannot be written to"):
            place.prepare(tmp_path / "data")

    def test_a_full_disk_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(place, "ROOM_NEEDED", 2**63)
        with pytest.raises(Trouble, match="The disk is full: free at least 500 MB"):
            place.prepare(tmp_path / "data")

    def test_others_cannot_list_it(self, tmp_path: Path) -> None:
        place.prepare(tmp_path / "data")
        assert not (tmp_path / "data").stat().st_mode & (stat.S_IROTH | stat.S_IRGRP)


class TestClaim:
    def test_a_second_claim_is_refused(self, tmp_path: Path) -> None:
        place.claim(tmp_path)
        with pytest.raises(Trouble, match="Another Voiceloop is using this data folder"):
            place.claim(tmp_path)
