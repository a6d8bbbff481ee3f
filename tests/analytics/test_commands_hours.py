"""The command `hours`."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime

import pytest

from voiceloop.analytics import Lake
from voiceloop.analytics.commands_hours import add_hours

pytestmark = pytest.mark.requirement(38)


@pytest.fixture
def run(capsys, monkeypatch):
    for name in ("VOICELOOP_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "VOICELOOP_LAKE"):
        monkeypatch.delenv(name, raising=False)
    parser = argparse.ArgumentParser()
    add_hours(parser.add_subparsers(required=True))

    def ran(*words):
        args = parser.parse_args(["hours", *map(str, words)])
        code = args.run(args)
        said = capsys.readouterr()
        return code, said.out, said.err

    return ran


@pytest.fixture
def lake(tmp_path):
    known = {"kind": "call", "wait_seconds": 20.0, "handle_seconds": 600.0, "day": date(2026, 3, 2)}
    rows = [
        {"conversation_id": n, "at": datetime(2026, 3, 2, 2, 5, tzinfo=UTC), **known} for n in range(1, 21)
    ]
    Lake(tmp_path / "lake").append("conversations", rows)
    return tmp_path / "lake"


class TestHours:
    @pytest.mark.parametrize(("language", "day"), [("zh", "一"), ("en", "Mon")])
    def test_it_says_each_hour_with_its_people(self, run, lake, language, day):
        code, out, _ = run("--lake", lake, "--lang", language)
        assert code == 0
        assert out.splitlines()[2].split("\t") == [day, "10:00", "20", "20.0", "20", "20", "6"]

    def test_another_zone_moves_the_clock(self, run, lake):
        assert "\t02:00\t" in run("--lake", lake, "--zone", "UTC")[1]

    def test_a_stricter_promise_needs_more(self, run, lake):
        _, out, _ = run("--lake", lake, "--share", "99", "--within", "5", "--lang", "en")
        assert int(out.splitlines()[2].split("\t")[-1]) > 6

    def test_without_a_source_it_says_what_to_name(self, run):
        code, _, said = run()
        assert code == 2
        assert "--lake" in said

    def test_a_share_beyond_all_is_refused(self, run, lake):
        assert run("--lake", lake, "--share", "100")[0] == 2
