"""What fits reach on rows they did not see: within a set, in a new domain, from few scored comments."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import numpy as np

from voiceloop.analytics.text.evaluate import evaluate_sentiment
from voiceloop.analytics.text.learning import fit, fit_sentiment, fitting
from voiceloop.bench.figures import beside
from voiceloop.bench.text_data import SEED, Labelled, Sets

CALIBRATED = 0.03


class Aim(NamedTuple):
    """Accuracy of a plain linear model on other parts of the set; accuracy and macro-F1 that we want."""

    floor: float
    accuracy: float
    macro_f1: float | None = None


SETS = {
    "zh_hotel": Aim(0.907, 0.93),
    "zh_waimai": Aim(0.898, 0.91),
    "zh_shopping": Aim(0.941, 0.955),
    "airline_tweets": Aim(0.801, 0.84, 0.79),
    "airline_tweets_reasons": Aim(0.614, 0.614),
    "zh_car_topic": Aim(0.777, 0.777),
    "zh_car_sentiment": Aim(0.70, 0.70),
    "banking77": Aim(0.89, 0.89),
    "zh_gov_routing": Aim(0.92, 0.92),
}
CURVES = ("zh_waimai", "zh_hotel", "zh_shopping")
SCORED = (0, 100, 300, 1000, 2000, 4000)
TESTED = 4000
# Rows of each domain: enough to learn a domain, few enough to fit twelve times.
OF_DOMAIN = 2500
# Both hold reviews of hotels: neither may teach the other.
HOTELS = ("zh_hotel", "酒店")


def fitted(sets: Sets, name: str) -> dict[str, Any]:
    """Cross-validated figures of what `voiceloop text fit` makes of a set."""
    data, aim = sets[name], SETS[name]
    began = time.process_time()
    model, report = fit(*data)
    seconds = time.process_time() - began
    aims = {
        "floor": beside(round(report.accuracy, 4), at_least=aim.floor),
        "accuracy": beside(round(report.accuracy, 4), at_least=aim.accuracy),
        "calibration_error": beside(round(report.calibration_error, 4), below=CALIBRATED),
    }
    if aim.macro_f1:
        aims["macro_f1"] = beside(round(report.macro_f1, 4), at_least=aim.macro_f1)
    figures = {key: round(value, 4) for key, value in report._asdict().items()}
    return {**figures, "labels": len(model.labels), "cpu_seconds": round(seconds, 1), "aims": aims}


def never_seen(sets: Sets) -> dict[str, Any]:
    """Accuracy in each domain of a model that learned from all the others."""
    domains = {name: data.some(OF_DOMAIN) for name, data in sets.domains.items()}
    texts = [text for data in domains.values() for text in data.texts]
    truth = np.array([int(label) for data in domains.values() for label in data.labels])
    of = np.concatenate([np.full(len(data.texts), i) for i, data in enumerate(domains.values())])
    fold = np.where(np.isin(of, [list(domains).index(name) for name in HOTELS]), len(domains), of)
    data = fitting.material(texts, truth, np.ones(len(truth)), 2)
    margins = fitting.held_out(data, fold, fitting.chosen(data, SEED, fold=fold % 4))
    right = (np.argmax(margins, axis=1) == truth).astype(float)
    by_domain = {name: round(float(right[of == i].mean()), 3) for i, name in enumerate(domains)}
    shipped = {name: round(evaluate_sentiment(*data).accuracy, 3) for name, data in domains.items()}
    mean = round(float(np.mean(list(by_domain.values()))), 4)
    return {
        "definition": f"{len(domains)} domains of at most {OF_DOMAIN} rows; both hotel sets held out at once",
        "accuracy": by_domain,
        "mean": mean,
        "shipped_model": shipped,
        "shipped_mean": round(float(np.mean(list(shipped.values()))), 4),
        "aims": {"floor": beside(mean, at_least=0.873), "mean": beside(mean, at_least=0.90)},
    }


def curve(sets: Sets, name: str) -> dict[str, Any]:
    """Accuracy and calibration on other comments after so many scored comments of the company's own."""
    data = sets[name].some(10**9)
    tested = Labelled(data.texts[-TESTED:], data.labels[-TESTED:])
    left = len(data.texts) - len(tested.texts)
    found: dict[str, Any] = {}
    for n in [n for n in SCORED if n <= max(left, 0)]:
        labels = [1 if label == "1" else -1 for label in data.labels[:n]]
        model = fit_sentiment(data.texts[:n], labels)
        figures = evaluate_sentiment(*tested, model.model)
        found[str(n)] = {
            "chosen": model.chosen,
            "accuracy": round(figures.accuracy, 4),
            "calibration_error": round(figures.calibration_error, 4),
        }
    if found:
        last = list(found.values())[-1]
        found["aims"] = {"calibration_error": beside(last["calibration_error"], below=CALIBRATED)}
    return found
