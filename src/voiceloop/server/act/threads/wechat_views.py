"""The address that WeChat calls: whatever is not signed with the account's token is answered with nothing."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from voiceloop.server.act.models import Inlet, Post, Thread
from voiceloop.server.act.threads import threads, wechat
from voiceloop.server.act.threads.jobs import fetch_media
from voiceloop.server.collect import limits

OPENID = 64


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, slug: str) -> HttpResponse:
    if limits.is_over(f"wechat{request.META.get('REMOTE_ADDR', '')}{slug[:24]}"):
        return HttpResponse(status=429)
    inlet = get_object_or_404(Inlet, slug=slug, channel=Inlet.Channel.WECHAT)
    names = ("signature", "timestamp", "nonce")
    given = {name: request.GET.get(name, "") for name in names}
    if not wechat.is_signed(inlet.token or "", **given):
        return HttpResponse(status=403)
    if request.method == "GET":
        return HttpResponse(request.GET.get("echostr", "")[:200], content_type="text/plain")
    return _hear(request, inlet)


def _hear(request: HttpRequest, inlet: Inlet) -> HttpResponse:
    try:
        fields = wechat.read(request.read(wechat.MOST_XML + 1))
    except wechat.Malformed:
        return HttpResponse(status=400)
    words, sender = wechat.words_of(fields), fields.get("FromUserName", "")[:OPENID]
    if words is None or not sender or not inlet.is_open:
        return _plain("success")
    files = [{"name": fields.get("MsgType", ""), "fault": "on_its_way"}] if _brings_a_file(fields) else []
    number = fields.get("MsgId") or f"{sender}:{fields.get('CreateTime', '')}"
    post = threads.hear(
        None,
        channel=Thread.Channel.WECHAT,
        address=sender,
        text=words,
        key=f"wechat:{inlet.pk}:{number}",
        at=wechat.said_at(fields),
        inlet=inlet,
        refused=files,
    )
    Inlet.objects.filter(pk=inlet.pk).update(seen_at=now())
    if _brings_a_file(fields):
        fetch_media.defer(post_id=post.pk, media_id=fields["MediaId"][:200], name=fields.get("MsgType", ""))
    said = Post.objects.filter(key=f"ack:{post.pk}").values_list("text", flat=True).first()
    if not said:
        return _plain("success")
    return HttpResponse(wechat.answer_xml(fields, said), content_type="application/xml")


def _brings_a_file(fields: dict[str, str]) -> bool:
    return bool(fields.get("MediaId")) and fields.get("MsgType") in ("image", "voice", "video", "shortvideo")


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain")
