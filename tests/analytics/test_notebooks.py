"""The notebooks run, and import nothing of the product but its analytics."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def sources(path):
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_it_runs_to_its_end(self, path, tmp_path, monkeypatch):
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(entry for entry in sys.path if entry))
        monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        assert outputs
        assert not [output for output in outputs if output.output_type == "error"]

    def test_it_imports_only_analytics(self, path):
        nodes = [node for source in sources(path) for node in ast.walk(ast.parse(source))]
        names = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
        names |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        outside = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}
        assert all(name.startswith("voiceloop.analytics") for name in outside)

    def test_it_is_stored_without_outputs(self, path):
        assert not [cell for cell in nbformat.read(path, as_version=4).cells if cell.get("outputs")]


def test_there_is_a_notebook():
    assert NOTEBOOKS
