"""The words of an invitation, in the customer's language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from voiceloop.server.collect import survey_form, tokens
from voiceloop.server.collect.models import Invitation, Message
from voiceloop.server.collect.questions import published
from voiceloop.server.collect.survey_visit import company_of


def personal_link(invitation: Invitation) -> str:
    return settings.BASE_URL + reverse(
        "survey_answer", args=[tokens.make(invitation.pk, purpose=tokens.ANSWER)]
    )


def leave_link(customer_id: int) -> str:
    return settings.BASE_URL + reverse("leave", args=[tokens.make(customer_id, purpose=tokens.LEAVE)])


def language_of(invitation: Invitation) -> str:
    return "en" if invitation.language.startswith("en") else "zh-hans"


def company_for(invitation: Invitation) -> str:
    with translation.override(language_of(invitation)):
        return company_of(invitation.unit_id)


def words_of(invitation: Invitation, company: str) -> tuple[str, str]:
    """Subject and body; `company` comes from the caller, who writes many at once."""
    with translation.override(language_of(invitation)):
        if invitation.about.startswith("case:"):
            subject = _("%(company)s: is your problem solved?") % {"company": company}
            ask = _(
                "we worked on your problem and would like to know whether it is solved. It takes 30 seconds:"
            )
        else:
            subject = _("%(company)s: how was it?") % {"company": company}
            ask = _("thank you for being our customer. How was it? It takes 30 seconds:")
        leave = leave_link(invitation.customer_id) if invitation.customer_id else ""
        lines = [_("Hello,"), ask, "", personal_link(invitation), "", company]
        return subject, "\n".join([*lines, "", _("No more surveys: %(link)s") % {"link": leave}])


def choices_of(message: Message) -> dict[str, Any]:
    """The first question for a mail that can show it, or {} for a message of another kind."""
    invitation = message.invitation
    if invitation is None or invitation.survey_version_id is None:
        return {}
    link = personal_link(invitation)
    with translation.override(language_of(invitation)):
        language = translation.get_language() or ""
        company = company_of(invitation.unit_id)
        words = {"company": company, "touchpoint": "", "date": ""}
        form = survey_form.context(published(invitation.survey_version_id), language, {}, words)
        leave = leave_link(invitation.customer_id) if invitation.customer_id else ""
        return {"lead": form["lead"], "link": link, "leave": leave, "company": company}
