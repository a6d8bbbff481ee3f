"""What an agent sends, and how a way in is set up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.models import Case, Inlet, Thread
from voiceloop.server.act.threads import page, threads
from voiceloop.server.act.threads.files import Upload
from voiceloop.server.collect import channels
from voiceloop.server.core.models import Unit, User


class ReplyForm(forms.Form):
    way = forms.CharField(max_length=40)
    text = forms.CharField(
        max_length=threads.LONGEST, required=False, error_messages={"required": _("Say something first.")}
    )
    key = forms.CharField(max_length=64, required=False)

    def __init__(self, data: Any, uploaded: list[Any], *, case: Case) -> None:
        super().__init__(data)
        self.case, self.uploaded = case, uploaded

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("text", "").strip() and not self.uploaded:
            self.add_error("text", _("Write something, or attach a file."))
        if data.get("way") not in {way.value for way in page.ways_of(self.case)}:
            self.add_error("way", _("Choose how the customer is answered."))
        return data

    def thread(self) -> Thread:
        kind, _colon, word = self.cleaned_data["way"].partition(":")
        if kind == "thread":
            found: Thread = self.case.threads.get(pk=int(word))
            return found
        address = channels.channel(word).address_of(self.case.customer) if self.case.customer else ""
        return threads.thread_to(self.case, channel=word, address=address)

    def uploads(self) -> list[Upload]:
        """Read only as far as a file may be long; the rest is not needed to refuse it."""
        return uploads(self.uploaded)


def uploads(uploaded: list[Any]) -> list[Upload]:
    from voiceloop.server.act.threads.files import MOST_BYTES, MOST_FILES

    return [Upload(one.name or "file", one.read(MOST_BYTES + 1)) for one in uploaded[: MOST_FILES + 1]]


class InletForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs only
    class Meta:
        model = Inlet
        fields = ["name", "unit", "greeting", "app_id", "token", "secret", "is_open"]
        labels = {
            "name": _("Name of the way in"),
            "unit": _("New cases belong to"),
            "greeting": _("Greeting"),
            "app_id": _("AppID"),
            "is_open": _("Takes messages"),
        }
        help_texts = {
            "greeting": _("The first words a visitor reads; empty for the usual ones."),
            "is_open": _("Closed, it takes no new messages; what was said stays."),
        }

    token = forms.CharField(
        label=_("Token"),
        required=False,
        max_length=80,
        help_text=_("As set at the official account; empty keeps the one that is stored."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=_("AppSecret"),
        required=False,
        max_length=120,
        help_text=_("Needed to answer later than at once; empty keeps the one that is stored."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = Unit.objects.visible_to(user).in_tree_order()  # type: ignore[attr-defined]
        if self.instance.channel != Inlet.Channel.WECHAT:
            for name in ("app_id", "token", "secret"):
                del self.fields[name]
        if self.instance.channel != Inlet.Channel.CHAT:
            del self.fields["greeting"]

    def clean(self) -> dict[str, Any]:
        """A secret that is left empty stays as it was."""
        data: dict[str, Any] = super().clean() or {}
        for name in {"token", "secret"} & self.fields.keys():
            data[name] = data.get(name) or self.initial.get(name)
        return data
