"""Conversations for programs: the same verbs as the pages, the same rights."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError
from ninja.responses import codes_4xx

from voiceloop.server.act.models import Attachment, Case, Inlet, Post, Thread
from voiceloop.server.act.threads import files, inlets, outgoing, search, threads, views
from voiceloop.server.act.threads.files import Upload
from voiceloop.server.collect import channels
from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.rights import allowed

router = Router(tags=["act"])
LONGEST = 20_000


class ThreadProblem(Schema):
    detail: Any


class AttachmentOut(Schema):
    id: int
    name: str
    kind: str
    size: int


class PostOut(Schema):
    id: int
    thread: int = Field(alias="thread_id")
    direction: str
    at: datetime
    by: str | None = Field(None, alias="by.username")
    text: str
    quoted: str
    is_automatic: bool
    state: str
    attachments: list[AttachmentOut]

    @staticmethod
    def resolve_state(post: Post) -> str:
        return outgoing.state(post).code if post.direction == Post.Direction.OUT else ""

    @staticmethod
    def resolve_attachments(post: Post) -> list[Attachment]:
        return list(post.attachments.all())


class ThreadOut(Schema):
    id: int
    case: int = Field(alias="case_id")
    channel: str
    subject: str
    created_at: datetime
    heard_at: datetime | None
    answered_at: datetime | None
    bounced_at: datetime | None


class FileIn(Schema):
    name: str = Field(max_length=200)
    content: str = Field(description="Base64", max_length=14_000_000)


class ReplyIn(Schema):
    text: str = Field(default="", max_length=LONGEST)
    key: str = Field(default="", max_length=64, description="A repeated request with it answers once")
    files: list[FileIn] = Field(default=[], max_length=files.MOST_FILES)


class HeardIn(Schema):
    """A message that another system took for us."""

    channel: Literal["email", "chat", "wechat", "phone"]
    address: str = Field(min_length=1, max_length=250)
    text: str = Field(min_length=1, max_length=LONGEST)
    key: str = Field(min_length=1, max_length=200)
    subject: str = Field(default="", max_length=200)
    name: str = Field(default="", max_length=120)


class HitOut(Schema):
    case: int
    kind: str
    at: datetime
    text: str
    marks: list[tuple[int, int]]


class SaidFoundOut(Schema):
    hits: list[HitOut]
    next: str


class InletOut(Schema):
    id: int
    channel: str
    name: str
    unit: str = Field(alias="unit.code")
    is_open: bool
    address: str
    seen_at: datetime | None
    error: str

    @staticmethod
    def resolve_address(inlet: Inlet) -> str:
        return inlets.address_of(inlet)


class InletIn(Schema):
    channel: Literal["chat", "wechat"]
    name: str = Field(min_length=1, max_length=80)
    unit: str
    greeting: str = Field(default="", max_length=300)
    app_id: str = Field(default="", max_length=80)
    token: str = Field(default="", max_length=80)
    secret: str = Field(default="", max_length=120)
    is_open: bool = True


class InletChange(Schema):
    is_open: bool


class TriedOut(Schema):
    works: bool
    said: str


CASES = {codes_4xx: ThreadProblem}


@router.get("/cases/{int:pk}/threads", response={200: list[ThreadOut], **CASES})
def list_threads(request: HttpRequest, pk: int) -> Any:
    case = get_object_or_404(Case.objects.visible_to(allowed(request, "cases.see")), pk=pk)
    return case.threads.in_order()


@router.post("/cases/{int:pk}/threads", response={200: ThreadOut, **CASES})
def begin_thread(request: HttpRequest, pk: int) -> Any:
    """We write first, by e-mail: the thread over which it goes."""
    case = get_object_or_404(Case.objects.visible_to(allowed(request, "cases.work")), pk=pk)
    to = channels.channel("email").address_of(case.customer) if case.customer else ""
    if not to:
        raise HttpError(422, "the customer has no mail address")
    return threads.thread_to(case, channel=Thread.Channel.EMAIL, address=to)


@router.get("/threads/{int:pk}/posts", response={200: list[PostOut], **CASES})
def list_posts(request: HttpRequest, pk: int) -> Any:
    thread = get_object_or_404(Thread.objects.visible_to(allowed(request, "cases.see")), pk=pk)
    return thread.posts.in_order().select_related("by", "message").prefetch_related("attachments")


@router.post("/threads/{int:pk}/posts", response={201: PostOut, **CASES})
def reply(request: HttpRequest, pk: int, body: ReplyIn) -> Any:
    by = allowed(request, "cases.work")
    thread = get_object_or_404(Thread.objects.visible_to(by).select_related("case"), pk=pk)
    if not body.text.strip() and not body.files:
        raise HttpError(422, "an answer has a text or a file")
    try:
        key = f"api:{body.key}" if body.key else ""
        made = threads.reply(thread, by=by, text=body.text, attachments=_uploads(body.files), key=key)
    except threads.Refused as error:
        raise HttpError(422, str(error)) from error
    return Status(201, made)


@router.delete("/posts/{int:pk}", response={200: PostOut, **CASES})
def withdraw(request: HttpRequest, pk: int) -> Any:
    """Take an answer back before it left."""
    by = allowed(request, "cases.work")
    post = _post(by, pk)
    if not threads.withdraw(post, by=by):
        raise HttpError(409, "it has left")
    return post


@router.post("/posts/{int:pk}/retry", response={200: PostOut, **CASES})
def retry(request: HttpRequest, pk: int) -> Any:
    by = allowed(request, "cases.work")
    return threads.try_again(_post(by, pk), by=by)


@router.post("/posts/{int:pk}/words", response={200: dict[str, str], **CASES})
def words(request: HttpRequest, pk: int) -> Any:
    """A message as it was typed; that somebody looked is written down."""
    by = allowed(request, "cases.work")
    return {"text": threads.show_words(_post(by, pk), by=by)}


@router.get("/attachments/{int:pk}", response={200: None, **CASES})
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    return views.serve(get_object_or_404(Attachment.objects.visible_to(allowed(request, "cases.see")), pk=pk))


@router.post("/messages/heard", response={201: PostOut, **CASES})
def hear(request: HttpRequest, body: HeardIn) -> Any:
    """Bring a customer's message from a channel of your own; a repeated key is heard once."""
    by = allowed(request, "settings.edit")
    if not by.is_of_the_company:
        raise HttpError(403, "messages of the whole company are brought by who belongs to it")
    return Status(201, threads.hear(None, **body.dict() | {"key": f"api:{body.key}"}))


@router.get("/cases/search", response={200: SaidFoundOut, **CASES})
def find(request: HttpRequest, q: str = "", after: str = "", limit: int = 20) -> Any:
    """Everything said and noted that has all the words, newest first, from the first day on."""
    found = search.find(allowed(request, "cases.see"), q, most=max(1, min(limit, 100)), after=after)
    hits = [
        {"case": hit.case.pk, "kind": hit.kind_code, "at": hit.at, "text": hit.text, "marks": hit.marks}
        for hit in found.hits
    ]
    return {"hits": hits, "next": found.next}


@router.get("/channels", response={200: list[InletOut], **CASES})
def list_inlets(request: HttpRequest) -> Any:
    return Inlet.objects.visible_to(allowed(request, "settings.edit")).select_related("unit")


@router.post("/channels", response={201: InletOut, **CASES})
def add_inlet(request: HttpRequest, body: InletIn) -> Any:
    by = allowed(request, "settings.edit")
    unit = get_object_or_404(Unit.objects.visible_to(by), code=body.unit)
    return Status(201, inlets.save(Inlet(**body.dict() | {"unit": unit}), by=by))


@router.patch("/channels/{int:pk}", response={200: InletOut, **CASES})
def change_inlet(request: HttpRequest, pk: int, body: InletChange) -> Any:
    by = allowed(request, "settings.edit")
    inlet = get_object_or_404(Inlet.objects.visible_to(by), pk=pk)
    inlet.is_open = body.is_open
    return inlets.save(inlet, by=by)


@router.post("/channels/{int:pk}/test", response={200: TriedOut, **CASES})
def test_inlet(request: HttpRequest, pk: int) -> Any:
    inlet = get_object_or_404(Inlet.objects.visible_to(allowed(request, "settings.edit")), pk=pk)
    works, said = inlets.test(inlet)
    return {"works": works, "said": said}


def _uploads(given: list[FileIn]) -> list[Upload]:
    try:
        return [Upload(one.name, base64.b64decode(one.content, validate=True)) for one in given]
    except binascii.Error as error:
        raise HttpError(422, "a file is not Base64") from error


def _post(by: User, pk: int) -> Post:
    found: Post = get_object_or_404(
        Post.objects.visible_to(by).select_related("thread__case", "by", "message"), pk=pk
    )
    return found
