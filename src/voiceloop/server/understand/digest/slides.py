"""The digest as slides: the week at a glance with a chart that can be edited, then one slide a section."""

from __future__ import annotations

import io
from typing import Any

from django.utils.translation import gettext as _
from pptx import Presentation
from pptx.chart.data import CategoryChartData as _CategoryChartData
from pptx.dml.color import RGBColor as _RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Length, Pt

from voiceloop.server.understand.digest import paper, words
from voiceloop.server.understand.digest.compose import Digest
from voiceloop.server.understand.digest.words import Item, Section

# The library's classes have no types of their own.
RGBColor: Any = _RGBColor
CategoryChartData: Any = _CategoryChartData

EDGE, BODY = Inches(0.6), Inches(12.13)
LATIN, CHINESE = "Arial", "Microsoft YaHei"
INK, SECOND = RGBColor(0x1C, 0x25, 0x36), RGBColor(0x5D, 0x67, 0x78)
TONES = {
    "": RGBColor(0x2F, 0x55, 0xD4),
    "bad": RGBColor(0xA8, 0x3C, 0x0C),
    "good": RGBColor(0x0A, 0x5D, 0x65),
}
LANES = ("0E7C86", "D9541A", "2F55D4")
# What is still read from the back of a room: so many characters a line, so many lines a slide.
A_LINE, MOST_LINES = 56, 17


def deck(digest: Digest) -> bytes:
    made = Presentation()
    made.slide_width, made.slide_height = Inches(13.333), Inches(7.5)
    _first(_slide(made, words.title(digest), digest), digest)
    for section in _joined(words.sections(digest)[1:]):
        for part in _parts(section):
            _section(_slide(made, section.title, digest, TONES[section.tone]), part)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _slide(made: Any, title: str, digest: Digest, colour: Any = INK) -> Any:
    slide = made.slides.add_slide(made.slide_layouts[5])
    box = slide.shapes.title
    box.left, box.top, box.width, box.height = EDGE, Inches(0.35), BODY, Inches(0.7)
    box.text = title
    _set(box.text_frame, Pt(26), colour, bold=True)
    _words(slide, Inches(6.98), [(paper.footnote(digest), Pt(9), SECOND)])
    return slide


def _first(slide: Any, digest: Digest) -> None:
    head = [(words.period(digest), Pt(12), SECOND), (words.headline(digest), Pt(18), INK)]
    _words(slide, Inches(1.05), head)
    for number, tile in enumerate(paper.tiles(digest)):
        lines = [
            (tile["label"], Pt(12), SECOND),
            (f"{tile['value']}  {tile['unit']}", Pt(22), INK),
            (tile["note"], Pt(10), SECOND),
        ]
        _words(slide, Inches(2.1), lines, left=Inches(0.6 + number * 3.05), width=Inches(2.95))
    _chart(slide, digest)


def _chart(slide: Any, digest: Digest) -> None:
    """The three shares of the weeks before and of this one, as bars that PowerPoint can edit."""
    data = CategoryChartData(number_format='0.0"%"')
    data.categories = [_("weeks before"), _("this week")]
    for lane in digest.lanes:
        now, change = lane.row.value, lane.change
        then = None if now is None or change is None or change.difference is None else now - change.difference
        data.add_series(lane.name, [then, now])
    place = (EDGE, Inches(3.4), BODY, Inches(3.45))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data).chart
    chart.font.size, chart.font.name = Pt(12), LATIN
    _in_chinese(chart.font._element)
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 60, True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = '0.0"%"', False
    for series, colour in zip(plot.series, LANES, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(colour)


def _parts(section: Section) -> list[list[tuple[str, Pt, Any]]]:
    """The lines of a section, cut into slides where they would run off; a quote keeps its place."""
    blocks: list[list[tuple[str, Pt, Any]]] = []
    for item in section.items:
        blocks += [[(item.line, Pt(16), INK)]] if item.line else []
        blocks += [[(f"“{text}”", Pt(15), INK), (where, Pt(11), SECOND)] for text, where in item.quotes]
    parts: list[list[tuple[str, Pt, Any]]] = [[]]
    height = 0.0
    for block in blocks:
        needed = sum((1 + len(text) // A_LINE) * (1.0 if size > Pt(12) else 0.8) for text, size, _ in block)
        if parts[-1] and height + needed > MOST_LINES:
            parts.append([])
            height = 0.0
        parts[-1] += block
        height += needed
    return parts


def _joined(sections: list[Section]) -> list[Section]:
    """What three voices said fits on one slide."""
    heard = [one for one in sections if all(not item.line for item in one.items)]
    if len(heard) < 2:
        return sections
    items = [Item(one.title, one.items[0].quotes[:2]) for one in heard]
    at = sections.index(heard[0])
    rest = [one for one in sections if one not in heard]
    return [*rest[:at], Section(_("In their words"), items), *rest[at:]]


def _section(slide: Any, lines: list[tuple[str, Pt, Any]]) -> None:
    _words(slide, Inches(1.3), lines, gap=Pt(6))


def _words(
    slide: Any,
    top: Length,
    lines: list[tuple[str, Pt, Any]],
    *,
    left: Length = EDGE,
    width: Length = BODY,
    gap: Pt | None = None,
) -> None:
    frame = slide.shapes.add_textbox(left, top, width, Inches(0.4)).text_frame
    frame.word_wrap = True
    for number, (text, size, colour) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = text
        if gap is not None:
            paragraph.space_after = gap
        _set_paragraph(paragraph, size, colour)


def _set(frame: Any, size: Pt, colour: Any, *, bold: bool = False) -> None:
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        _set_paragraph(paragraph, size, colour, bold=bold)


def _set_paragraph(paragraph: Any, size: Pt, colour: Any, *, bold: bool = False) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.bold, run.font.name = size, bold, LATIN
        run.font.color.rgb = colour
        _in_chinese(run.font._element)


def _in_chinese(properties: Any) -> None:
    """PowerPoint sets Chinese in the East Asian font, which python-pptx has no word for."""
    element = properties.find(qn("a:ea"))
    if element is None:
        element = properties.makeelement(qn("a:ea"), {})
        properties.append(element)
    element.set("typeface", CHINESE)
