"""The examples in the docstrings give what they say."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

from voiceloop import analytics

MODULES = [
    info.name
    for info in pkgutil.walk_packages(analytics.__path__, "voiceloop.analytics.")
    if not info.name.startswith(("voiceloop.analytics.text", "voiceloop.analytics.synth"))
]


@pytest.mark.parametrize("name", MODULES)
def test_it_holds_in(name):
    assert doctest.testmod(import_module(name)).failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    assert sum(len(test.examples) for name in MODULES for test in finder.find(import_module(name))) > 50
