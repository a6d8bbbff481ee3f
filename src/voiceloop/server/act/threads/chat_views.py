"""The web chat that a customer opens: no sign-in, no script needed, one page."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache as cache_once
from functools import partial, wraps
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from voiceloop.server.act.models import Attachment, Inlet, Thread
from voiceloop.server.act.overflow import diverting
from voiceloop.server.act.threads import acknowledging, files, threads, views, visit
from voiceloop.server.act.threads.forms import uploads
from voiceloop.server.collect import limits
from voiceloop.server.collect.survey_visit import company_of, language_of

View = Callable[..., HttpResponse]
# A whole post with its files; what is longer is not even read.
MOST_BYTES = files.MOST_TOGETHER + 2**20
# People behind one address who may begin a chat in ten minutes. Our choice.
NEW_VISITORS, IN_SECONDS = 40, 600
LANGUAGE = "voiceloop_chat_language"


def for_anybody(view: View) -> View:
    """No sign-in. The cookie goes with no post from elsewhere (SameSite), so no token is asked for."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if limits.is_over(f"chat{request.META.get('REMOTE_ADDR', '')}"):
            return HttpResponse(status=429, headers={"Retry-After": "60"})
        with translation.override(language_of(request, request.COOKIES.get(LANGUAGE, ""))):
            return view(request, *args, **kwargs)

    methods = require_http_methods(["GET", "HEAD", "POST"])
    return login_not_required(csrf_exempt(never_cache(methods(spoken))))


@for_anybody
def chat(request: HttpRequest, slug: str) -> HttpResponse:
    inlet = _inlet(slug)
    if request.method == "POST":
        return _say(request, inlet)
    response = _page(request, inlet)
    if request.GET.get("lang"):
        response.set_cookie(LANGUAGE, request.GET["lang"][:5], path=request.path, samesite="Lax")
    return response


@for_anybody
def messages(request: HttpRequest, slug: str) -> HttpResponse:
    """What was said since: 204 while there is nothing new, which leaves the page as it is."""
    context = _said(request, _inlet(slug))
    if request.GET.get("seen") == context["stamp"]:
        return HttpResponse(status=204)
    return render(request, "act/threads/_chat_messages.html", context)


@for_anybody
def chat_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A file of one's own chat."""
    visitor = visit.visitor_of(request)
    seen = [post.pk for post in visit.posts_for(visitor)] if visitor else []
    return views.serve(get_object_or_404(Attachment, pk=pk, post__in=seen))


def _inlet(slug: str) -> Inlet:
    found: Inlet = get_object_or_404(Inlet, slug=slug, channel=Inlet.Channel.CHAT)
    return found


def _say(request: HttpRequest, inlet: Inlet) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return _page(request, inlet, status=413, refused=[files.sentence({"fault": "too_big", "name": "…"})])
    if not inlet.is_open:
        raise Http404
    # A field that people do not see: whoever fills it in is a program.
    if request.POST.get("website"):
        return HttpResponseRedirect(request.path, status=303)
    text, given = request.POST.get("text", "").strip(), uploads(request.FILES.getlist("files"))
    known = visit.visitor_of(request)
    refused = [files.sentence(one) for one in files.check(given).refused]
    if visit.writes_too_often(known) or (not known and _too_many_begin(request)):
        refused.append(_("That was a lot at once. Please try again in a minute."))
    if len(text) > 4000:
        refused.append(_("A message can have 4,000 characters; please send it in parts."))
    if refused:
        return _page(request, inlet, status=422, refused=refused, text=text)
    visitor = known or visit.new_visitor()
    if text or given:
        _hear(request, inlet, visitor, text, given)
    response = _answer(request, inlet, visitor)
    visit.remember(response, request, visitor, request.path)
    return response


def _hear(request: HttpRequest, inlet: Inlet, visitor: str, text: str, given: list[files.Upload]) -> None:
    name, contact = (request.POST.get(field, "").strip()[:120] for field in ("name", "contact"))
    is_new = not Thread.objects.filter(channel=Thread.Channel.CHAT, address=visitor).exists()
    about = [part for part in (name, contact) if part] if is_new else []
    threads.hear(
        None,
        channel=Thread.Channel.CHAT,
        address=visitor,
        text="\n".join([text, *([f"({' · '.join(about)})"] if about else [])]).strip(),
        key=f"chat:{visitor}:{(request.POST.get('key') or uuid4().hex)[:40]}",
        attachments=given,
        inlet=inlet,
        customer=visit.claimed(name, contact, inlet) if is_new else None,
    )


def _answer(request: HttpRequest, inlet: Inlet, visitor: str) -> HttpResponse:
    """The new state: of the chat for htmx, by a fresh look for a browser without script."""
    if request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        return render(request, "act/threads/_chat.html", _context(request, inlet, visitor))
    return HttpResponseRedirect(request.path, status=303)


def _page(request: HttpRequest, inlet: Inlet, status: int = 200, **more: Any) -> HttpResponse:
    is_part = status != 200 and request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    template = "act/threads/_chat.html" if is_part else "act/threads/chat.html"
    return render(request, template, _context(request, inlet) | more, status=status)


def _context(request: HttpRequest, inlet: Inlet, visitor: str = "") -> dict[str, Any]:
    desk, is_english = visit.desk(), translation.get_language() == "en"
    return {
        **_said(request, inlet, visitor),
        "company": company_of(inlet.unit_id),
        "desk": desk,
        "answer_by": acknowledging.when(desk.answer_by),
        "opens_at": acknowledging.when(desk.opens_at) if desk.opens_at else "",
        "key": uuid4().hex,
        "other": {"code": "zh", "name": "中文"} if is_english else {"code": "en", "name": "English"},
    }


def _said(request: HttpRequest, inlet: Inlet, visitor: str = "") -> dict[str, Any]:
    posts = visit.posts_for(visitor or visit.visitor_of(request))
    # Asked for by the page only: whoever looks every few seconds and finds nothing new asks nothing.
    busy = cache_once(partial(diverting.greeting, inlet)) if not posts else None
    return {"inlet": inlet, "posts": posts, "stamp": visit.stamp_of(posts), "busy": busy}


def _too_many_begin(request: HttpRequest) -> bool:
    key = f"chat-new-{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, IN_SECONDS)
    return bool(cache.incr(key) > NEW_VISITORS)
