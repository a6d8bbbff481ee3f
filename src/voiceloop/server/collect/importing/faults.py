"""Why a row was refused, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FAULTS: dict[str, str | Promise] = {
    "no_number": _("“%(value)s” in %(column)s is not a number."),
    "off_scale": _("%(value)s in %(column)s is not on its scale."),
    "no_date": _("“%(value)s” in %(column)s is not a date."),
    "impossible_date": _("%(value)s in %(column)s cannot be: it lies before 1900 or in the future."),
    "bad_weight": _("The weight %(value)s in %(column)s is not a positive number."),
    "nothing_said": _("The row holds neither a score nor a comment."),
    "unknown_unit": _("There is no store or unit “%(value)s” below yours."),
    "repeated_id": _("The id %(value)s occurs twice in this file."),
    "too_few": _("The row has fewer cells than there are columns."),
    "too_many": _("The row has more cells than there are columns."),
    "undecodable": _("The row holds bytes that are no text in the encoding of the file."),
    "open_quote": _("A quotation mark is opened here and never closed."),
    "blank": _("%(column)s is blank."),
    "unreadable": _("“%(value)s” in %(column)s cannot be read."),
    "no_call": _("“%(value)s” in %(column)s is no real call."),
    "no_amount": _("The row says no amount."),
    "not_json": _("The line is not a JSON object."),
}


def sentence(fault: str, column: str = "", value: str | None = None) -> str:
    return str(FAULTS[fault]) % {"column": column, "value": value or ""}
