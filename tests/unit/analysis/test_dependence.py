"""What results depend on: a dataset whose outcomes are known functions of its parameters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from regionsim.analysis.dependence import correlations, failures, indices, rankings_that_flip, responses
from regionsim.analysis.sensitivity_design import Design, morris_design, sobol_design
from regionsim.results.store import as_text
from regionsim.state.errors import InputError

QUARTERS = 8


def known(x: pd.DataFrame, worlds: tuple[str, ...] = ("calm",)) -> xr.Dataset:
    """'steady' adds 10 jobs, 'bold' 20 x labour.pull, less 15 in storm; the level follows trade.reach."""
    draws = len(x)
    base = 1000 + 100 * x["trade.reach"].to_numpy()
    jobs = np.zeros((len(worlds), 3, draws, QUARTERS)) + base[:, None]
    jobs[:, 1] += 10.0
    jobs[:, 2] += (20 * x["labour.pull"].to_numpy())[:, None]
    jobs[[world == "storm" for world in worlds], 2] -= 15.0
    rows = [{"plan": "steady", "measure": "loans"}, {"plan": "bold", "measure": "rails"}]
    return xr.Dataset(
        {"jobs": (("world", "plan", "draw", "quarter"), jobs, {"kind": "stock", "unit": "jobs"})},
        {
            "world": list(worlds),
            "plan": ["none", "steady", "bold"],
            "draw": range(draws),
            "quarter": [f"{2026 + q // 4}Q{q % 4 + 1}" for q in range(QUARTERS)],
        },
        {
            "measures": as_text(rows),
            "plan_start": as_text({"steady": "2026Q1", "bold": "2026Q1"}),
            "world": as_text({world: {"title_en": world, "brexit": world} for world in worlds}),
        },
    )


@pytest.fixture(scope="module")
def drawn() -> pd.DataFrame:
    """60 draws of three parameters of the model and one of a measure."""
    random = np.random.default_rng(3)
    names = ["labour.pull", "trade.reach", "trade.other", "rails.reach"]
    return pd.DataFrame(random.random((60, 4)), columns=names).rename_axis("draw")


def test_the_response_of_a_plan_is_its_effect(drawn: pd.DataFrame) -> None:
    found = {response.plan: response for response in responses(known(drawn), ["jobs"])}
    assert found["none"].measure_of == "level" and found["bold"].measure_of == "average"
    assert found["bold"].values == pytest.approx(20 * drawn["labour.pull"])
    assert found["bold"].quarter == "2026Q4" and found["none"].quarter == "2027Q4"


def test_the_strongest_correlation_is_with_what_moves_the_response(drawn: pd.DataFrame) -> None:
    table = correlations(known(drawn), drawn, ["jobs"])
    first = table.groupby("plan", sort=False).first()["parameter"].to_dict()
    assert first == {"none": "trade.reach", "bold": "labour.pull"}  # 'steady' does not vary
    assert "rails.reach" not in set(table.loc[table["plan"] == "none", "parameter"])  # no measure without a plan


def test_the_ranking_flips_with_the_parameter_that_decides_it(drawn: pd.DataFrame) -> None:
    table = rankings_that_flip(known(drawn), drawn, ["jobs"])
    row = table.set_index("parameter").loc["labour.pull"]
    assert {row["better"], row["other"]} == {"bold", "steady"} and row["flips"]
    assert table.attrs["by_chance"] == pytest.approx(0.02 * 4)
    assert rankings_that_flip(known(drawn[:5]), drawn[:5], ["jobs"]).empty


def test_a_plan_fails_where_it_was_made_to(drawn: pd.DataFrame) -> None:
    many = pd.DataFrame(np.random.default_rng(9).random((300, 4)), columns=drawn.columns).rename_axis("draw")
    found = failures(known(many, ("calm", "storm")), many, "jobs", "bold", threshold=0.0)
    told = {restriction.text.partition(" ")[0] for restriction in found.chosen.restrictions}
    assert told <= {"labour.pull", "world", "world.brexit"} and "labour.pull" in told and len(told) == 2
    assert found.chosen.density > 0.9 and found.chosen.coverage > 0.8


@pytest.mark.parametrize("make", [morris_design, sobol_design])
def test_indices_name_the_factor(make: object) -> None:
    names = ("labour.pull", "trade.reach", "trade.other")
    design: Design = make(names, names, 8, 1)  # type: ignore[operator]
    x = pd.DataFrame(np.repeat(design.quantiles, 2, axis=0), columns=names)
    table = indices(known(x), design, ["jobs"])
    rows = table[table["plan"] == "bold"].set_index("factor")
    column = "mu_star" if design.method == "morris" else "total"
    assert rows.index[0] == "labour.pull" and rows.loc["trade.other", column] == pytest.approx(0, abs=1e-9)
    if design.method == "morris":
        assert rows.loc["labour.pull", column] == pytest.approx(20, rel=1e-6)
    with pytest.raises(InputError, match="a multiple of the design's"):
        indices(known(x).isel(draw=slice(0, -1)), design, ["jobs"])


def test_draws_without_parameters_are_named(drawn: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="has no row for draw 58, 59"):
        correlations(known(drawn), drawn[:58], ["jobs"])
