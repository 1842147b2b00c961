"""Several series at once: units, ragged ends, the rule of halves, and that nothing later is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from regionsim.drivers.backtest.origins import backtest, one_origin, origins_of
from regionsim.drivers.forecast import MEMBER_STEPS, forecast
from regionsim.drivers.series import Series
from tests.unit.drivers.examples import FIRST, related, seasonal, walk

DRAWS = 80


def block(n: int = 100) -> list[Series]:
    return [*related(n), seasonal(n=n)]


@pytest.mark.parametrize("factor", [1e3, 1e6])
def test_forecasts_do_not_depend_on_the_unit(factor: float) -> None:
    """Two of four series in another unit: the same numbers in it."""
    plain = block()
    scaled = [replace(s, values=s.values * (factor if i % 2 else 1)) for i, s in enumerate(plain)]
    one, other = (forecast(s, plain[0].last + 16, DRAWS, 1) for s in (plain, scaled))
    units = np.array([factor if i % 2 else 1.0 for i in range(4)])
    assert np.allclose(one.values(one.default) * units, other.values(other.default), rtol=1e-9)


def test_a_level_series_does_not_depend_on_the_unit_either() -> None:
    s = walk(n=100, log=False)
    one, other = (forecast([replace(s, values=s.values * f)], s.last + 8, DRAWS, 1) for f in (1.0, 1e6))
    assert np.allclose(one.values(one.default) * 1e6, other.values(other.default), rtol=1e-9)


def test_half_of_the_sample_is_the_bvar_and_an_eighth_each_member() -> None:
    paths = forecast(block(), block()[0].last + 8, DRAWS, 1)
    assert set(paths.margins) == {"ets", "airline", "level", "theta", "pool", "bvar"}
    for i in range(4):
        values = paths.default[:, 5, i]
        assert np.isin(values, paths.margins["bvar"][:, 5, i]).sum() == DRAWS // 2
        for member in ("ets", "airline", "level", "theta"):
            assert np.isin(values, paths.margins[member][:, 5, i]).sum() == DRAWS // 8


def test_a_series_alone_gets_the_pool() -> None:
    s = seasonal()
    paths = forecast([s], s.last + 6, DRAWS, 1)
    assert "bvar" not in paths.margins
    assert (np.sort(paths.default, axis=0) == np.sort(paths.margins["pool"], axis=0)).all()
    members = [np.isin(paths.default[:20, 3, 0], paths.margins[m][:, 3, 0]).sum() for m in ("ets", "theta")]
    assert min(members) > 0  # a few paths are of several members, not of the first


def test_what_was_observed_for_longer_stands_in_every_path() -> None:
    series = related()
    short = [series[0], *(s.until(s.last - 5) for s in series[1:])]
    paths = forecast(short, series[0].last + 4, DRAWS, 1)
    values = paths.values(paths.default)
    assert values.shape == (DRAWS, 9, 3)
    assert np.allclose(values[:, :5, 0], series[0].values[-5:], rtol=1e-9)
    assert np.ptp(values[:, :5, 1], axis=0).min() > 0
    assert np.ptp(values[:, 5:, 0], axis=0).min() > 0


def test_a_series_known_for_longer_informs_the_others() -> None:
    """Five quarters far above trend in one series lift what the correlated ones are thought to have done."""
    series = related(correlation=0.9)
    boom = series[0].values[-6] * 1.03 ** np.arange(1, 6)
    up = replace(series[0], values=np.concatenate([series[0].values[:-5], boom]))
    short = [s.until(s.last - 5) for s in series[1:]]
    plain, lifted = (forecast([first, *short], up.last, 200, 1) for first in (series[0], up))
    medians = [np.median(p.values(p.margins["bvar"])[:, -1, 1]) for p in (plain, lifted)]
    assert medians[1] > 1.05 * medians[0]


def test_paths_beyond_the_members_horizon_grow_as_the_bvar() -> None:
    """The spread keeps growing and the trend goes on, whatever a damped member would say."""
    series = related(n=116)
    paths = forecast(series, series[0].last + 80, 200, 1)
    values = np.log(paths.values(paths.default)[:, :, 0] / series[0].values[-1])
    growth = (np.median(values[:, 79]) - np.median(values[:, MEMBER_STEPS])) / (79 - MEMBER_STEPS)
    past = np.log(series[0].values[-1] / series[0].values[0]) / 115
    assert growth == pytest.approx(past, abs=0.002)
    assert values[:, 79].std() > 1.7 * values[:, 19].std()


def test_joint_paths_have_the_dependence_of_the_past() -> None:
    series = related(n=116, correlation=0.9)
    paths = forecast(series, series[0].last + 8, 200, 1)
    ranks = paths.default[:, 7].argsort(axis=0).argsort(axis=0)
    assert np.corrcoef(ranks[:, 0], ranks[:, 1])[0, 1] > 0.7


def test_more_paths_with_another_key_are_other_paths() -> None:
    s = block()
    one, same, other = (forecast(s, s[0].last + 4, DRAWS, 1, key).default for key in (0, 0, 1))
    assert (one == same).all() and not (one == other).any()


def test_a_common_history_too_short_for_a_system_still_gives_paths() -> None:
    late = Series("late", FIRST + 90, walk(n=10, seed=9).values)
    paths = forecast([walk(), late], FIRST + 105, DRAWS, 1)
    assert "bvar" not in paths.margins and np.isfinite(paths.default).all()


# Backtest ------------------------------------------------------------------------------------------------------------


def test_an_origin_sees_nothing_later() -> None:
    """Every later observation of every series is another: the forecasts are the same to the bit, the scores are not."""
    series = block()
    origin = series[0].first + 70
    later = [
        replace(s, values=np.where(s.first + np.arange(len(s.values)) > origin, s.values * 1.07, s.values))
        for s in series
    ]
    (_, one, _), (_, other, _) = (one_origin((s, origin, 1)) for s in (series, later))
    for mine, theirs in zip(one, other, strict=True):
        assert [mine[k] for k in ("series", "model", "median", "low", "high")] == [
            theirs[k] for k in ("series", "model", "median", "low", "high")
        ]
        assert mine["crps"] != theirs["crps"]


def test_a_backtest_is_the_same_for_any_number_of_workers() -> None:
    series = related(n=60)[:2]
    assert len(origins_of(series, 10)) == 2
    one, two = (backtest(series, workers=w, every=10) for w in (1, 2))
    assert one.scores.equals(two.scores) and one.energy.equals(two.energy)


def test_a_backtest_tells_of_every_origin() -> None:
    seen: list[int] = []
    series = [walk(n=50)]
    backtest(series, every=3, finished=seen.append)
    assert seen == origins_of(series, 3)
