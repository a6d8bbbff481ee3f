"""Every address of the product: the pages of the URL resolver and the operations of the API's schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.house.world import COMPANYS, FIRST, KEYS, MARK, World
from voiceloop.server.act.growth.ambassadors import PURPOSE as AMBASSADOR
from voiceloop.server.act.status.links import ORDER as ORDER_STATUS
from voiceloop.server.collect import tokens
from voiceloop.server.config.api import api
from voiceloop.server.measure import mailing as mails_of_views
from voiceloop.server.understand.digest import mailing as mails_of_digests


@cache
def openapi() -> Any:
    return api.get_openapi_schema()


METHODS = ("get", "post", "put", "patch", "delete")
# Answered without anybody being signed in, each for a reason: customers, people who sign in, programs.
PUBLIC = {
    "survey_answer", "link_answer", "leave", "mail_leave", "digest_leave", "privacy", "share", "set_language",
    "ambassador", "healthz", "api:openapi-json", "api:openapi-view",
    "chat", "chat_messages", "chat_file", "wechat", "status_page",
}  # fmt: skip

# Their key is that of an object without a branch, which everybody may see.
EVERYBODYS = {
    "crisis_template",
    "crisis_template_archive",
    "calendar",
    "cause",
    "initiative_of_cause",
    "playbook",
    "playbook_export",
    "/api/playbooks/{pk}/runs",
    "tag_rule",
    "/api/tag-rules/{pk}/runs",
}


@dataclass(frozen=True)
class Route:
    """One page address and the words that must be filled into it."""

    name: str
    pattern: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return self.name or self.pattern

    @property
    def is_of_an_object(self) -> bool:
        return "pk" in self.words and self.name not in EVERYBODYS

    def paths(self, world: World) -> list[str]:
        """The address with the eastern branch's objects in it, one for each story."""
        stories = KEYS if self.words else [FIRST]
        found = (
            self._path({w: word(world, self.name, w, key - FIRST) for w in self.words}) for key in stories
        )
        return list(dict.fromkeys(found))

    def company_path(self, world: World) -> str:
        """The address with what all branches share in it."""
        return self._path({w: COMPANYS if w == "pk" else word(world, self.name, w, 0) for w in self.words})

    def _path(self, words: dict[str, Any]) -> str:
        return reverse(self.name, kwargs=words) if self.name else "/" + self.pattern


def word(world: World, route: str, name: str, story: int) -> Any:
    """What stands for a word of an address."""
    words = {
        "pk": FIRST + story,
        "survey_answer.token": tokens.make(FIRST + story, purpose=tokens.ANSWER),
        "/api/answers/{token}.token": tokens.make(FIRST + story, purpose=tokens.ANSWER),
        "leave.token": tokens.make(FIRST + story, purpose=tokens.LEAVE),
        "mail_leave.token": tokens.make(FIRST + story, purpose=mails_of_views.LEAVE),
        "digest_leave.token": tokens.make(FIRST + story, purpose=mails_of_digests.LEAVE),
        "digest_file.kind": "pdf",
        "crisis_template_new.kind": "statement",
        "anticipation_rule_new.kind": "late_order",
        "link_answer.slug": world.one("PublicLink", story).slug,
        **{
            f"{route}.slug": world.one("Inlet", story).slug
            for route in ("chat", "chat_messages", "chat_file")
        },
        "wechat.slug": world.one("Inlet", story).slug,
        "inlet_new.kind": "chat",
        "status_page.token": tokens.make(FIRST + story, purpose=ORDER_STATUS),
        "number": world.one("Transaction", story).number,
        "ambassador.token": tokens.make(FIRST + story, purpose=AMBASSADOR),
        "share.code": world.one("ShareLink", min(story, 2)).code,
        "case_step.code": "listen",
        "macro": FIRST + story,
        "case": FIRST + story,
        "rule": FIRST + story,
        "code": world.one("RootCause", story).code,
        "name": "nps",
        "form": "csv",
        "kind": "csv",
        "username": f"{MARK}-{story}",
        # Of allauth: a letter's secret and whose it is.
        "uidb36": "1",
        "key": "unknown",
    }
    if f"{route}.{name}" in words:
        return words[f"{route}.{name}"]
    assert name in words, f"Say in tests/house/routes.py what {name!r} of the address {route!r} stands for."
    return words[name]


def pages() -> list[Route]:
    """Every route but those of the API, which `operations` tells."""
    return [route for route in _walk(get_resolver(), "", "") if not _is_operation(route)]


def _is_operation(route: Route) -> bool:
    return route.name.startswith("api:") and not route.name.startswith("api:openapi")


def _walk(resolver: URLResolver, namespace: str, before: str) -> Iterator[Route]:
    for one in resolver.url_patterns:
        pattern = before + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _walk(one, inner, pattern)
        elif isinstance(one, URLPattern):
            name = f"{namespace}{one.name}" if one.name else ""
            yield Route(name, pattern, _words_of(one, resolver))


def _words_of(one: URLPattern, resolver: URLResolver) -> tuple[str, ...]:
    named = (*resolver.pattern.converters, *one.pattern.converters, *one.pattern.regex.groupindex)
    return tuple(dict.fromkeys(named))


@dataclass(frozen=True)
class Operation:
    """One operation of the API."""

    method: str
    path: str
    words: tuple[str, ...]
    body: Any = None
    public: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_of_an_object(self) -> bool:
        return "pk" in self.words and self.path not in EVERYBODYS

    def company_path(self, world: World) -> str:
        words = {w: COMPANYS if w == "pk" else word(world, self.path, w, 0) for w in self.words}
        return self.path.format(**words)

    def paths(self, world: World) -> list[str]:
        stories = KEYS if self.words else [FIRST]
        found = (
            self.path.format(**{w: word(world, self.path, w, key - FIRST) for w in self.words})
            for key in stories
        )
        return list(dict.fromkeys(found))

    def content(self) -> dict[str, Any]:
        """What the client posts: a body that the schema takes and that names the eastern branch's objects."""
        kind = next(iter(self.body["content"])) if self.body else "application/json"
        schema = self.body["content"][kind]["schema"] if self.body else {}
        value = example(schema)
        if kind == "application/json":
            return {"data": json.dumps(value), "content_type": kind}
        return {"data": value}


def operations() -> list[Operation]:
    found: list[Operation] = []
    for path, methods in openapi()["paths"].items():
        for method, told in methods.items():
            words = tuple(p["name"] for p in told.get("parameters", ()) if p["in"] == "path")
            public = "security" not in told
            found.append(Operation(method, path, words, told.get("requestBody"), public))
    return found


# What the bodies of the API mean by their names.
SAID: dict[str, Any] = {
    "root_cause": "shared-0",
    "to": "zqeast-0",
    "owner": "zqeast-0",
    "unit": "east",
    "metric": "nps",
    "step": "listen",
}


def example(schema: dict[str, Any], name: str = "") -> Any:
    """A value that the schema takes: ids are the eastern branch's."""
    if "$ref" in schema:
        return example(openapi()["components"]["schemas"][schema["$ref"].split("/")[-1]], name)
    for choice in ("anyOf", "allOf", "oneOf"):
        if choice in schema:
            return example(schema[choice][0], name)
    if name in SAID and schema.get("type") == "string":
        return SAID[name]
    if "enum" in schema or "const" in schema:
        return schema["enum"][0] if "enum" in schema else schema["const"]
    return _of_type(schema, name)


def _of_type(schema: dict[str, Any], name: str) -> Any:
    kind = schema.get("type", "string")
    if kind == "object":
        return {key: example(value, key) for key, value in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema.get("items", {}), name)]
    formats = {"date": "2026-01-31", "date-time": "2026-01-31T08:00:00Z", "time": "08:00"}
    if "maximum" in schema or "exclusiveMaximum" in schema:
        return schema.get("minimum", 1)
    plain = {"integer": FIRST, "number": 1.5, "boolean": True, "null": None}
    return plain[kind] if kind in plain else formats.get(schema.get("format", ""), "something")


def exists(name: str) -> bool:
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False
