"""The conversation on the page of a case: answer, take back, try again, read a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voiceloop.server.act.cases.answers import answer, case_of, user_of
from voiceloop.server.act.models import Attachment, Case, Post
from voiceloop.server.act.threads import files, kinds, page, threads
from voiceloop.server.act.threads.forms import ReplyForm
from voiceloop.server.core.rights import requires


@requires("cases.see")
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it, also what a long one hides at first."""
    case = case_of(request, pk)
    user = user_of(request)
    shown = page.context(case, user, all_of_it="all" in request.GET)
    context = {"case": case, "works": user.may("cases.work"), **shown}
    return render(request, "act/threads/_conversation.html", context)


@require_POST
@requires("cases.work")
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    case = case_of(request, pk)
    form = ReplyForm(request.POST, request.FILES.getlist("files"), case=case)
    refused: list[str] = []
    if form.is_valid():
        try:
            return _sent(request, case, form)
        except threads.Refused as error:
            refused = [files.sentence(one) for one in error.refused]
    refused += [str(error) for errors in form.errors.values() for error in errors]
    kept: dict[str, Any] = {
        "reply_text": request.POST.get("text", ""),
        "reply_way": request.POST.get("way", ""),
    }
    return answer(request, case, status=422, reply_refused=refused, **kept)


def _sent(request: HttpRequest, case: Case, form: ReplyForm) -> HttpResponse:
    data = form.cleaned_data
    threads.reply(
        form.thread(), by=user_of(request), text=data["text"], attachments=form.uploads(), key=data["key"]
    )
    return answer(request, case_of(request, case.pk), said=_("The answer is on its way."))


@requires("cases.see")
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """One bubble as it is now: on its way, sent, or held back."""
    return _bubble(request, _post(request, pk))


@require_POST
@requires("cases.work")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = _post(request, pk)
    in_time = threads.withdraw(found, by=user_of(request))
    said = _("Taken back. Nothing was sent.") if in_time else _("Too late: it has left.")
    return answer(
        request, case_of(request, found.thread.case_id), said=said, reply_text=found.text if in_time else ""
    )


@require_POST
@requires("cases.work")
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    found = threads.try_again(_post(request, pk), by=user_of(request))
    return answer(request, case_of(request, found.thread.case_id), said=_("It is sent once more."))


@require_POST
@requires("cases.work")
def words(request: HttpRequest, pk: int) -> HttpResponse:
    found = _post(request, pk)
    return _bubble(request, found, shown=threads.show_words(found, by=user_of(request)))


@requires("cases.see")
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A file for those who may see its case; only pictures are shown, all else is downloaded."""
    found = get_object_or_404(Attachment.objects.visible_to(user_of(request)), pk=pk)
    return serve(found)


def serve(found: Attachment) -> HttpResponse:
    path = files.path_of(found.digest)
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type=found.kind)
    how = "inline" if found.kind in kinds.SHOWN else "attachment"
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(found.name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=86400"
    return response  # type: ignore[return-value]  # a streaming response is one


def _bubble(request: HttpRequest, found: Post, shown: str = "") -> HttpResponse:
    item = page.item_of(found)
    item.text = shown or item.text
    works = user_of(request).may("cases.work")
    context: dict[str, Any] = {
        "item": item,
        "case": found.thread.case,
        "works": works,
        "is_shown": bool(shown),
    }
    return render(request, "act/threads/_post.html", context)


def _post(request: HttpRequest, pk: int) -> Post:
    posts = Post.objects.visible_to(user_of(request)).select_related(
        "thread__case", "by", "message", "contact"
    )
    found: Post = get_object_or_404(posts, pk=pk)
    return found
