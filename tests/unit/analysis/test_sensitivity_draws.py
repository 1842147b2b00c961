"""Rank correlations and flipped rankings on draws whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from regionsim.analysis.sensitivity import flips, prcc
from regionsim.state.errors import InputError


def drawn(draws: int, parameters: int, seed: int = 1) -> pd.DataFrame:
    values = np.random.default_rng(seed).random((draws, parameters))
    return pd.DataFrame(values, columns=[f"p{i}" for i in range(parameters)])


# Rank correlations --------------------------------------------------------------------------------------------------


def test_a_monotone_function_has_its_signs_and_an_idle_parameter_is_near_zero() -> None:
    x = drawn(400, 4)
    y = np.exp(4 * x["p0"]) - 20 * x["p1"] ** 3 + np.random.default_rng(2).normal(0, 3, 400)
    found = prcc(x, y.to_numpy())
    assert list(found.columns) == ["parameter", "prcc", "low", "high", "p", "screened"]
    assert set(found["parameter"][:2]) == {"p0", "p1"}
    by = found.set_index("parameter")
    assert by.loc["p0", "prcc"] > 0.8 and by.loc["p1", "prcc"] < -0.6
    assert by.loc[["p2", "p3"], "prcc"].abs().max() < 0.12
    assert by.loc["p0", "p"] < 1e-9 and by.loc[["p2", "p3"], "p"].min() > 0.01
    assert ((found["low"] < found["prcc"]) & (found["prcc"] < found["high"])).all()
    assert not found["screened"].any()


def test_what_only_goes_along_with_a_cause_is_no_cause() -> None:
    x = drawn(500, 2)
    x["shadow"] = x["p0"] + 0.3 * np.random.default_rng(3).normal(size=500)
    y = (x["p0"] - 0.5 * x["p1"] + 0.05 * np.random.default_rng(4).normal(size=500)).to_numpy()
    assert stats.spearmanr(x["shadow"], y).statistic > 0.5
    by = prcc(x, y).set_index("parameter")["prcc"]
    assert abs(by["shadow"]) < 0.15
    assert by["p0"] > 0.9 and by["p1"] < -0.9


def test_it_is_the_correlation_of_what_the_others_leave_unexplained() -> None:
    x = drawn(60, 3)
    y = (x["p0"] + x["p1"] * x["p2"]).to_numpy()
    ranks, target = stats.rankdata(x, axis=0), stats.rankdata(y)
    by = prcc(x, y).set_index("parameter")["prcc"]
    for j in range(3):
        explain = np.column_stack([np.ones(60), np.delete(ranks, j, axis=1)])
        left = [v - explain @ np.linalg.lstsq(explain, v, rcond=None)[0] for v in (ranks[:, j], target)]
        assert by[f"p{j}"] == pytest.approx(np.corrcoef(*left)[0, 1])


def test_p_values_and_ranges_of_no_relation_are_what_they_say() -> None:
    trials = [prcc(drawn(30, 5, seed), np.random.default_rng(seed + 900).random(30)) for seed in range(200)]
    found = pd.concat(trials)
    assert (found["p"] < 0.1).mean() == pytest.approx(0.1, abs=0.03)
    assert ((found["low"] < 0) & (found["high"] > 0)).mean() == pytest.approx(0.8, abs=0.04)


def test_with_too_few_draws_the_strongest_are_kept_and_that_is_said() -> None:
    x = drawn(40, 60)
    y = (5 * x["p7"] - 4 * x["p30"]).to_numpy()
    found = prcc(x, y)
    assert len(found) == 10 and found["screened"].all()
    assert set(found["parameter"][:2]) == {"p7", "p30"}
    assert not prcc(x.iloc[:, :35], y)["screened"].any()  # 40 draws are enough for 35
    assert prcc(x.iloc[:, :36], y)["screened"].all()


def test_constant_parameters_and_missing_results_are_left_out() -> None:
    x = drawn(30, 3).assign(same=2.0)
    y = x["p1"].to_numpy() ** 2
    y[[3, 9]] = np.nan
    found = prcc(x, y)
    assert sorted(found["parameter"]) == ["p0", "p1", "p2"]
    kept = np.isfinite(y)
    pd.testing.assert_frame_equal(found, prcc(x[kept], y[kept]))


@pytest.mark.filterwarnings("error")
def test_what_cannot_be_told_apart_is_not_told() -> None:
    x = drawn(30, 2)
    twice = prcc(x.assign(copy=3 * x["p0"]), np.random.default_rng(1).random(30)).set_index("parameter")
    assert twice.loc[["p0", "copy"], "prcc"].isna().all() and np.isfinite(twice.loc["p1", "prcc"])
    constant = prcc(x, np.ones(30))
    assert (constant["prcc"] == 0).all() and (constant["p"] == 1).all()
    exact = prcc(x, x["p0"].to_numpy()).set_index("parameter")
    assert exact.loc["p0", "prcc"] == pytest.approx(1) and exact.loc["p1", "prcc"] == 0
    assert prcc(x.assign(p0=1.0, p1=1.0), np.arange(30.0)).empty


def test_draws_that_do_not_match_are_refused() -> None:
    x = drawn(20, 2)
    with pytest.raises(InputError) as caught:
        prcc(x.assign(p1=np.nan), np.ones(19))
    assert len(caught.value.faults) == 2
    with pytest.raises(InputError, match="8 draws"):
        prcc(x[:8], np.ones(8))


# Flips --------------------------------------------------------------------------------------------------------------


def three_plans(x: pd.DataFrame) -> pd.DataFrame:
    """'steady' pays 1 and 'risky' more where p1 is high, less where it is low; 'poor' is always behind."""
    noise = np.random.default_rng(5).normal(0, 0.2, (len(x), 3))
    return pd.DataFrame({"poor": -2.0, "risky": 4 * x["p1"] - 1.2, "steady": 1.0}) + noise


def test_a_flip_is_found_and_named() -> None:
    x = drawn(90, 4)
    found = flips(x, three_plans(x))
    first = found.iloc[0]
    assert (first["parameter"], {first["better"], first["other"]}) == ("p1", {"risky", "steady"})
    assert first["flips"] and first["low_known"] and first["high_known"]
    assert first["in_low_third"] * first["in_high_third"] < 0
    assert "poor" not in set(found["better"]) | set(found["other"])
    payoff = three_plans(x).mean()
    assert first["better"] == payoff.idxmax()
    assert first["difference"] == pytest.approx(payoff[first["better"]] - payoff[first["other"]])
    assert found["flips"].sum() == 1


def test_real_flips_come_first_then_the_widest() -> None:
    found = pd.concat([flips(x := drawn(60, 8, seed), three_plans(x)) for seed in range(5)], keys=range(5))
    for _, one in found.groupby(level=0):
        assert one["flips"].is_monotonic_decreasing
        for _, group in one.groupby("flips"):
            assert (group["in_high_third"] - group["in_low_third"]).abs().is_monotonic_decreasing
    assert (found["flips"] == (found["low_known"] & found["high_known"])).all()


def test_noise_hardly_ever_flips() -> None:
    x = drawn(60, 20)
    payoff = pd.DataFrame(np.random.default_rng(8).normal(size=(60, 6)), columns=list("abcdef"))
    found = flips(x, payoff)
    assert len(found) > 0  # signs do differ
    assert found["flips"].sum() <= 0.1 * 20 * 5


def test_equal_plans_a_constant_parameter_and_a_single_plan_have_no_flips() -> None:
    x = drawn(30, 2).assign(same=1.0)
    same = pd.DataFrame({"a": x["p0"], "b": x["p0"]})
    for payoff in (same, same[["a"]]):
        found = flips(x, payoff)
        assert found.empty and list(found.columns)[-1] == "flips" and found["flips"].dtype == bool
    assert "same" not in set(flips(x, three_plans(x))["parameter"])


def test_a_draw_without_a_payoff_is_left_out() -> None:
    x = drawn(60, 3)
    payoff = three_plans(x)
    payoff.iloc[7, 0] = np.nan
    there = payoff.notna().all(axis=1)
    pd.testing.assert_frame_equal(flips(x, payoff), flips(x[there], payoff[there]))


def test_flips_need_the_same_draws() -> None:
    x = drawn(20, 2)
    with pytest.raises(InputError, match="same draws"):
        flips(x[:12], three_plans(x))
    with pytest.raises(InputError, match="5 draws"):
        flips(x[:5], three_plans(x)[:5])
