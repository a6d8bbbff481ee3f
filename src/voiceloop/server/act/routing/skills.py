"""What somebody can be good at, by name: seats, kinds of cases, reasons; and languages."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from voiceloop.server.act.models import Case
from voiceloop.server.understand.reasons import book

SEATS = {
    "seat:phone": gettext_lazy("Phone seat"),
    "seat:online": gettext_lazy("Online seat"),
    "seat:micro": gettext_lazy("WeChat and Weibo seat"),
    "seat:video": gettext_lazy("Video seat"),
}
LEVELS = {0: "—", 1: gettext_lazy("1 learning"), 2: gettext_lazy("2 able"), 3: gettext_lazy("3 expert")}
LANGUAGES = ("zh", "en", "ja", "ko", "yue", "fr", "de", "es", "ru", "ar", "th", "vi")
_OWN_NAMES = {"yue": gettext_lazy("Cantonese"), "zh": gettext_lazy("Chinese")}


@dataclass(frozen=True)
class Group:
    """Skills of one sort, as a page lists them."""

    name: str
    skills: dict[str, str]


def groups() -> list[Group]:
    """Every skill there is, in the reader's language."""
    reasons = {f"reason:{one.code}": book.called(one) for one in book.in_use() if not one.archived}
    kinds = {f"kind:{code}": str(name) for code, name in Case.Kind.choices}
    return [
        Group(_("Seats"), {code: str(name) for code, name in SEATS.items()}),
        Group(_("Kinds of cases"), kinds),
        Group(_("Reasons"), reasons),
    ]


def known() -> set[str]:
    return {code for group in groups() for code in group.skills}


def name_of(code: str) -> str:
    """What a skill is called; one that is gone by its code."""
    kind, _sep, rest = code.partition(":")
    if kind == "seat":
        return str(SEATS.get(code, rest))
    if kind == "kind":
        return str(dict(Case.Kind.choices).get(rest, rest))
    found = next((one for one in book.in_use() if one.code == rest), None)
    return book.called(found) if found else rest


def language_name(code: str) -> str:
    """What a language is called in the reader's language."""
    if code in _OWN_NAMES:
        return str(_OWN_NAMES[code])
    try:
        info = get_language_info(code)
    except KeyError:
        return code
    return str(info["name_translated"])
