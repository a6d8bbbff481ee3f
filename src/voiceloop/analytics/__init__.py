"""Tables in, numbers out: the figures of the product, without a server."""

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.files import FileSource
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.measure import compare, measure
from voiceloop.analytics.registry import metrics

__all__ = ["AnalyticsError", "FileSource", "Lake", "compare", "measure", "metrics"]
