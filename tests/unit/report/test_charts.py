"""Charts whose words fit: names of groups whole, on two lines where they are long."""

from __future__ import annotations

import pandas as pd
import pytest

from regionsim.report.charts import STEP, by_group, by_horizon, in_two_lines


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Construction", ["Construction"]),
        ("Wholesale and retail trade", ["Wholesale and retail", "trade"]),
        ("Public, health, education and other services", ["Public, health,", "education and other services"]),
        ("Landbouwproductenverwerkingsbedrijven", ["Landbouwproductenverwerkingsbedrijven"]),
    ],
)
def test_long_names_take_two_lines_and_lose_nothing(label: str, lines: list[str]) -> None:
    found = in_two_lines(label).split("\n")
    assert " ".join(found) == label
    assert len(found) == len(lines)


def test_no_name_of_a_group_is_cut_off() -> None:
    long = "Textile, wood, plastics and other consumer goods"
    rows = pd.DataFrame(
        {"group": ["Farms", long], "mean": [1.0, 2.0], "p10": [0.0, 1.0], "p90": [2.0, 3.0], "tip": "x"}
    )
    spec = by_group(rows, "jobs")
    axis = spec["layer"][0]["encoding"]["y"]["axis"]
    assert axis["labelLimit"] == 0
    groups = [row["group"] for row in next(iter(spec["datasets"].values())) if "group" in row]
    assert groups[0] == "Farms" and groups[1].replace("\n", " ") == long
    assert spec["height"] - by_group(rows.head(1), "jobs")["height"] == STEP


def test_small_charts_leave_the_unit_to_the_words_above_them() -> None:
    rows = pd.DataFrame({"when": ["1 year"], "mean": [1.0], "p10": [0.0], "p90": [2.0], "tip": ["x"]})
    titles = {layer["encoding"]["y"].get("title") for layer in by_horizon(rows, "persons")["layer"]}
    assert titles <= {None}
