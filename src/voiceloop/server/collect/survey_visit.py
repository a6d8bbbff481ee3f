"""One visit of the survey page: who came by which address, what they said so far, and how it is shown."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from voiceloop.server.collect import responses, survey_form, tokens
from voiceloop.server.collect.models import Customer, Response, Touchpoint
from voiceloop.server.collect.questions import Questionnaire
from voiceloop.server.core.models import Unit

_PAGE = Path(__file__).parent / "templates" / "collect"
CSS = SafeString((_PAGE / "survey.css").read_text())
JS = SafeString((_PAGE / "survey.js").read_text())


def _hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# The page carries its style and script inside, so that it is one answer over a slow line.
CSP = {"script-src": [_hash_of(JS)], "style-src": [_hash_of(CSS)]}


@dataclass(frozen=True)
class Visit:
    questionnaire: Questionnaire
    unit_id: int
    path: str
    touchpoint: str = ""
    day: datetime = field(default_factory=now)
    response: Response | None = None
    customer: Customer | None = None
    client_key: str = ""
    preview: bool = False

    @property
    def is_done(self) -> bool:
        return self.response is not None and not responses.may_still_speak(self.response)

    def address(self, **query: str) -> str:
        kept = {"k": self.client_key} if self.client_key else {}
        return f"{self.path}?{urlencode({**kept, **query})}"


def language_of(request: HttpRequest, *known: str) -> str:
    """The reader's choice, else what is known of the customer, else the browser's."""
    asked = request.GET.get("lang") or request.POST.get("lang") or next(filter(None, known), "")
    spoken = asked or translation.get_language_from_request(request)
    return "en" if spoken.startswith("en") else "zh-hans"


def short(language: str) -> str:
    """The code that facts store."""
    return "en" if language.startswith("en") else "zh"


def frame(company: str = "", switch: str = "") -> dict[str, Any]:
    """What every public page needs; `switch` is the query of the same page in the other language."""
    is_english = translation.get_language() == "en"
    other = {"code": "zh-CN", "name": "中文"} if is_english else {"code": "en", "name": "English"}
    return {
        "css": CSS,
        "js": JS,
        "lang": "en" if is_english else "zh-CN",
        "company": company or company_of(None),
        "other": {**other, "query": switch or f"lang={other['code']}"},
    }


def company_of(unit_id: int | None) -> str:
    """The name at the root of the tree, under which the customer knows the company."""
    roots = Unit.objects.filter(parent=None)
    if unit_id is not None:
        roots = roots.filter(Exists(Unit.objects.filter(pk=unit_id, path__startswith=OuterRef("path"))))
    return str(roots.order_by("pk").first() or "Voiceloop")


def page(request: HttpRequest, visit: Visit) -> str:
    """The whole page as it stands now, in the active language."""
    company = company_of(visit.unit_id)
    words = {"company": company, "touchpoint": _name_of(visit.touchpoint), "date": _day(visit.day)}
    language = translation.get_language() or ""
    form = survey_form.context(
        visit.questionnaire, language, responses.draft_of(visit.response), words, request.GET.get("s", "")
    )
    said = _said()
    switch = {"lang": "zh-CN" if language == "en" else "en"}
    return render_to_string(
        "collect/survey.html",
        {
            **frame(company, visit.address(**switch).partition("?")[2]),
            **form,
            **_contact(visit),
            "said": said,
            "said_now": said.get(form["letter"], said["n"]),
            "step": _step(request, visit, bool(form["score"])),
            "action": visit.path,
            "back": visit.address(step="1", lang=short(language)),
            "here": visit.address(lang=short(language)),
            "key": visit.client_key or visit.path,
            "client_key": visit.client_key,
            "preview": visit.preview,
        },
    )


def _step(request: HttpRequest, visit: Visit, has_score: bool) -> int:
    if visit.is_done:
        return 3
    # A score that only stands in the address is shown as chosen, but nothing is recorded before a POST.
    return 2 if has_score and visit.response and request.GET.get("step") != "1" else 1


def _said() -> dict[str, str]:
    return {
        "d": _("Thank you for being frank"),
        "n": _("Thank you for your rating"),
        "p": _("Thank you for your trust"),
    }


def _contact(visit: Visit) -> dict[str, Any]:
    response, customer = visit.response, visit.customer
    known = customer.masked_phone if customer else ""
    hint = _("Phone (or leave empty: %(phone)s)") % {"phone": known} if known else _("Mobile phone or e-mail")
    return {
        "wants_contact": bool(response and response.wants_contact),
        "contact": (response.contact if response else "") or "",
        "contact_hint": hint,
        "leave": reverse("leave", args=[tokens.make(customer.pk, purpose=tokens.LEAVE)]) if customer else "",
    }


def _name_of(touchpoint: str) -> str:
    known = Touchpoint.objects.filter(code=touchpoint).first() if touchpoint else None
    return str(known or _("our service"))


def _day(at: datetime) -> str:
    return date_format(localtime(at), "MONTH_DAY_FORMAT")
