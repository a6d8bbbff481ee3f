"""Links for anyone: printed as a QR code, put on a receipt or a page."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now

from voiceloop.server.collect.models import PublicLink, Survey
from voiceloop.server.core.events import verb
from voiceloop.server.core.models import Unit, User


@verb
def open(*, survey: Survey, unit: Unit, by: User, touchpoint: str = "", name: str = "") -> PublicLink:
    return PublicLink.objects.create(survey=survey, unit=unit, touchpoint=touchpoint, name=name)


@verb
def revoke(*, link: PublicLink, by: User) -> PublicLink:
    PublicLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now())
    link.refresh_from_db()
    return link


def address_of(link: PublicLink) -> str:
    return settings.BASE_URL + reverse("link_answer", args=[link.slug])


def qr_of(link: PublicLink) -> str:
    return qr_picture(address_of(link))


def qr_picture(address: str) -> str:
    """An address as an SVG picture; level M still reads with a sixth of it dirty or torn."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=8, border=4, xmldecl=False, svgns=True, dark="#000", light="#fff"
    )
    return out.getvalue().decode()
