"""The spine: typed events, recorded in the transaction of the verb that caused them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Event

if TYPE_CHECKING:
    from voiceloop.server.core.models import Unit, User

P = ParamSpec("P")
R = TypeVar("R")
TYPES: dict[str, type[EventType]] = {}


@dataclass(frozen=True, kw_only=True)
class EventType:
    """Subclass it with a `type`, the fields that are ids in `about`, and the `sentence` people read."""

    type: ClassVar[str]
    about: ClassVar[tuple[str, ...]] = ()
    sentence: ClassVar[Any] = ""
    icon: ClassVar[str] = "point"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("type"):
            TYPES[cls.type] = cls

    def subjects(self) -> list[str]:
        pairs = ((noun, getattr(self, noun)) for noun in self.about)
        return [f"{noun}:{pk}" for noun, pk in pairs if pk is not None]

    def sentence_for(self, event: Event) -> str:
        values = {f.name: getattr(self, f.name) for f in fields(self)} | self.words()
        return str(self.sentence) % {**values, "by": event.by or _("Voiceloop")}

    def words(self) -> dict[str, Any]:
        """Values of the sentence that must be put into the reader's language."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Unknown(EventType):
    """An event of a type that this version no longer has."""

    name: str

    def sentence_for(self, event: Event) -> str:
        return self.name


def load(event: Event) -> EventType:
    cls = TYPES.get(event.type)
    if cls is None:
        return Unknown(name=event.type)
    known = {f.name for f in fields(cls)}
    try:
        return cls(**{k: v for k, v in event.data.items() if k in known})
    except TypeError:
        # Written by a version that said less: the log must stay readable.
        return Unknown(name=event.type)


def record(event: EventType, *, by: User | None = None, unit: Unit | None = None, note: str = "") -> Event:
    """Write what happened, in the caller's transaction; the reactor hears of it at commit."""
    return Event.objects.create(
        type=event.type, by=by, unit=unit, about=event.subjects(), data=asdict(event), note=note
    )


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a change of state: all of it happens in one transaction, or nothing does."""

    @wraps(function)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            return function(*args, **kwargs)

    whole.is_verb = True  # type: ignore[attr-defined]
    return whole
