"""The sections of a forecast's page."""

from __future__ import annotations

from typing import Any

from regionsim.report.charts import INK, PLAN
from regionsim.report.content import Chart, Key, Section, Table, Tile
from regionsim.report.forecast.charts import fan
from regionsim.report.forecast.evidence import ALL
from regionsim.report.forecast.outlook import Outlook

METHOD = (
    "method_paths",
    "method_bvar",
    "method_pool",
    "method_joint",
    "method_pandemic",
    "method_backtest",
    "method_scores",
    "method_vintage",
    "method_few",
    "method_outside",
)
TILES = {"crps": "tile_crps", "coverage": "tile_coverage", "energy": "tile_energy"}


def answer(view: Outlook) -> Section:
    """What was forecast, how far, and how many of its promises hold."""
    t = view.text
    n, first, end = len(view.series), max(view.last(name) for name in view.series), view.periods[-1]
    title = t("forecast_title" if n > 1 else "forecast_title_one", n=n, name=str(view.ds.attrs["source"]))
    told = t("forecast_answer", last=first, end=end, draws=view.ds.sizes["draw"])
    if view.evidence is None:
        return Section("answer", title, [told, t("forecast_untested")])
    found = view.evidence.verdicts
    held = int(found["met"].sum())
    key = "forecast_all_held" if held == len(found) else "forecast_some_held"
    here = found[found["part"] == ALL]  # nothing left out
    return Section("answer", title, [told, t(key, held=held, n=len(found))], [_tile(view, row) for row in _dicts(here)])


def _tile(view: Outlook, row: dict[str, Any]) -> Tile:
    t = view.text
    value = view.fixed(row["value"]) if row["kind"] == "crps" else view.share(row["value"])
    details = [t("verdict_met") if row["met"] else t("verdict_not_met"), t.word("judged_on", row["part"])]
    return Tile(t(TILES[row["kind"]]), value, t(f"{TILES[row['kind']]}_unit", **_words(view, row)), details)


def _words(view: Outlook, row: dict[str, Any]) -> dict[str, str]:
    """The figures of a verdict as a sentence needs them."""
    if row["kind"] == "crps":
        benchmark = view.text.word("model", row["benchmark"])
        return {"value": view.fixed(row["value"]), "benchmark": benchmark}
    if row["kind"] == "coverage":
        return {key: view.share(row[key]) for key in ("value", "low", "high")}
    return {"value": view.share(row["value"])}


def verdicts(view: Outlook) -> Section | None:
    """What the forecast promises, in plain words, and whether it holds."""
    if view.evidence is None:
        return None
    t = view.text
    rows = [
        [t(f"verdict_{row['kind']}", **_words(view, row)), t.word("judged_on", row["part"]),
         t("verdict_met") if row["met"] else t("verdict_not_met")]
        for row in _dicts(view.evidence.verdicts)
    ]  # fmt: skip
    columns = [(t("promise"), False), (t("periods_judged"), False), (t("verdict"), False)]
    return Section("verdicts", t("verdicts_title"), tables=[Table(t("verdicts_caption"), columns, rows)])


def fans(view: Outlook) -> Section:
    """History and ranges of every series."""
    t = view.text
    legend = [Key("line", INK, t("observed")), Key("line", PLAN, t("median")), Key("band", PLAN, t("bands"))]
    charts = [_fan(view, name, i) for i, name in enumerate(view.series)]
    return Section("fans", t("fans_title"), [t("fans_lead")], legend=legend, charts=charts)


def _fan(view: Outlook, name: str, i: int) -> Chart:
    t = view.text
    history, ahead = view.shown(name), view.ahead(name)
    last = ahead.iloc[-1]
    words = {"median": t.number(last["median"]), "range": t.interval(last["lo80"], last["hi80"])}
    return Chart(
        id=f"fan-{i}",
        title=name,
        spec=fan_spec(view, name),
        label=t("fan_label", name=name, last=view.last(name), end=view.periods[-1], **words),
        table=_fan_table(view, name, history.tail(4), ahead.iloc[1:]),
        width="full" if len(view.series) == 1 else "half",
    )


def fan_spec(view: Outlook, name: str) -> dict[str, Any]:
    """The specification of a series' fan chart."""
    t = view.text
    words = (t("observed"), t("median"), t("range_80_short"))
    return fan(view.shown(name), view.ahead(name), view.unit(name) or None, words, t.number)


def _fan_table(view: Outlook, name: str, history: Any, ahead: Any) -> Table:
    t = view.text
    ranges = (50, 80, 95)
    columns = [(t("a_period"), False), (t("median"), True), *((t("range_of", level=level), True) for level in ranges)]
    rows = [[str(row["period"]), t.number(row["median"], 4), "", "", ""] for row in _dicts(history)]
    for row in _dicts(ahead):
        spans = [t("range", low=t.number(row[f"lo{k}"], 4), high=t.number(row[f"hi{k}"], 4)) for k in ranges]
        rows.append([str(row["period"]), t.number(row["median"], 4), *spans])
    return Table(t("fan_table", name=name, last=view.last(name)), columns, rows)


def inputs(view: Outlook) -> Section:
    """Every series, and every driver of a region: last observation, model, and whether it is an assumption."""
    t = view.text
    names = ("series", "unit", "last_observation", "season", "model")
    rows = []
    for name in view.series:
        here = view.ds.sel(series=name)
        season = t("yes") if int(here["seasonal"]) else t("no")
        rows.append(
            [
                name,
                view.unit(name) or t("as_in_data"),
                view.last(name),
                season,
                t.word("mixture", str(here["model"].item())),
            ]
        )
    tables = [Table(t("series_caption"), [(t(key), False) for key in names], rows)]
    if view.drivers is not None:
        tables.append(_drivers(view))
    return Section("inputs", t("inputs_title"), [t("inputs_lead")], tables=tables)


def _drivers(view: Outlook) -> Table:
    t, ds = view.text, view.drivers
    assert ds is not None
    rows = []
    for name in (str(driver) for driver in ds["driver"].values):
        here = ds.sel(driver=name)
        assumed = "assumption" in ds and bool(here["assumption"])
        model = str(here["model"].item()) if "model" in ds else str(ds.attrs.get("model", ""))
        kind = t("badge_assumption") if assumed else t("badge_forecast")
        rows.append([name, str(here["last_observed"].item()), kind, model, str(here["source"].item())])
    names = ("driver", "last_observation", "kind", "model", "source")
    return Table(t("drivers_caption"), [(t(key), False) for key in names], rows)


def method(view: Outlook) -> Section:
    """Ten sentences, and what identifies the numbers."""
    t = view.text
    attrs = view.ds.attrs
    facts = [(t(f"fact_{key}"), str(attrs[key])) for key in ("seed", "vintage", "hash")]
    return Section("method", t("method_title"), [t(key) for key in METHOD], facts=facts)


def _dicts(frame: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = frame.to_dict("records")
    return found
