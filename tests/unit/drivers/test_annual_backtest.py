"""The backtest of the annual panels sees no later year and scores what was published."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from regionsim.data.tables import RegionTables, load_region
from regionsim.drivers.backtest.annual import FAMILIES, FIRST_YEARS, annual_backtest, annual_table


@pytest.fixture(scope="module")
def tables() -> RegionTables:
    return load_region("west_flanders")


@pytest.fixture(scope="module")
def rows(tables: RegionTables) -> pd.DataFrame:
    return annual_backtest(tables)


def test_every_family_place_and_origin_is_scored_against_what_was_published(rows, tables: RegionTables) -> None:
    events = tables.vital_events
    assert set(rows["family"]) == set(FAMILIES)
    assert rows["origin"].min() == events["year"].min() + FIRST_YEARS - 1
    place = tables.labels.arrondissements[3]
    one = rows[(rows["series"] == "births/3") & (rows["model"] == "pooled_walk") & (rows["horizon"] == 2)]
    published = events[events["arrondissement"] == place].set_index("year")["births"]
    assert (published[one["period"]].to_numpy() == one["observed"].to_numpy()).all()


def test_later_years_change_scores_and_no_forecast(rows, tables: RegionTables) -> None:
    events = tables.vital_events.copy()
    late = events["year"] > 2014
    events.loc[late, list(FAMILIES)] = (events.loc[late, list(FAMILIES)] * 1.2).round().astype(int)
    altered = annual_backtest(replace(tables, tables={**tables.tables, "vital_events": events}))
    early = rows["origin"] <= 2014
    for column in ("median", "low", "high"):
        assert (rows.loc[early, column] == altered.loc[early, column]).all()
    assert not (rows.loc[~early, "median"] == altered.loc[~early, "median"]).all()


def test_pooling_places_is_no_worse_than_each_alone(rows) -> None:
    table = annual_table(rows)["crps"].unstack("model")
    assert (table["pooled_walk"] <= 1.02 * table["random_walk"]).all()
