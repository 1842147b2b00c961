"""Attribution on a small dataset whose coalitions have outcomes that are known draw by draw."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from regionsim.analysis.attribution import attribution_table, coalitions
from regionsim.results.store import as_text
from regionsim.state.errors import InputError

DRAWS, QUARTERS = 10, 8
ADDS = {"a": 10.0, "b": 4.0, "c": 0.0}  # jobs; a and b together add 6 more, in even draws
OWN = {"a": ["schools", "rails"], "b": ["loans"], "c": ["flags"]}


def coalition_dataset(sets: list[str], worlds: tuple[str, ...] = ("calm", "storm")) -> xr.Dataset:
    """'none' and the plan of each set ('abc' is called 'all'), which adds to jobs and gva from the third quarter on."""
    names = [s if len(s) < 3 else "all" for s in sets]
    random = np.random.default_rng(5)
    base = random.normal(50_000, 500, (len(worlds), 1, DRAWS, QUARTERS))
    added = np.zeros((len(worlds), len(sets) + 1, DRAWS, QUARTERS))
    for at, members in enumerate(sets, 1):
        both = 6.0 * (np.arange(DRAWS) % 2 == 0) if {"a", "b"} <= set(members) else np.zeros(DRAWS)
        added[:, at, :, 2:] = (sum(ADDS[p] for p in members) + both)[:, None]
    dims, attrs = ("world", "plan", "draw", "quarter"), {"kind": "stock", "unit": "jobs"}
    flow = {"kind": "flow", "unit": "million EUR per quarter"}
    rows = [{"plan": n, "measure": m} for n, s in zip(names, sets, strict=True) for p in s for m in OWN[p]]
    return xr.Dataset(
        {"jobs": (dims, base + added, attrs), "gva": (dims, base / 50 + added / 10, flow)},
        {
            "world": list(worlds),
            "plan": ["none", *names],
            "draw": range(DRAWS),
            "quarter": [f"{2026 + q // 4}Q{q % 4 + 1}" for q in range(QUARTERS)],
        },
        {"measures": as_text(rows), "plan_start": as_text({name: "2026Q3" for name in names})},
    )


EVERY = ["a", "b", "c", "ab", "ac", "bc", "abc"]


def test_coalitions_are_found_by_their_measures() -> None:
    found = coalitions(coalition_dataset(["a", "b", "c", "ab", "abc"]), ["a", "b", "c"])
    assert list(found.values()) == ["none", "a", "b", "c", "ab", "all"]
    assert found[frozenset("abc")] == "all" and found[frozenset()] == "none"
    some = coalitions(coalition_dataset(EVERY), ["a", "b"])  # of others: no coalition of these
    assert list(some.values()) == ["none", "a", "b", "ab"]
    pair = coalitions(coalition_dataset(EVERY), ["ac", "b"])
    assert pair[frozenset(["ac", "b"])] == "all"


def test_every_fault_of_the_players_is_told() -> None:
    ds = coalition_dataset(["a", "b", "ab"])
    with pytest.raises(InputError) as error:
        coalitions(ds, ["a", "ab", "bb", "a"])
    told = str(error.value)
    assert "'bb' is no plan" in told and "known: a, b, ab" in told
    assert "'a' and 'ab' share rails, schools" in told and "'a' is there 2 times" in told
    with pytest.raises(InputError, match="'b' has no measures"):
        coalitions(ds.assign_attrs(measures=as_text([{"plan": "a", "measure": "rails"}])), ["a", "b"])
    with pytest.raises(InputError, match="plans 'ab' and 'twin' have the same measures"):
        twin = ds.sel(plan=["none", "a", "b", "ab", "ab"]).assign_coords(plan=["none", "a", "b", "ab", "twin"])
        rows = [{"plan": p, "measure": m} for p in ("a", "b", "ab", "twin") for m in p.replace("twin", "ab")]
        coalitions(twin.assign_attrs(measures=as_text(rows)), ["a", "b"])


def test_the_table_splits_synergy_evenly_and_adds_up() -> None:
    table = attribution_table(coalition_dataset(EVERY), ["a", "b", "c"], at=[4])
    assert set(table["outcome"]) == {"jobs", "gva"}
    assert len(table) == 2 * 2 * 5 and table["exact"].all() and table["orders"].isna().all()
    calm = table[(table["world"] == "calm") & (table["outcome"] == "jobs")].set_index("player")
    assert calm.index.tolist() == ["a", "b", "c", "package", "synergy"]
    assert calm["share_mean"].tolist() == pytest.approx([11.5, 5.5, 0, 17, 3])
    assert calm["alone_mean"].tolist() == pytest.approx([10, 4, 0, np.nan, np.nan], nan_ok=True)
    assert calm["p_positive"].tolist() == [1, 1, 0, 1, 0.5]  # what is nothing is exactly nothing
    assert calm.loc["a", ["p10", "p90"]].tolist() == pytest.approx([10, 13])
    assert set(calm["measure_of"]) == {"average"} and set(calm["quarter"]) == {"2027Q2"}
    gva = table[(table["world"] == "storm") & (table["outcome"] == "gva")].set_index("player")
    assert gva.loc["package", "share_mean"] == pytest.approx(1.7 * 4)
    assert gva.loc["package", "unit"] == "million EUR" and gva.loc["package", "measure_of"] == "cumulated"


def test_without_all_coalitions_orders_are_needed() -> None:
    chosen = [("a", "b", "c"), ("c", "b", "a")]
    ds = coalition_dataset(["a", "b", "c", "ab", "bc", "abc"])
    with pytest.raises(InputError, match="missing: a, c"):
        attribution_table(ds, ["a", "b", "c"])
    table = attribution_table(ds, ["a", "b", "c"], at=[4], outcomes=["jobs"], orders=chosen)
    calm = table[table["world"] == "calm"].set_index("player")
    assert calm["share_mean"].tolist() == pytest.approx([11.5, 5.5, 0, 17, 3])
    assert calm["exact"].tolist() == [False] * 3 + [True] * 2
    assert calm.loc["a", "orders"] == 2 and np.isnan(calm.loc["package", "orders"])
    with pytest.raises(InputError, match="must be of the players: a, b, c"):
        attribution_table(ds, ["a", "b", "c"], orders=[("a", "b"), ("b", "a")])
    with pytest.raises(InputError, match="missing: a, c"):
        attribution_table(ds, ["a", "b", "c"], orders=[("a", "c", "b"), ("b", "c", "a")])
    exact = attribution_table(coalition_dataset(EVERY), ["a", "b", "c"], orders=chosen)
    assert exact["exact"].all()


def test_sampled_orders_have_their_error() -> None:
    ds = coalition_dataset(["a", "b", "c", "ab", "bc", "abc"])
    pair = [("a", "b", "c"), ("c", "b", "a")]
    for chosen, known in ((pair, False), (pair * 2, True)):
        table = attribution_table(ds, ["a", "b", "c"], at=[4], outcomes=["jobs"], orders=chosen)
        of_players = table[~table["exact"]]
        assert of_players["sampling_error"].notna().all() == known
        assert set(of_players["orders"]) == {len(chosen)}


def test_a_draw_missing_in_one_coalition_is_left_out_of_all() -> None:
    ds = coalition_dataset(EVERY)
    ds["jobs"].loc[{"plan": "bc", "draw": 0, "quarter": "2026Q4"}] = np.nan
    table = attribution_table(ds, ["a", "b", "c"], at=[4], outcomes=["jobs"]).set_index(["world", "player"])
    assert table.loc[("calm", "package"), "share_mean"] == pytest.approx(14 + 6 * 4 / 9)
    parts = [table.loc[("calm", player), "share_mean"] for player in "abc"]
    assert sum(parts) == pytest.approx(table.loc[("calm", "package"), "share_mean"])


def test_a_row_of_the_table_is_no_players_name() -> None:
    ds = coalition_dataset(["a", "b", "ab"])
    named = ds.assign_coords(plan=["none", "package", "b", "ab"])
    rows = [{"plan": p, "measure": m} for p, m in (("package", "x"), ("b", "y"), ("ab", "x"), ("ab", "y"))]
    with pytest.raises(InputError, match="'package' is the name of another row"):
        attribution_table(named.assign_attrs(measures=as_text(rows)), ["package", "b"])
    with pytest.raises(InputError, match="at least one"):
        attribution_table(ds, [])
