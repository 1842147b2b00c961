"""What results depend on, on the terminal: sensitivity, rankings that flip, conditions of failure, enough draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from regionsim.analysis.rounding import rounded
from regionsim.results.outcomes import OUTCOMES
from regionsim.results.store import REFERENCE

if TYPE_CHECKING:
    from regionsim.analysis.discovery import Discovery

SHOWN = 10  # rows of one response
HEADS = {
    "mu_star": "mean size\nof effect", "mu_star_conf": "+-\n(80 %)", "sigma": "bends or\ninteracts",
    "first": "share\nalone", "first_conf": "+-\n(80 %)",
    "total": "share with\ninteractions", "total_conf": "+-\n(80 %)",
    "prcc": "partial rank\ncorrelation", "low": "80 %\nfrom", "high": "\nto", "p": "p",
}  # fmt: skip
IN_UNITS = ("mu_star", "mu_star_conf", "sigma")  # of the response; the rest has none
SCREENED = "Fewer draws than parameters: only the strongest correlations were kept, so they look too strong."


def print_indices(console: Console, table: pd.DataFrame) -> None:
    """Which factors matter, one block for each response: indices of a design, or correlations."""
    factor = "factor" if "factor" in table else "parameter"
    columns = [name for name in HEADS if name in table]
    for place, rows in table.groupby(["world", "plan", "outcome"], sort=False):
        world, plan, outcome = map(str, place)
        _title(console, rows, outcome, plan, world if table["world"].nunique() > 1 else "")
        shown = _table(factor, *(HEADS[name] for name in columns))
        for row in rows.head(SHOWN).to_dict("records"):
            cells = [_cell(row, name, OUTCOMES[outcome].unit) for name in columns]
            shown.add_row(str(row[factor]), *cells)
        console.print(shown)
    if "screened" in table and bool(table["screened"].any()):
        console.print(SCREENED)


def print_flips(console: Console, table: pd.DataFrame) -> None:
    """The parameters on which it depends which plan is better."""
    console.print("\nWhich plan is better depends on", style="bold")
    by_chance = table.attrs["by_chance"]
    if len(table) <= 2 * by_chance:
        console.print(f"no parameter that these draws can tell: {len(table)} look so, by chance {by_chance:.0f} would.")
        return
    shown = _table("parameter", "outcome", "better if low", "better if high", "difference\nif low", "if high")
    for row in table.to_dict("records"):
        low, high = rounded(row["in_low_third"], row["in_high_third"], unit=str(row["unit"]))
        by_sign = [str(row["better"]), str(row["other"])]
        if row["in_low_third"] < 0:
            by_sign.reverse()
        shown.add_row(str(row["parameter"]), str(row["outcome"]), *by_sign, low, high)
    console.print(shown)
    console.print(f"Low and high: thirds of the draws. By chance alone about {by_chance:.0f} would look like this.")


def print_discovery(console: Console, found: Discovery, what: str, cases: int, enough: int) -> None:
    """Under which conditions `what` comes about."""
    console.print(f"\nWhen {what}", style="bold")
    box = found.chosen
    if not box.restrictions:
        console.print(f"No condition among {cases} cases sets it apart; it is so in {box.density:.0%} of all.")
        return
    shown = _table("condition", "quasi-p")
    for restriction in box.restrictions:
        shown.add_row(restriction.text, f"{restriction.p_value:.3f}")
    console.print(shown)
    usual = float(found.trajectory["density"].iloc[0])
    shares = f"{box.density:.0%} of these are so (of all cases {usual:.0%}), {box.coverage:.0%} of all that are"
    console.print(f"Together they hold in {box.mass:.0%} of {cases} cases: {shares}.", highlight=False)
    if cases < enough:
        console.print(f"With fewer than {enough} cases noise passes for a condition.")


def print_enough_draws(console: Console, effects: pd.DataFrame) -> None:
    """For each effect how many draws would do, and whether its direction is known."""
    console.print("\nHow many draws are enough: the mean effect known to a tenth of itself (80 %)", style="bold")
    shown = _table("plan", "outcome", "up to", "mean", "draws", "enough", "P(>0)")
    several = effects["world"].nunique() > 1
    last = effects["quarters"] == effects.groupby("plan")["quarters"].transform("max")
    for row in effects[last & (effects["measure_of"] != "level")].to_dict("records"):
        plan = f"{row['plan']} in {row['world']}" if several else str(row["plan"])
        enough = "no number" if pd.isna(row["draws_enough"]) else f"{int(row['draws_enough']):,}"
        enough = "any" if row["verdict"] else enough
        mean = rounded(row["mean"], unit=str(row["unit"]))[0]
        texts = [plan, *(str(row[key]) for key in ("outcome", "quarter")), mean, str(row["draws"])]
        shown.add_row(*texts, enough, f"{row['p_positive']:.2f}")
    console.print(shown)


def print_up_to(console: Console, table: pd.DataFrame) -> None:
    """What every plan has brought up to one quarter."""
    for (outcome, quarter, unit), rows in table.groupby(["outcome", "quarter", "unit"], sort=False):
        about = OUTCOMES[str(outcome)].title_en.lower()
        title = f"\nEffect on {about} up to {quarter}, whenever the plan starts ({unit})"
        console.print(title, style="bold", highlight=False)
        shown = _table("plan", "sum", "80 % range", "P(>0)")
        for row in rows.to_dict("records"):
            mean, low, high = rounded(row["mean"], row["p10"], row["p90"])
            plan = f"{row['plan']} in {row['world']}" if table["world"].nunique() > 1 else str(row["plan"])
            shown.add_row(plan, mean, f"{low} to {high}", f"{row['p_positive']:.2f}")
        console.print(shown)


def print_shocks(console: Console, table: pd.DataFrame) -> None:
    """What a world costs, and how much of it a plan avoids."""
    for (world, outcome, quarter), rows in table.groupby(["world", "outcome", "quarter"], sort=False):
        about, unit = OUTCOMES[str(outcome)].title_en, rows["unit"].iloc[0]
        console.print(f"\n{about} in {world} less those of the first world, up to {quarter} ({unit})", style="bold")
        heads = ("without\na plan", "80 % range", "with it", "avoided by\nthe plan", "80 % range", "P(>0)")
        shown = _table("plan", *heads)
        for row in rows.to_dict("records"):
            numbers = [row[key] for key in ("mean", "p10", "p90", "with_plan")]
            mean, low, high, with_plan = rounded(*numbers, unit=str(unit))
            avoided = rounded(*(row[f"avoided_{key}"] for key in ("mean", "p10", "p90")), unit=str(unit))
            ranges = f"{low} to {high}", f"{avoided[1]} to {avoided[2]}"
            p = f"{row['avoided_p_positive']:.2f}"
            shown.add_row(str(row["plan"]), mean, ranges[0], with_plan, avoided[0], ranges[1], p)
        console.print(shown)


def _title(console: Console, rows: pd.DataFrame, outcome: str, plan: str, world: str) -> None:
    first = rows.iloc[0]
    about = OUTCOMES[outcome].title_en
    what = f"{about} without a plan" if plan == REFERENCE else f"Effect of {plan} on {about.lower()}"
    since = {"level": "in", "average": "average up to", "cumulated": "sum up to"}[str(first["measure_of"])]
    where = f" in world {world}" if world else ""
    console.print(f"\n{what} ({first['unit']}, {since} {first['quarter']}){where}", style="bold", highlight=False)


def _cell(row: Mapping[Any, Any], name: str, unit: str) -> str:
    value = float(row[name])
    if value != value:
        return "-"
    return rounded(value, row["mu_star"], unit=unit, sign=False)[0] if name in IN_UNITS else f"{value:.2f}"


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(first)
    for title in others:
        table.add_column(title, justify="right")
    return table

