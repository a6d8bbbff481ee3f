"""The words of a message: places that are checked before they are kept, and filled for one customer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.act.status.kinds import KINDS
from voiceloop.server.act.threads.acknowledging import when

if TYPE_CHECKING:
    from voiceloop.server.act.models import Milestone

PLACES: dict[str, Any] = {
    "number": gettext_lazy("the number of the order or case"),
    "store": gettext_lazy("the store or branch"),
    "company": gettext_lazy("the company"),
    "time": gettext_lazy("when it happened"),
    "new_time": gettext_lazy("by when it comes now (of a delay only)"),
    "link": gettext_lazy("the page where it stands"),
}
PLACE = re.compile(r"\{(\w+)\}")
LONGEST = 400
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def places_of(kind: str) -> list[str]:
    return [name for name in PLACES if name != "new_time" or kind == "delayed"]


def check(text: str, kind: str) -> None:
    """Every place is one that this message has; a delay without its new time tells nothing."""
    known = places_of(kind)
    if unknown := [f"{{{name}}}" for name in PLACE.findall(text) if name not in known]:
        raise ValidationError(_("Unknown place: %(places)s") % {"places": ", ".join(unknown)})
    if set("{}") & set(PLACE.sub("", text)):
        raise ValidationError(_("A brace is open. Write places like {number}."))
    if kind == "delayed" and text and "{new_time}" not in text:
        raise ValidationError(_("Say the new time: {new_time}."))


def shipped(kind: str, language: str) -> str:
    with translation.override(LANGUAGES[language]):
        return str(KINDS[kind].words)


def filled(text: str, values: dict[str, str]) -> str:
    """The link stands at the end where the words have no place for it."""
    said = PLACE.sub(lambda found: values.get(found[1], found[0]), text)
    return said if "{link}" in text else f"{said}\n{values['link']}"


def values_of(milestone: Milestone, *, company: str, link: str) -> dict[str, str]:
    """In the language that is active."""
    return {
        "number": milestone.number,
        "store": str(milestone.unit),
        "company": company,
        "time": when(milestone.at),
        "new_time": when(milestone.new_time) if milestone.new_time else "",
        "link": link,
    }


def letter(kind: str, text: str, values: dict[str, str]) -> tuple[str, str]:
    """Subject and body in the language that is active."""
    subject = _("%(company)s: %(number)s – %(what)s") % {**values, "what": str(KINDS[kind].label)}
    why = _(
        "This is about your own order or matter, no advertising. You can stop such messages on that page."
    )
    return subject[:180], "\n".join([filled(text, values), "", values["company"], "", why])
