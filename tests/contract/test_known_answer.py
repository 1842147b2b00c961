"""Worlds with a known answer: what the chain from study to table finds of an additive lever is what was put in.

In the real model nights of visitors are such an outcome: nothing of the region acts on them, and `winter_visitors` adds
a share of what they are without a plan. In an invented world every unit of a measure adds people in work, or takes some
away, by a number of its world and draw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.typing import NDArray

from regionsim.analysis.attribution import attribution_table
from regionsim.analysis.effects import effect_table, total_effect
from regionsim.analysis.robustness import payoffs, regret_table
from regionsim.ensemble.engines import EngineSettings
from regionsim.ensemble.run import PARAMETERS_FILE, run_study
from regionsim.ensemble.units import Model, Unit
from regionsim.model.settings import NO_PLAN, Plan, World
from regionsim.results.outcomes import OUTCOMES
from regionsim.results.record import Recorder
from regionsim.results.store import make_unit, read_results
from regionsim.state.calendar import ordinal, quarters
from tests.fixtures import fake_model, models

CASES = ("world", "draw")
EXACT = 1e-9
DOSES = {"events": 20.0, "business_tourism": 15.0}  # units a quarter, of which each costs 10,000 EUR
EFFORT = {"events": 20.0 / 20.0, "business_tourism": 15.0 / 30.0}  # of the full effect that their parameters state
START, HORIZON, QUARTERS = "2020Q1", "2021Q2", 6
WINTERS = ["2020Q1", "2020Q4", "2021Q1"]


def plans(**of: tuple[str, ...]) -> tuple[Plan, ...]:
    """'none', and a plan of each name with these measures."""
    made = [
        Plan(name, START, tuple(models.measure(each, DOSES[each]) for each in measures), governance=models.IDEAL)
        for name, measures in of.items()
    ]
    return NO_PLAN, *made


PLANS = plans(events=("events",), congresses=("business_tourism",), both=("events", "business_tourism"))


def cases(table: pd.DataFrame, column: str, worlds: xr.DataArray) -> NDArray[np.float64]:
    """A column of a table with one row a world, in the order of the worlds."""
    return table.set_index("world")[column].loc[worlds.values.tolist()].to_numpy(float)


def check_table(ds: xr.Dataset, plan: str, outcome: str, expected: xr.DataArray) -> None:
    """The effect since the start has the mean and the range over draws of the expected (world, draw)."""
    table = effect_table(ds, plan, [QUARTERS], [outcome])
    table = table[table["measure_of"] != "level"]
    for column, of_draws in {
        "mean": expected.mean("draw"),
        "p10": expected.quantile(0.1, "draw"),
        "p90": expected.quantile(0.9, "draw"),
        "p_positive": (expected > 0).mean("draw"),
    }.items():
        assert cases(table, column, expected["world"]) == pytest.approx(of_draws.values, rel=EXACT)


def check_shares(ds: xr.Dataset, outcome: str, expected: dict[str, xr.DataArray]) -> None:
    """The Shapley value of every player is the effect of its own plan, and nothing is left for synergy."""
    table = attribution_table(ds, list(expected), [QUARTERS], [outcome])
    assert table["exact"].all()
    package = sum(effect.mean("draw") for effect in expected.values())
    for player, effect in expected.items():
        rows = table[table["player"] == player]
        for column in ("share_mean", "alone_mean"):
            assert cases(rows, column, effect["world"]) == pytest.approx(effect.mean("draw").values, rel=EXACT)
    whole, synergy = (
        cases(table[table["player"] == row], "share_mean", package["world"]) for row in ("package", "synergy")
    )
    assert whole == pytest.approx(package.values, rel=EXACT)
    assert np.abs(synergy).max() <= EXACT * float(np.abs(package).max())


def check_regret(ds: xr.Dataset, outcome: str, payoff: xr.DataArray) -> None:
    """Payoffs of all plans, and regrets against the best plan of each case, are those of (world, plan, draw)."""
    found = payoffs(ds, outcome, QUARTERS)
    np.testing.assert_allclose(found, payoff, rtol=EXACT, atol=EXACT)
    regret = payoff.max("plan") - payoff
    table = regret_table(found).set_index("plan").loc[payoff["plan"].values.tolist()]
    expected = {
        "mean": payoff.mean(CASES),
        "expected_regret": regret.mean(CASES),
        "largest_regret": regret.mean("draw").max("world"),
        "p_best": (regret == 0).mean(CASES),
    }
    for column, values in expected.items():
        assert table[column].to_numpy(float) == pytest.approx(values.values, rel=EXACT, abs=EXACT)


def with_none(effects: dict[str, xr.DataArray]) -> xr.DataArray:
    """Payoffs (world, plan, draw) of 'none' and of plans with these effects, of an outcome of which more is better."""
    none = xr.zeros_like(next(iter(effects.values())))
    names = pd.Index(["none", *effects], name="plan")
    return xr.concat([none, *effects.values()], names).transpose("world", "plan", "draw")


# The real model --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def region(population_cache: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[xr.Dataset, pd.DataFrame]:
    """Two draws of Fictland in a world with and one without the pandemic, and the parameters of each draw."""
    kept = ("tourism_nights", "public_cost", "treated")
    central = models.settings(plans=PLANS, horizon=HORIZON, outcomes=kept)
    folder = tmp_path_factory.mktemp("region")
    worlds = [replace(central, world=world) for world in (World(), World("no_pandemic", covid="none"))]
    ds = read_results(run_study(worlds, EngineSettings("serial"), folder))
    return ds, pd.read_csv(folder / PARAMETERS_FILE, index_col="draw")


@pytest.fixture(scope="module")
def nights_added(region: tuple[xr.Dataset, pd.DataFrame]) -> dict[str, xr.DataArray]:
    """By hand: nights of the winters without a plan x the share that each measure adds in the draw; (world, draw)."""
    ds, parameters = region
    winters = ds["tourism_nights"].sel(plan="none", quarter=WINTERS, drop=True).sum(("origin", "quarter"))
    added = {
        name: winters * effort * xr.DataArray(parameters[f"{name}.winter_gain"].rename_axis("draw"))
        for name, effort in EFFORT.items()
    }
    both = added["events"] + added["business_tourism"]
    return {"events": added["events"], "congresses": added["business_tourism"], "both": both}


def test_an_additive_lever_has_its_analytic_effect_in_every_draw(
    region: tuple[xr.Dataset, pd.DataFrame], nights_added: dict[str, xr.DataArray]
) -> None:
    ds, _ = region
    assert len(set(np.ravel(nights_added["both"]).round(3))) == 4  # each world and draw has an effect of its own
    for plan, expected in nights_added.items():
        found = total_effect(ds, "tourism_nights", plan)
        np.testing.assert_allclose(found.sum("quarter").transpose(*CASES), expected.transpose(*CASES), rtol=EXACT)
        assert not found.drop_sel(quarter=WINTERS).any()
        check_table(ds, plan, "tourism_nights", expected)


def test_parts_of_an_additive_lever_are_its_shapley_values_and_decide_the_regret(
    region: tuple[xr.Dataset, pd.DataFrame], nights_added: dict[str, xr.DataArray]
) -> None:
    ds, _ = region
    check_shares(ds, "tourism_nights", {name: nights_added[name] for name in ("events", "congresses")})
    check_regret(ds, "tourism_nights", with_none(nights_added))


def test_public_cost_and_units_are_dose_times_price_in_every_draw(region: tuple[xr.Dataset, pd.DataFrame]) -> None:
    ds, _ = region
    overhead = float(models.parameters().central().institutions.overhead)
    for plan in PLANS[1:]:
        units = {measure.name: QUARTERS * measure.dose for measure in plan.measures}
        millions = {m.name: units[m.name] * m.unit_cost_eur * (1.0 + overhead) * 1e-6 for m in plan.measures}
        for name in DOSES:
            own = ds.sel(plan=plan.name, measure=name)
            np.testing.assert_allclose(own["public_cost"].sum("quarter"), millions.get(name, 0.0), rtol=EXACT)
            np.testing.assert_allclose(own["treated"].isel(quarter=-1), units.get(name, 0.0), rtol=EXACT)
        in_every_case = xr.full_like(ds["public_cost"][:, 0, :, 0, 0], sum(millions.values()))
        check_table(ds, plan.name, "public_cost", in_every_case)


# An invented world -----------------------------------------------------------------------------------------------

GAINS = {  # people in work that a unit of a measure adds in every quarter, times 1 + draw
    "calm": {"events": 2.0, "business_tourism": 1.0},
    "stormy": {"events": -1.5, "business_tourism": 1.0},
}
STOCK, FLOW = "employed_residents", "graduates"


def run_unit(setup: fake_model.Setup, unit: Unit, report: Callable[[str], None] | None = None) -> xr.Dataset:
    """Noise that belongs to world and draw, and what each measure of a plan adds to it, alike in all cells."""
    runs = {plan.name: _run(setup, unit.draw, plan) for plan in setup.settings.plans}
    return make_unit(setup.settings.world.name, unit.draw, runs)


def _run(setup: fake_model.Setup, draw: int, plan: Plan) -> xr.Dataset:
    settings, labels = setup.settings, setup.tables.labels
    names = quarters(settings.first, settings.horizon)
    noise = np.random.default_rng([draw, *settings.world.name.encode()]).normal(1000.0, 50.0, len(names))
    coords = {"arrondissement": labels.arrondissements, "measure": list(DOSES)}
    recorder = Recorder(coords, names, {name: OUTCOMES[name] for name in settings.outcomes})
    gain = added(settings.world.name, draw, plan) * settings.scale
    for q in range(len(names)):
        begun = q >= ordinal(plan.start) - ordinal(names[0])
        for name in settings.outcomes:
            shape = [len(recorder.coords[dim]) for dim in OUTCOMES[name].dims]
            recorder.write(q, name, np.full(shape, (noise[q] + begun * gain) / np.prod(shape)))
    return recorder.finish(settings.scale)


def added(world: str, draw: int, plan: Plan) -> float:
    """People that a plan adds in a quarter, by hand."""
    return (1 + draw) * sum(measure.dose * GAINS[world][measure.name] for measure in plan.measures)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """Two draws of the two worlds of GAINS, without a plan and with three."""
    settings = fake_model.small(plans=PLANS, draws=2, horizon=HORIZON, outcomes=(STOCK, FLOW))
    worlds = [replace(settings, world=World(name)) for name in GAINS]
    folder = tmp_path_factory.mktemp("invented")
    return read_results(run_study(worlds, EngineSettings("serial"), folder, model=Model(fake_model.prepare, run_unit)))


@pytest.mark.parametrize(("outcome", "times"), [(STOCK, 1), (FLOW, QUARTERS)])
def test_an_additive_world_gives_back_what_was_put_in(invented: xr.Dataset, outcome: str, times: int) -> None:
    """Of a stock the average since the start, of a flow the sum over as many quarters."""
    coords = {"world": list(GAINS), "draw": [0, 1]}
    effects = {
        plan.name: xr.DataArray([[times * added(w, d, plan) for d in (0, 1)] for w in GAINS], coords, CASES)
        for plan in PLANS[1:]
    }
    for plan, expected in effects.items():
        found = total_effect(invented, outcome, plan).isel(quarter=slice(-QUARTERS, None)).transpose(*CASES, "quarter")
        np.testing.assert_allclose(found * times, expected.expand_dims(quarter=QUARTERS, axis=2), rtol=EXACT)
        check_table(invented, plan, outcome, expected)
    check_shares(invented, outcome, {name: effects[name] for name in ("events", "congresses")})
    check_regret(invented, outcome, with_none(effects))
