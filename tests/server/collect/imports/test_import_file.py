"""`voiceloop import`, run as people run it: in a process of its own, which may be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.server.collect.imports.conftest import WriteFile
from tests.stack import wait_until
from voiceloop.server.collect.importing.run import run
from voiceloop.server.collect.models import Answer, Import, ImportedActivity, ImportedTicket, Response
from voiceloop.server.core.models import Unit

WORDS = ("--map", "score=nps:nps_0_10", "--map", "comment=comment", "--programme", "guests")


def rows(n: int) -> Iterator[list[str]]:
    for number in range(n):
        yield [str(number % 11), f"row {number // 2}", f"note {number % 7}"]


@pytest.mark.requirement(51)
class TestImportFile:
    def test_it_prints_the_totals(self, table: WriteFile, root: Unit) -> None:
        out = StringIO()
        path = table(list(rows(30)), ["nps", "comment", "note"])
        call_command("import_file", str(path), *WORDS, "--json", stdout=out, stderr=StringIO())
        said = json.loads(out.getvalue())
        assert (said["n_read"], said["n_new"], said["n_known"], said["n_bad"]) == (30, 30, 0, 0)
        assert set(Response.objects.values_list("programme", "unit")) == {("guests", root.pk)}

    def test_it_writes_nothing_in_a_dry_run(self, table: WriteFile, root: Unit) -> None:
        out = StringIO()
        path = table([["9", "x", ""], ["11", "y", ""]], ["nps", "comment", "note"])
        call_command("import_file", str(path), *WORDS, "--dry-run", "--json", stdout=out, stderr=StringIO())
        assert json.loads(out.getvalue())["n_bad"] == 1
        assert not Import.objects.exists()

    def test_it_leaves_the_file_where_it_is(self, table: WriteFile, root: Unit) -> None:
        path = table(list(rows(3)), ["nps", "comment", "note"])
        call_command("import_file", str(path), *WORDS, stdout=StringIO(), stderr=StringIO())
        assert path.exists()

    @pytest.mark.parametrize(
        "words",
        [["--map", "score=none"], ["--map", "soup=nps"], ["--map", "score=nps:nps_0_12"], ["--unit", "moon"]],
    )
    def test_it_answers_bad_input_with_one_sentence_and_two(
        self, words: list[str], table: WriteFile, root: Unit
    ) -> None:
        path = table(list(rows(3)), ["nps", "comment", "note"])
        with pytest.raises(CommandError) as refusal:
            call_command("import_file", str(path), *words, stdout=StringIO(), stderr=StringIO())
        assert refusal.value.returncode == 2
        assert "\n" not in str(refusal.value)


def started(*words: str) -> subprocess.Popen[str]:
    """The command in a process of its own, on the test's database."""
    place = connection.settings_dict
    host, name = quote(str(place["HOST"]), safe=""), place["NAME"]
    who = quote(str(place["USER"] or "postgres")) + (
        f":{quote(str(place['PASSWORD']))}" if place["PASSWORD"] else ""
    )
    port = f"&port={place['PORT']}" if place["PORT"] else ""
    url = f"postgresql://{who}@/{name}?host={host}{port}"
    env = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "voiceloop.server.config.settings"}
    env["PYTHONPATH"] = os.pathsep.join(sys.path)
    command = [sys.executable, "-W", "ignore", *words]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement(51)
class TestKilled:
    def test_it_loses_and_doubles_nothing(self, table: WriteFile, root: Unit) -> None:
        n = 40_000
        path = table(list(rows(n)), ["nps", "comment", "note"])
        process = started("-m", "django", "import_file", str(path), *WORDS)
        deadline = time.monotonic() + 120
        while not Import.objects.filter(n_read__gt=0).exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        import_ = Import.objects.get()
        assert Response.objects.count() == import_.n_new
        # The database may need a moment to see that whoever held the import is dead.
        wait_until(lambda: run(import_).state == "done")
        assert (import_.n_read, import_.n_new, import_.n_known) == (n, n, 0)
        assert Response.objects.count() == Answer.objects.count() == n

    def test_it_loses_and_doubles_no_event_of_a_log_either(self, table: WriteFile, root: Unit) -> None:
        n = 30_000
        lines = [[f"T{i // 3}", f"step {i % 3}", f"2026-03-0{1 + i % 3} 10:00:00"] for i in range(n)]
        path = table(lines, ["case id", "activity", "timestamp"])
        process = started("-m", "django", "import_file", str(path))
        deadline = time.monotonic() + 120
        while not ImportedActivity.objects.exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        import_ = Import.objects.get()
        # The database may need a moment to see that whoever held the import is dead.
        wait_until(lambda: run(import_).state == "done")
        assert (import_.n_read, import_.n_new, import_.n_known, import_.n_bad) == (n, n, 0, 0)
        assert (ImportedActivity.objects.count(), ImportedTicket.objects.count()) == (n, n // 3)
        assert not ImportedActivity.objects.exclude(ticket__number__startswith="T").exists()


MEASURE = """
import resource, sys
from django.core.management import call_command
import django
django.setup()
call_command("import_file", sys.argv[1], *sys.argv[2:], "--json")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.django_db(transaction=True)
class TestMemory:
    def test_it_stays_the_same_for_any_number_of_rows(self, tmp_path: Path, root: Unit) -> None:
        used = {}
        for n in (20_000, 200_000):
            path = tmp_path / f"{n}.csv"
            with path.open("w") as file:
                file.write("nps,comment,note\n")
                file.writelines(f"{i % 11},row {i},note {i % 7}\n" for i in range(n))
            out, err = started("-c", MEASURE, str(path), *WORDS).communicate(timeout=300)
            assert out, err
            used[n] = int(out.split()[-1])
        # Ten times the rows may not take more than a few batches' worth of megabytes more.
        assert used[200_000] < used[20_000] + 60
