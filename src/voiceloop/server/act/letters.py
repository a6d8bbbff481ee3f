"""The words we write to a customer when we act, in the customer's language."""

from __future__ import annotations

import hashlib

from django.utils import translation
from django.utils.translation import gettext as _

from voiceloop.server.collect import channels, messages
from voiceloop.server.collect.models import Customer, Message
from voiceloop.server.collect.survey_visit import company_of
from voiceloop.server.core.models import Unit


def sorry(customer: Customer | None, *, unit: Unit, key: str, about: str, text: str = "") -> Message | None:
    with translation.override(_language(customer)):
        company = company_of(unit.pk)
        subject = _("%(company)s: we are sorry") % {"company": company}
        words = text or _("what you met with us was not right, and we are sorry. We are looking into it now.")
        return _write(customer, unit, key, about, subject, words, company)


def thanks(
    customer: Customer | None, *, unit: Unit, key: str, about: str, link: str = "", agree: str = ""
) -> Message | None:
    with translation.override(_language(customer)):
        company = company_of(unit.pk)
        subject = _("%(company)s: thank you") % {"company": company}
        words = _("thank you for recommending us. It is read by the people who served you.")
        share = _("If a friend would like us too, here is your own link:") if link else ""
        speak = _("If you would like to speak for us as an ambassador, agree here:") if agree else ""
        lines = [words, share, link, speak, agree]
        return _write(customer, unit, key, about, subject, "\n".join(filter(None, lines)), company)


def ask(customer: Customer | None, *, unit: Unit, key: str, about: str, text: str) -> Message | None:
    """We wait for a word of theirs."""
    with translation.override(_language(customer)):
        company = company_of(unit.pk)
        return _write(
            customer,
            unit,
            key,
            about,
            _("%(company)s: a question to you") % {"company": company},
            text,
            company,
        )


def you_said(
    customer: Customer, *, unit: Unit, key: str, about: str, said: tuple[str, str], did: tuple[str, str]
) -> Message | None:
    """What they raised and what became of it; both in (Chinese, English), whichever they read."""
    with translation.override(_language(customer)):
        company = company_of(unit.pk)
        return _write(customer, unit, key, about, *_you_said(company, said, did), company)


def you_said_preview(
    language: str, *, unit: Unit, said: tuple[str, str], did: tuple[str, str]
) -> tuple[str, str]:
    """Subject and body as a customer of this language reads them."""
    with translation.override(language):
        company = company_of(unit.pk)
        subject, words = _you_said(company, said, did)
        return subject, "\n".join([_("Hello,"), words, "", company])


def _you_said(company: str, said: tuple[str, str], did: tuple[str, str]) -> tuple[str, str]:
    english = translation.get_language() == "en"
    what, done = (pair[1] if english and pair[1] else pair[0] for pair in (said, did))
    subject = _("%(company)s: you said, we did") % {"company": company}
    words = [_("You told us: %(what)s") % {"what": what}, _("What we did: %(done)s") % {"done": done}]
    return subject, "\n".join([*words, _("Thank you for telling us.")])


def own_words(customer: Customer, *, unit: Unit, about: str, text: str, text_en: str) -> Message | None:
    """What somebody of the company wrote; one text goes to one customer for one matter once."""
    with translation.override(_language(customer)):
        company = company_of(unit.pk)
        words = text_en if text_en and translation.get_language() == "en" else text
        key = f"own:{about}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        return _write(customer, unit, key, about, company, words, company)


def _language(customer: Customer | None) -> str:
    return "en" if customer and customer.language.startswith("en") else "zh-hans"


def _write(
    customer: Customer | None, unit: Unit, key: str, about: str, subject: str, words: str, company: str
) -> Message | None:
    """Nobody to write to is no error: an anonymous answer has no address."""
    adapter = channels.preferred()
    to = adapter.address_of(customer) if customer else ""
    if not to:
        return None
    return messages.write(
        key=key,
        channel_code=adapter.code,
        to=to,
        subject=subject,
        body="\n".join([_("Hello,"), words, "", company]),
        unit=unit,
        customer=customer,
        about=about,
    )
