"""What can happen to themes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from voiceloop.server.core.events import EventType


@dataclass(frozen=True, kw_only=True)
class ThemesFound(EventType):
    type: ClassVar[str] = "themes.found"
    sentence: ClassVar[object] = _("%(n)s themes were found, %(n_new)s of them new")
    icon: ClassVar[str] = "message-circle"

    run: int
    n: int
    n_new: int


@dataclass(frozen=True, kw_only=True)
class ThemeChanged(EventType):
    """A person renamed, merged or archived a theme, or took that back."""

    type: ClassVar[str] = "theme.changed"
    about: ClassVar[tuple[str, ...]] = ("theme",)
    sentence: ClassVar[object] = _("%(by)s %(what)s the theme %(name)s")
    icon: ClassVar[str] = "tag"
    WHAT: ClassVar[dict[str, Any]] = {
        "renamed": pgettext_lazy("theme", "renamed"),
        "merged": pgettext_lazy("theme", "merged"),
        "archived": pgettext_lazy("theme", "archived"),
        "restored": pgettext_lazy("theme", "brought back"),
    }

    theme: int
    what: str
    name: str

    def words(self) -> dict[str, Any]:
        return {"what": self.WHAT.get(self.what, self.what)}
