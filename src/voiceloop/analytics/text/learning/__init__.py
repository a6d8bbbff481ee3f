"""Learning labels from labelled texts: any set of labels, and a company's own sentiment."""

from voiceloop.analytics.text.learning.classifier import Classifier, Prediction
from voiceloop.analytics.text.learning.company import SentimentFit, fit_sentiment, score_label
from voiceloop.analytics.text.learning.fitting import Fitted, fit
from voiceloop.analytics.text.learning.scoring import Report

__all__ = [
    "Classifier",
    "Fitted",
    "Prediction",
    "Report",
    "SentimentFit",
    "fit",
    "fit_sentiment",
    "score_label",
]
