"""Run a question through the command line and through `measure`, which must agree."""

from __future__ import annotations

import argparse
import json

import pandas as pd
import pytest

from tests.golden import shapes
from voiceloop.analytics import FileSource, measure
from voiceloop.analytics.commands import add_measure
from voiceloop.analytics.flow.commands import add_flow


@pytest.fixture
def told(capsys):
    """Return the JSON that a command prints; it must succeed."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    add_measure(commands)
    add_flow(commands)

    def run(*words):
        args = parser.parse_args([*map(str, words), "--json"])
        code, said = args.run(args), capsys.readouterr()
        assert code == 0, said.err
        return json.loads(said.out)

    return run


@pytest.fixture
def figure(told):
    """Return what `voiceloop measure METRIC FILE` says; `measure()` must say the same."""

    def asked(metric, path, *words):
        found = told("measure", metric, path, *words)
        if not words:
            row = measure(FileSource(path), metric, min_n=1).one
            assert (row.n, row.value) == (found["n"], pytest.approx(found["value"], rel=1e-9))
        return found

    return asked


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """Return a public file, or one of its shape, and what pandas reads from it."""
    folder = tmp_path_factory.mktemp("golden")

    def opened(name, made):
        path = shapes.whole(name, folder, made)
        return path, pd.read_csv(path, dtype=str, keep_default_na=False)

    return opened
