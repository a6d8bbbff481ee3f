"""Folders as registries."""

from __future__ import annotations

import pytest

from voiceloop import analytics
from voiceloop.analytics import registry


class TestRegistry:
    def test_it_finds_every_file_of_the_folder(self):
        from pathlib import Path

        folder = Path(analytics.__file__).parent / "metrics"
        assert set(registry.metrics()) == {path.stem for path in folder.glob("[a-z]*.py")}

    def test_it_stays_a_function_after_the_folder_is_loaded(self):
        registry.metrics()
        assert analytics.metrics is registry.metrics

    def test_it_cannot_be_changed_from_outside(self):
        with pytest.raises(TypeError):
            registry.metrics()["nps"] = None
