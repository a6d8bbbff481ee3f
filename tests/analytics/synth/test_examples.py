"""The examples in the docstrings of the demo company give what they say."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

from voiceloop.analytics import synth

MODULES = [info.name for info in pkgutil.walk_packages(synth.__path__, "voiceloop.analytics.synth.")]


@pytest.mark.parametrize("name", MODULES)
def test_it_holds_in(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


@pytest.mark.parametrize("name", synth.__all__)
def test_it_is_documented(name: str) -> None:
    assert getattr(synth, name).__doc__
