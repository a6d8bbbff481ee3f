"""Everything that people read is said in Chinese too, and pages load nothing from elsewhere."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.stack import ROOT
from voiceloop.server.core import events

SERVER = ROOT / "src/voiceloop/server"
KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_": None, "ngettext": (1, 2),
    "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
TEMPLATES = sorted(SERVER.glob("*/templates/**/*.html"))
SOURCES = sorted(path for path in SERVER.rglob("*.py") if "migrations" not in path.parts)
CATALOGUES = sorted(SERVER.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"))
# The survey page carries its own few lines, which its policy allows by their hash.
OWN_SCRIPT = {"collect/templates/collect/survey.html"}
Message = tuple[str, str]


def name(path: Path) -> str:
    return str(path.relative_to(SERVER))


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def said(path: Path) -> set[Message]:
    """The messages of one file, each with its context."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return set(_of_template(templatize(source, origin=str(path))))
    found = extract_python(io.BytesIO(source.encode()), KEYWORDS, (), {"encoding": "utf-8"})
    return {message for _, function, given, _ in found for message in _messages(function, given)}


LITERAL = r"""(u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*{LITERAL}(?:\s*,\s*{LITERAL})?", re.S)


def _of_template(source: str) -> Iterator[Message]:
    """Django's own reading of a template: calls among blanked text."""
    for function, first, second in CALL.findall(source):
        words = tuple(ast.literal_eval(literal) for literal in (first, second) if literal)
        yield from _messages(function, words)


def _messages(function: str, given: object) -> list[Message]:
    words = [str(word) for word in (given if isinstance(given, tuple) else (given,)) if word]
    if "pgettext" in function:
        return [(words[0], words[1])]
    return [("", words[0])] if words else []


def known() -> set[Message]:
    """What has a Chinese translation."""
    return {
        (message.context or "", message.id[0] if isinstance(message.id, tuple) else message.id)
        for path in CATALOGUES
        for message in catalogue(path)
        if message.id and (all(message.string) if isinstance(message.string, tuple) else message.string)
    }


class TestTranslations:
    def test_everything_that_is_said_is_said_in_chinese(self) -> None:
        chinese = known()
        missing = {
            f"{name(path)}: {context}{'|' if context else ''}{words}"
            for path in (*TEMPLATES, *SOURCES)
            for context, words in said(path)
            if (context, words) not in chinese
        }
        assert sorted(missing) == []

    @pytest.mark.parametrize("path", CATALOGUES, ids=name)
    def test_nothing_is_guessed(self, path: Path) -> None:
        messages = catalogue(path)
        assert not messages.fuzzy
        assert str(messages.locale) == "zh_Hans"
        assert [message.id for message in messages if message.fuzzy and message.id] == []

    @pytest.mark.parametrize("path", CATALOGUES, ids=name)
    def test_values_stay_in_their_places(self, path: Path) -> None:
        """`%(n)s` of the English is in the Chinese, else the page fails when it is shown."""
        places = re.compile(r"%\(\w+\)[sd]")
        wrong = [
            message.id
            for message in catalogue(path)
            if message.id and isinstance(message.id, str) and isinstance(message.string, str)
            and set(places.findall(message.string)) - set(places.findall(message.id))
        ]  # fmt: skip
        assert wrong == []

    def test_one_word_has_one_translation(self) -> None:
        """Django takes the first catalogue that knows a message, so two of them must not differ."""
        found: dict[Message, set[str]] = {}
        for path in CATALOGUES:
            for message in catalogue(path):
                if message.id and isinstance(message.id, str):
                    found.setdefault((message.context or "", message.id), set()).add(str(message.string))
        assert {words: sorted(all_) for words, all_ in found.items() if len(all_) > 1} == {}

    @pytest.mark.parametrize("kind", events.TYPES.values(), ids=lambda kind: kind.type)
    def test_an_event_says_what_happened(self, kind: type[events.EventType]) -> None:
        assert str(kind.sentence)


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=name)
    def test_they_load_nothing_from_elsewhere(self, path: Path) -> None:
        loads = re.findall(r"""(?:src|srcset|poster)\s*=\s*["']?\s*(?:https?:)?//[^\s"']+""", text(path))
        styles = re.findall(r"""<link[^>]+href\s*=\s*["'](?:https?:)?//[^"']+""", text(path))
        assert loads + styles == []

    @pytest.mark.parametrize("path", TEMPLATES, ids=name)
    def test_they_hold_no_script(self, path: Path) -> None:
        scripts = re.findall(r"<script(?![^>]*(?:src=|type=.application/json))[^>]*>\s*\S", text(path))
        # What a template tag compares is no attribute.
        markup = re.sub(r"{%.*?%}", " ", text(path))
        handlers = re.findall(r"<[^>]*\son[a-z]+\s*=|hx-on\b|javascript:", markup)
        assert handlers == []
        assert scripts == [] or name(path) in OWN_SCRIPT


def text(path: Path) -> str:
    return re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.S)


class TestVerbs:
    @pytest.mark.parametrize("path", SOURCES, ids=name)
    def test_their_words_are_named(self, path: Path) -> None:
        """A verb takes its noun, then names only: `resolve(case, by=…, root_cause=…)`."""
        found = [
            f"{one.name}({', '.join(a.arg for a in one.args.args)})"
            for one in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(one, ast.FunctionDef) and any(_is_verb(d) for d in one.decorator_list)
            and (len(one.args.args) > 1 or one.args.vararg)
        ]  # fmt: skip
        assert found == []


def _is_verb(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Name) and decorator.id == "verb"
