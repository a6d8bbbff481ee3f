"""A model of who leaves: what it finds in a table, what it refuses to use, and what it explains."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value import candidates, churn
from voiceloop.analytics.value.cells import cells_of

N = 900


def customers(n=N, seed=1):
    """Months as a customer and a monthly contract decide; colour does not."""
    rng = np.random.default_rng(seed)
    months = rng.integers(1, 60, n)
    contract = rng.choice(["monthly", "yearly"], n)
    odds = 1.2 - months / 15 + 1.5 * (contract == "monthly")
    left = rng.random(n) < 1 / (1 + np.exp(-odds))
    return {
        "customer_id": [f"C{i:05d}" for i in range(n)],
        "months": months.tolist(),
        "contract": contract.tolist(),
        "colour": rng.choice(["红", "绿", "蓝"], n).tolist(),
        "senior": rng.choice(["是", "否"], n).tolist(),
        "joined": [f"20{10 + m // 12:02d}-{m % 12 + 1:02d}-15" for m in months.tolist()],
        "left": ["Yes" if one else "No" for one in left.tolist()],
    }


@pytest.fixture(scope="module")
def table():
    return customers()


@pytest.fixture(scope="module")
def model(table):
    return churn.fit(table, "left")


class TestFit:
    @pytest.mark.requirement(80)
    def test_it_predicts_customers_it_has_not_seen(self, model):
        found = model.evaluate(customers(seed=2))
        assert found.auc > 0.75
        assert found.calibration_error < 0.06

    def test_it_finds_what_each_column_is(self, model):
        kinds = {feature.name: feature.kind for feature in model.features}
        assert kinds == {
            "months": "number",
            "contract": "category",
            "colour": "category",
            "senior": "flag",
            "joined": "date",
        }

    def test_it_drops_what_names_the_customer(self, model):
        assert [one.name for one in model.dropped] == ["customer_id"]

    @pytest.mark.requirement(80)
    @pytest.mark.parametrize(
        "name", ["churn_reason", "Churn Score", "CLTV", "left_date", "流失原因", "exit_reason"]
    )
    def test_it_sets_aside_columns_known_only_afterwards(self, table, name):
        rng = np.random.default_rng(3)
        found = churn.fit({**table, name: rng.choice(["a", "b"], N).tolist()}, "left")
        assert name in {one.name for one in found.dropped if one.is_leak}

    def test_it_sets_aside_a_column_that_knows_the_answer_under_any_name(self, table):
        rng = np.random.default_rng(3)
        left = np.array([word == "Yes" for word in table["left"]])
        known = np.where(left, 70, 30) + rng.normal(0, 12, N)
        found = churn.fit({**table, "x1": known.tolist()}, "left")
        (leak,) = [one for one in found.dropped if one.is_leak]
        assert leak.name == "x1"
        assert "AUC" in leak.en
        assert "AUC" in leak.zh

    def test_it_sets_aside_a_column_filled_only_for_those_who_left(self, table):
        note = ["moved" if word == "Yes" else "" for word in table["left"]]
        found = churn.fit({**table, "remark": note}, "left")
        assert "remark" in {one.name for one in found.dropped if one.is_leak}

    def test_it_keeps_what_it_is_told_to_keep(self, table):
        found = churn.fit({**table, "exit_reason": table["colour"]}, "left", keep=["exit_reason"])
        assert "exit_reason" in {feature.name for feature in found.features}

    @pytest.mark.parametrize(
        "words", [("1", "0"), ("True", "False"), ("是", "否"), ("流失", "在网"), ("Churned", "Stayed")]
    )
    def test_it_reads_the_target_in_usual_words(self, table, words):
        target = [words[0] if word == "Yes" else words[1] for word in table["left"]]
        assert churn.fit({**table, "left": target}, "left").rate == pytest.approx(
            np.mean([word == "Yes" for word in table["left"]])
        )

    def test_it_leaves_out_customers_whose_outcome_is_unknown(self, table):
        target = ["" if i < 100 else word for i, word in enumerate(table["left"])]
        found = churn.fit({**table, "left": target}, "left")
        assert (found.n_fit, found.report["n_left_out"]) == (N - 100, 100)

    def test_it_is_tested_on_later_customers_when_told_a_time(self, table):
        found = churn.fit(table, "left", time="joined")
        assert found.report["later"]["n"] > 100
        assert "joined" not in {feature.name for feature in found.features}

    def test_it_is_the_same_again(self, table, model):
        assert churn.fit(table, "left").version == model.version

    @pytest.mark.parametrize(
        ("target", "says"),
        [("colour", "does not say yes or no"), ("gone", "no column gone")],
    )
    def test_it_says_what_is_wrong_with_the_target(self, table, target, says):
        with pytest.raises(AnalyticsError, match=says):
            churn.fit(table, target)

    def test_it_refuses_when_nobody_left(self, table):
        with pytest.raises(AnalyticsError, match="0 customers left"):
            churn.fit({**table, "left": ["No"] * N}, "left")

    def test_it_refuses_a_handful(self):
        with pytest.raises(AnalyticsError, match="too few"):
            churn.fit({"a": list(range(40)), "left": [0, 1] * 20}, "left")


class TestReasons:
    @pytest.mark.requirement(80)
    def test_they_add_up_to_the_risk(self, model, table):
        odds = model.model.decide(model.codes(table))
        parts = model.contributions(table)
        assert np.allclose(parts.sum(axis=1) + model.model.intercept, odds)

    def test_they_name_what_was_planted(self, model, table):
        likely = model.predict(table) > 0.6
        reasons = [
            one for one, is_likely in zip(model.reasons(table, top=1), likely, strict=True) if is_likely
        ]
        planted = sum(first.column in {"months", "contract", "joined"} for (first,) in reasons)
        assert planted > 0.95 * len(reasons)

    def test_they_show_the_customer_s_own_value(self, model):
        (reasons,) = model.reasons({"months": [1], "contract": ["monthly"]})
        assert {(reason.column, reason.value) for reason in reasons} >= {("contract", "monthly")}
        assert all(reason.odds > 1 for reason in reasons)


class TestPredict:
    def test_the_order_of_rows_and_columns_does_not_matter(self, model, table):
        turned = {name: values[::-1] for name, values in reversed(table.items())}
        today = churn.latest_day(cells_of(table), model.features)
        assert np.allclose(model.predict(turned, today=today)[::-1], model.predict(table, today=today))

    def test_names_may_differ_in_case_and_marks(self, model, table):
        other = {name.upper() + "_": values for name, values in table.items()}
        assert np.allclose(model.predict(other), model.predict(table))

    def test_a_missing_column_counts_as_missing_and_is_said(self, model, table):
        less = {name: values for name, values in table.items() if name != "months"}
        assert np.all(np.isfinite(model.predict(less)))
        assert "months" in model.notes(less)[0][0]

    def test_a_level_never_seen_is_scored_and_said(self, model, table):
        other = {**table, "contract": ["three years"] * N}
        assert np.all(np.isfinite(model.predict(other)))
        assert any("never saw" in en for en, _ in model.notes(other))

    def test_another_table_altogether_is_refused(self, model):
        with pytest.raises(AnalyticsError, match="none of the model's columns"):
            model.predict({"x": [1, 2]})


class TestDrift:
    def test_the_same_customers_are_stable(self, model, table):
        assert {one.verdict for one in model.drift(table)} == {"stable"}

    def test_a_column_that_changed_is_named_first(self, model):
        other = {**customers(seed=5), "contract": ["monthly"] * N}
        first = model.drift(other)[0]
        assert (first.column, first.verdict) == ("contract", "changed")

    def test_a_dozen_customers_prove_nothing(self, model, table):
        few = {name: values[:12] for name, values in table.items()}
        assert "changed" not in {one.verdict for one in model.drift(few)}


class TestSave:
    def test_it_comes_back_as_it_was(self, model, table, tmp_path):
        model.save(tmp_path / "m.churn")
        again = churn.ChurnModel.load(tmp_path / "m.churn")
        assert again.version == model.version
        assert np.array_equal(again.predict(table), model.predict(table))
        assert again.reasons(table)[0] == model.reasons(table)[0]

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello", b"\x80\x04pickle"])
    def test_another_file_is_refused(self, tmp_path, content):
        path = tmp_path / "x"
        path.write_bytes(content)
        with pytest.raises(AnalyticsError, match="is not a churn model"):
            churn.ChurnModel.load(path)


class TestCandidates:
    def test_the_tables_of_boosted_trees_are_the_trees(self, table):
        cells = cells_of(table)
        features, labels = (
            churn.prepared(
                {k: v for k, v in cells.items() if k != "customer_id"},
                churn.labels_of(cells["left"], "left"),
                "left",
                (),
                (),
                None,
            )[0],
            churn.labels_of(cells["left"], "left"),
        )
        codes = churn.codes_of(features, cells)
        orders = [candidates._order(f, codes[:, j], labels) for j, f in enumerate(features)]
        seen = np.stack([order[codes[:, j]] for j, order in enumerate(orders)], axis=1)
        trees = HistGradientBoostingClassifier(
            interaction_cst="pairwise",
            learning_rate=0.03,
            max_iter=150,
            max_leaf_nodes=5,
            min_samples_leaf=6,
            l2_regularization=10.0,
            max_features=0.3,
            early_stopping=False,
            random_state=candidates.SEED,
        ).fit(seen, labels)
        ours = candidates.boosted(features, codes, labels).decide(codes)
        assert np.allclose(ours, trees.decision_function(seen))
