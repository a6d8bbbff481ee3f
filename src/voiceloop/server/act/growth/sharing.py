"""Share links: a promoter's thank-you with a link for friends."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from voiceloop.server.act import letters
from voiceloop.server.act.growth import ambassadors
from voiceloop.server.act.growth.events import FriendCame
from voiceloop.server.act.models import Recommendation, ShareLink
from voiceloop.server.collect.models import Response
from voiceloop.server.core.events import record, verb


@verb
def thank(response: Response) -> ShareLink:
    """The one link of this response, sent with thanks to who left an address."""
    link, _ = ShareLink.objects.get_or_create(
        response=response, defaults={"unit": response.unit, "customer": response.customer}
    )
    letters.thanks(
        response.customer,
        unit=response.unit,
        key=f"thanks:{response.pk}",
        about=f"response:{response.pk}",
        link=address_of(link),
        agree=_where_to_agree(response),
    )
    return link


@verb
def recommend(link: ShareLink, *, visitor: str) -> Recommendation:
    """Somebody says that they came by this link; one opened page counts once."""
    made, is_new = Recommendation.objects.get_or_create(link=link, visitor=visitor)
    if is_new:
        record(came_by(link), unit=link.unit)
    return made


def came_by(link: ShareLink) -> FriendCame:
    return FriendCame(share_link=link.pk, customer=link.customer_id, response=link.response_id)


def _where_to_agree(response: Response) -> str:
    if response.customer is None:
        return ""
    return str(settings.BASE_URL + reverse("ambassador", args=[ambassadors.token_of(response.customer)]))


def address_of(link: ShareLink) -> str:
    return str(settings.BASE_URL + reverse("share", args=[link.code]))
