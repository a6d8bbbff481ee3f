"""The answer as slides: a chart that PowerPoint can edit, the finding above it, the table behind it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData as _CategoryChartData
from pptx.dml.color import RGBColor as _RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Length, Pt

from voiceloop.server.measure.exploration import Exploration
from voiceloop.server.measure.exports.content import Content
from voiceloop.server.measure.exports.series import Series, Whisker, series_of

# The library's classes have no types of their own.
RGBColor: Any = _RGBColor
CategoryChartData: Any = _CategoryChartData

WIDE, HIGH = Inches(13.333), Inches(7.5)
EDGE, BODY = Inches(0.6), Inches(12.13)
# The font of Chinese letters; a machine without it takes its own.
LATIN, CHINESE = "Arial", "Microsoft YaHei"
INK, SECOND = RGBColor(0x1C, 0x25, 0x36), RGBColor(0x5D, 0x67, 0x78)
TONES = {
    "": RGBColor(0xC3, 0xCF, 0xF5),
    "better": RGBColor(0x0E, 0x7C, 0x86),
    "worse": RGBColor(0xD9, 0x54, 0x1A),
}
LINES = ("2F55D4", "0E7C86", "D9541A", "A9B5C2", "7A5AF8", "B54708", "1C2536", "4FA9B0", "E08050", "667085")
# What is still read from the back of a room.
MOST_LINES = 14
FORMATS = {"signed": "+0.0;-0.0;0.0", "pct": '0.0"%"', "score": "0.00"}


def deck(answer: Exploration) -> bytes:
    content, made = Content(answer), Presentation()
    made.slide_width, made.slide_height = WIDE, HIGH
    _picture(_slide(made, content), answer, content)
    _table(_slide(made, content), content)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _slide(made: Any, content: Content) -> Any:
    """Title only: its placeholder is what outlines and screen readers go by."""
    slide = made.slides.add_slide(made.slide_layouts[5])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = EDGE, Inches(0.4), BODY, Inches(0.7)
    title.text = f"{content.title} · {content.filter}"
    _set(title.text_frame, Pt(24), INK, bold=True)
    _words(slide, Inches(1.1), "  ".join(filter(None, (content.finding, content.verdict))), Pt(14), INK)
    _words(slide, Inches(6.95), content.footnote, Pt(9), SECOND)
    return slide


def _words(slide: Any, top: Length, text: str, size: Pt, colour: Any) -> None:
    box = slide.shapes.add_textbox(EDGE, top, BODY, Inches(0.4))
    box.text_frame.word_wrap = True
    box.text_frame.text = text
    _set(box.text_frame, size, colour)


def _set(frame: Any, size: Pt, colour: Any, *, bold: bool = False) -> None:
    for paragraph in frame.paragraphs:
        paragraph.alignment = None
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


def _picture(slide: Any, answer: Exploration, content: Content) -> None:
    found = series_of(answer)
    place = (EDGE, Inches(1.7), BODY, Inches(5.1))
    if found is None:
        _words(slide, Inches(3.2), content.said(answer.figure.row.value), Pt(60), INK)
        return
    data = CategoryChartData(number_format=FORMATS.get(content.fmt, "#,##0.0"))
    data.categories = found.names
    for name, values in found.lines.items():
        data.add_series(name, values)
    kind = XL_CHART_TYPE.LINE_MARKERS if found.is_over_time else XL_CHART_TYPE.BAR_CLUSTERED
    _dress(slide.shapes.add_chart(kind, *place, data).chart, found)


def _dress(chart: Any, found: Series) -> None:
    chart.font.size, chart.font.name = Pt(11), LATIN
    _in_chinese(chart.font._element)
    chart.has_title = False
    chart.has_legend = len(found.lines) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.reverse_order = not found.is_over_time
    chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor(0xEE, 0xF0, 0xF3)
    chart.value_axis.format.line.fill.background()
    plot = chart.plots[0]
    if not found.is_over_time:
        plot.gap_width = 60
    for number, series in enumerate(plot.series):
        _paint(series, found, number)


def _paint(series: Any, found: Series, number: int) -> None:
    colour = RGBColor.from_string(LINES[number % len(LINES)])
    if found.is_over_time:
        series.smooth = False
        series.format.line.width, series.format.line.color.rgb = Pt(2.25), colour
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = colour
    else:
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = TONES[""] if len(found.lines) == 1 else colour
        series.invert_if_negative = False
    for at, tone in enumerate(found.tones):
        if tone:
            fill = series.points[at].format.fill
            fill.solid()
            fill.fore_color.rgb = TONES[tone]
    if found.whiskers:
        _whisker(series._element, found.whiskers)


def _whisker(series: Any, lengths: Sequence[Whisker]) -> None:
    """Intervals as error bars: they stand in the schema before the categories."""
    plus, minus = (_literal([pair[side] or 0.0 for pair in lengths]) for side in (1, 0))
    bars = f"""<c:errBars {nsdecls("c", "a")}><c:errDir val="y"/><c:errBarType val="both"/>
        <c:errValType val="cust"/><c:noEndCap val="0"/><c:plus>{plus}</c:plus><c:minus>{minus}</c:minus>
        <c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="475467"/></a:solidFill></a:ln></c:spPr>
        </c:errBars>"""
    series.find(qn("c:cat")).addprevious(parse_xml(bars))


def _literal(values: Sequence[float]) -> str:
    points = "".join(f'<c:pt idx="{at}"><c:v>{value!r}</c:v></c:pt>' for at, value in enumerate(values))
    count = f'<c:ptCount val="{len(values)}"/>'
    return f"<c:numLit><c:formatCode>General</c:formatCode>{count}{points}</c:numLit>"


def _table(slide: Any, content: Content) -> None:
    head, lines = content.head()[:-3], [line[:-3] for line in content.lines()]
    shown = lines[:MOST_LINES]
    shape = slide.shapes.add_table(len(shown) + 1, len(head), EDGE, Inches(1.7), BODY, Inches(0.32))
    for column, word in enumerate(head):
        _cell(shape.table.cell(0, column), word, bold=True)
    for number, line in enumerate(shown, 1):
        for column, value in enumerate(line):
            _cell(shape.table.cell(number, column), _said(value, content))
    for row in shape.table.rows:
        row.height = Inches(0.32)
    if len(lines) > len(shown):
        _words(slide, Inches(6.6), f"… {len(shown)} / {len(lines)}", Pt(10), SECOND)


def _said(value: Any, content: Content) -> str:
    """n as a count, figures in their unit, words as they are."""
    if value is None or isinstance(value, str):
        return value or "—"
    return f"{value:,}" if isinstance(value, int) else content.said(value)


def _cell(cell: Any, text: str, *, bold: bool = False) -> None:
    cell.text = text
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    _set(cell.text_frame, Pt(11), RGBColor(0xFF, 0xFF, 0xFF) if bold else INK, bold=bold)
