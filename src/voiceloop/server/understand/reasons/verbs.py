"""Changes of the list of reasons: each is a version, an event, and a job that labels history anew."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.cache import cache

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.taxonomy import Reason, Taxonomy, taxonomy
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.measure.models import Label
from voiceloop.server.understand import engine, relabelling
from voiceloop.server.understand.events import ReasonsChanged
from voiceloop.server.understand.models import Relabelling, TaxonomyVersion
from voiceloop.server.understand.reasons import book

What = TaxonomyVersion.What
Words = Iterable[str]
LONGEST_NAME, MOST_WORDS, LONGEST_WORD, LONGEST_EXAMPLE = 40, 400, 40, 2_000


@verb
def add(
    *,
    by: User,
    zh: str,
    en: str = "",
    keywords: Words = (),
    lookalikes: Words = (),
    examples: Words = (),
    owner: str = "",
) -> TaxonomyVersion:
    """A reason of the company's own, known by its words, by examples, or by both."""
    engine.hold(alone=True)
    made = drafted(zh=zh, en=en, keywords=keywords, lookalikes=lookalikes, examples=examples)
    return _save(What.ADDED, book.in_use().with_reason(made), by=by, code=made.code, owner=owner)


@verb
def edit(
    code: str,
    *,
    by: User,
    zh: str | None = None,
    en: str | None = None,
    keywords: Words | None = None,
    lookalikes: Words | None = None,
    examples: Words | None = None,
    owner: str | None = None,
) -> TaxonomyVersion:
    """Other names, words, examples or another owner; what is not given stays. The code never changes."""
    engine.hold(alone=True)
    before = book.in_use().reason(code)
    after = edited(before, zh=zh, en=en, keywords=keywords, lookalikes=lookalikes, examples=examples)
    reasons = book.in_use().with_reason(after)
    return _save(What.EDITED, reasons, by=by, code=code, owner=owner, **_changed(before, after))


@verb
def merge(code: str, *, into: str, by: User) -> TaxonomyVersion:
    """Its words and its history go over to another reason."""
    engine.hold(alone=True)
    return _save(What.MERGED, book.in_use().merged([code], into), by=by, code=code, into=into)


@verb
def archive(code: str, *, by: User) -> TaxonomyVersion:
    """It is no longer looked for. What a person said of a comment stays."""
    engine.hold(alone=True)
    found = book.in_use()
    if len(found) == 1:
        raise AnalyticsError("The last reason cannot be archived.", "不能归档最后一个原因。")
    return _save(What.ARCHIVED, found.archived(code), by=by, code=code)


@verb
def restore(code: str, *, by: User) -> TaxonomyVersion:
    engine.hold(alone=True)
    return _save(What.RESTORED, book.in_use().restored(code), by=by, code=code)


@verb
def undo(*, by: User) -> TaxonomyVersion:
    """Take back the last change; again, the one before it."""
    engine.hold(alone=True)
    last = book.newest()
    if last is None or (last.before is None and last.digest == taxonomy().version):
        raise AnalyticsError("There is nothing to undo.", "没有可以撤销的修改。")
    return go_back(last.before, by=by)


@verb
def go_back(to: TaxonomyVersion | None, *, by: User) -> TaxonomyVersion:
    """The list as it was in an earlier version, or as it is shipped; as a version of its own."""
    engine.hold(alone=True)
    details = {"to": to.number if to else 0}
    version = _write(What.UNDONE, book.reasons_of(to), book.owners_of(to), by=by, code="", details=details)
    TaxonomyVersion.objects.filter(pk=version.pk).update(before=to.before if to else None)
    version.refresh_from_db()
    return version


@verb
def take(reasons: Taxonomy, *, by: User, owners: book.Owners | None = None) -> TaxonomyVersion:
    """A whole list, from a file."""
    engine.hold(alone=True)
    for reason in reasons:
        _checked(reason)
    kept = book.owners() if owners is None else owners
    return _write(What.IMPORTED, reasons, kept, by=by, code="", details={"n": len(reasons)})


def drafted(
    *, zh: str, en: str = "", keywords: Words = (), lookalikes: Words = (), examples: Words = ()
) -> Reason:
    """A reason that is not yet in the list, with a code that no other has or had."""
    made = Reason(_free_code(en or zh), "", "", ())
    return edited(made, zh=zh, en=en, keywords=keywords, lookalikes=lookalikes, examples=examples)


def edited(
    reason: Reason,
    *,
    zh: str | None = None,
    en: str | None = None,
    keywords: Words | None = None,
    lookalikes: Words | None = None,
    examples: Words | None = None,
) -> Reason:
    """The reason with what was given, checked; nothing is saved."""
    return _checked(
        reason._replace(
            label_zh=reason.label_zh if zh is None else zh.strip(),
            label_en=reason.label_en if en is None else en.strip(),
            keywords=reason.keywords if keywords is None else _tidy(keywords),
            lookalikes=reason.lookalikes if lookalikes is None else _tidy(lookalikes),
            examples=reason.examples if examples is None else _tidy(examples),
        )
    )


def _save(
    what: str, reasons: Taxonomy, *, by: User, code: str, owner: str | None = None, **details: Any
) -> TaxonomyVersion:
    owners = book.owners()
    if owner is not None:
        owners = {**owners, code: owner}
    return _write(what, reasons, owners, by=by, code=code, details=details)


def _write(
    what: str, reasons: Taxonomy, owners: book.Owners, *, by: User, code: str, details: dict[str, Any]
) -> TaxonomyVersion:
    last = book.newest()
    content = book.content(reasons, owners)
    if last and last.content == content:
        return last
    labels_alike = _looked_for(book.in_use()) == _looked_for(reasons)
    version = TaxonomyVersion.objects.create(
        number=last.number + 1 if last else 1,
        digest=reasons.version,
        content=content,
        what=what,
        code=code,
        details=details,
        before=last,
        by=by,
    )
    _name(reasons)
    name = book.called(reasons.reason(code)) if code else ""
    record(ReasonsChanged(number=version.number, what=what, code=code, name=name), by=by)
    if not labels_alike:
        relabelling.start(by=by, why=Relabelling.Why.REASONS)
    return version


def _looked_for(reasons: Taxonomy) -> list[Reason]:
    """All that labels depend on: what a reason is called is not."""
    plain = {"label_zh": "", "label_en": "", "group": ""}
    return sorted(reason._replace(**plain) for reason in (*reasons, *reasons.retired))


def _name(reasons: Taxonomy) -> None:
    """Charts call a reason what the list calls it, also one that is retired."""
    shipped = {reason.code: reason for reason in taxonomy()}
    own = [
        reason
        for reason in (*reasons, *reasons.retired)
        if reason.code not in shipped or _names(shipped[reason.code]) != _names(reason)
    ]
    Label.objects.filter(dimension="reason").exclude(code__in=[reason.code for reason in own]).delete()
    for reason in own:
        names = {"name": reason.label_zh or reason.label_en, "name_en": reason.label_en}
        Label.objects.update_or_create(dimension="reason", code=reason.code, defaults=names)
    cache.delete_many([f"names:reason:{language}" for language, _ in settings.LANGUAGES])


def _names(reason: Reason) -> tuple[str, str]:
    return reason.label_zh, reason.label_en


def _free_code(name: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40] or "reason"
    taken = {one["code"] for v in TaxonomyVersion.objects.all() for one in v.content.get("reasons", [])}
    taken |= {reason.code for reason in taxonomy()}
    return next(
        code for n in range(len(taken) + 2) if (code := stem if n == 0 else f"{stem}_{n + 1}") not in taken
    )


def _tidy(words: Words) -> tuple[str, ...]:
    return tuple(word for each in words if (word := each.strip()))


def _changed(before: Reason, after: Reason) -> dict[str, Any]:
    """What a version says that it changed."""
    found: dict[str, Any] = {}
    for name in ("keywords", "lookalikes", "examples"):
        old, new = set(getattr(before, name)), set(getattr(after, name))
        if old != new:
            found[name] = {"added": sorted(new - old)[:50], "removed": sorted(old - new)[:50]}
    if _names(before) != _names(after):
        found["names"] = {"before": list(_names(before)), "after": list(_names(after))}
    return found


def _checked(reason: Reason) -> Reason:
    words = (*reason.keywords, *reason.lookalikes)
    wrong = [
        (not reason.label_zh and not reason.label_en, "A reason needs a name.", "原因需要名称。"),
        (
            max(len(reason.label_zh), len(reason.label_en)) > LONGEST_NAME,
            f"A name has at most {LONGEST_NAME} characters.",
            f"名称最多 {LONGEST_NAME} 个字符。",
        ),
        (
            len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words),
            f"At most {MOST_WORDS} keywords of at most {LONGEST_WORD} characters.",
            f"最多 {MOST_WORDS} 个关键词，每个最多 {LONGEST_WORD} 个字符。",
        ),
        (
            any(len(text) > LONGEST_EXAMPLE for text in reason.examples),
            f"An example has at most {LONGEST_EXAMPLE} characters.",
            f"每条示例最多 {LONGEST_EXAMPLE} 个字符。",
        ),
    ]
    for is_wrong, en, zh in wrong:
        if is_wrong:
            raise AnalyticsError(en, zh)
    return reason
