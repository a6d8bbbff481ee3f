"""What can happen to saved views and to the mails that answer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class OfView(EventType):
    """All that happens to a view says which."""

    type: ClassVar[str] = ""
    about: ClassVar[tuple[str, ...]] = ("saved_view",)
    icon: ClassVar[str] = "bookmark"

    saved_view: int
    name: str


@dataclass(frozen=True, kw_only=True)
class ViewSaved(OfView):
    type: ClassVar[str] = "view.saved"
    sentence: ClassVar[object] = _("%(by)s saved the view “%(name)s”")


@dataclass(frozen=True, kw_only=True)
class ViewChanged(OfView):
    type: ClassVar[str] = "view.changed"
    sentence: ClassVar[object] = _("%(by)s changed the view “%(name)s”")


@dataclass(frozen=True, kw_only=True)
class ViewRemoved(OfView):
    type: ClassVar[str] = "view.removed"
    sentence: ClassVar[object] = _("%(by)s deleted the view “%(name)s”")
    icon: ClassVar[str] = "trash"


@dataclass(frozen=True, kw_only=True)
class ViewRestored(OfView):
    type: ClassVar[str] = "view.restored"
    sentence: ClassVar[object] = _("%(by)s brought the view “%(name)s” back")
    icon: ClassVar[str] = "arrow-back-up"


@dataclass(frozen=True, kw_only=True)
class MailPlanned(OfView):
    type: ClassVar[str] = "view.mail_planned"
    sentence: ClassVar[object] = _("%(by)s has the view “%(name)s” mailed to %(n_receivers)s people")
    icon: ClassVar[str] = "mail"

    n_receivers: int


@dataclass(frozen=True, kw_only=True)
class MailEnded(OfView):
    type: ClassVar[str] = "view.mail_ended"
    sentence: ClassVar[object] = _("%(by)s ended the mails of the view “%(name)s”")
    icon: ClassVar[str] = "mail"


@dataclass(frozen=True, kw_only=True)
class MailLeft(OfView):
    type: ClassVar[str] = "view.mail_left"
    sentence: ClassVar[object] = _("%(by)s no longer receives the view “%(name)s”")
    icon: ClassVar[str] = "mail"


@dataclass(frozen=True, kw_only=True)
class MailWritten(OfView):
    type: ClassVar[str] = "view.mail_written"
    sentence: ClassVar[object] = _("The view “%(name)s” was mailed to %(receiver)s")
    icon: ClassVar[str] = "send"

    receiver: str
