"""How good the forecast was at past origins: score table, coverage by horizon, PIT, series against the benchmark."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from regionsim.report.charts import NONE, PLAN
from regionsim.report.content import Chart, Key, Section, Table
from regionsim.report.forecast.charts import BINS, coverage_by_horizon, pit_histogram, relative_scores
from regionsim.report.forecast.evidence import far_from_nominal
from regionsim.report.forecast.outlook import Outlook

PLAIN = ("crps", "mase")
SHARES = ("coverage_80", "coverage_95")
PIT = ("pit_mean", "pit_sd")


def scores(view: Outlook) -> Section | None:
    """Tables and charts of the backtest."""
    if view.evidence is None:
        return None
    t = view.text
    tables = [_scores(view, part) for part in view.evidence.parts]
    tables += [_tests(view, part) for part in view.evidence.parts if len(_of(view.evidence.tests, part))]
    if len(view.evidence.annual):
        tables.append(_annual(view))
    charts = [_coverage(view), _pit(view), *_relative(view)]
    return Section("scores", t("scores_title"), [t("scores_lead"), t("scores_gate")], charts=charts, tables=tables)


def _of(table: pd.DataFrame, part: str) -> pd.DataFrame:
    return table[table["part"] == part]


def _scores(view: Outlook, part: str) -> Table:
    t, evidence = view.text, view.evidence
    assert evidence is not None
    found = _of(evidence.scores, part).dropna(axis=1, how="all")
    horizons = [c for c in found.columns if c.startswith("crps_")]
    columns = [(t("model"), False), *((t("ahead", h=c.removeprefix("crps_")), True) for c in horizons)]
    columns += [(t(f"score_{c}"), True) for c in (*PLAIN, *SHARES, *PIT)]
    best = evidence.best(part)
    rows = []
    for row in found.to_dict("records"):
        marks = ("\u00a0\u2605" if row["model"] == best else "") + (
            "\u00a0\u26a0" if far_from_nominal(row["coverage_80"]) else ""
        )
        cells = [t.word("model", row["model"]) + marks, *(view.fixed(row[c]) for c in (*horizons, *PLAIN))]
        rows.append([*cells, *(view.share(row[c]) for c in SHARES), *(view.fixed(row[c]) for c in PIT)])
    return Table(t("scores_caption", part=t.word("judged_on", part), n=int(found["cases"].max())), columns, rows)


def _tests(view: Outlook, part: str) -> Table:
    t, evidence = view.text, view.evidence
    assert evidence is not None
    names = ("horizon", "against", "ratio", "statistic", "p", "origins", "effective_origins", "size_5")
    rows = [
        [str(row["horizon"]), t.word("model", row["against"]), *(view.fixed(row[c]) for c in names[2:5]),
         str(row["origins"]), view.fixed(row["effective_origins"], 1),
         view.share(row["size_5"]) if np.isfinite(row["size_5"]) else t.number(None)]
        for row in _of(evidence.tests, part).to_dict("records")
    ]  # fmt: skip
    columns = [(t(f"test_{name}"), name != "against") for name in names]
    title = t("tests_table", part=t.word("judged_on", part))
    return Table(t("tests_caption"), columns, rows, title)


def _annual(view: Outlook) -> Table:
    t, evidence = view.text, view.evidence
    assert evidence is not None
    rows = [
        [t.word("family", row["family"]), t.word("model", row["model"]), *(view.fixed(row[c]) for c in PLAIN),
         *(view.share(row[c]) for c in SHARES), str(row["cases"])]
        for row in evidence.annual.to_dict("records")
    ]  # fmt: skip
    columns = [(t("series"), False), (t("model"), False), *((t(f"score_{c}"), True) for c in (*PLAIN, *SHARES))]
    return Table(t("annual_caption"), [*columns, (t("cases"), True)], rows, t("annual_title"))


def _coverage(view: Outlook) -> Chart:
    t, evidence = view.text, view.evidence
    assert evidence is not None
    parts = dict(zip(reversed(evidence.parts), (PLAN, NONE), strict=False))
    shares = {part: 100 * view.rows(part).groupby("horizon")["in80"].mean() for part in parts}
    frame = pd.concat([
        pd.DataFrame({"horizon": share.index, "share": share.round(2).to_numpy(), "colour": colour,
                      "tip": [view.share(value / 100) for value in share]})
        for share, colour in zip(shares.values(), parts.values(), strict=True)
    ])  # fmt: skip
    columns = [(t("periods_ahead"), True), *((t.word("judged_on", part), True) for part in parts)]
    rows = [
        [str(h), *(view.fixed(shares[part].get(h, np.nan), 1) for part in parts)] for h in sorted(set(frame["horizon"]))
    ]
    caption = t("coverage_table")
    legend = [Key("line", colour, t.word("judged_on", part)) for part, colour in parts.items()]
    spec = coverage_by_horizon(frame, t("periods_ahead"), "%")
    return Chart("coverage", t("coverage_title"), spec, t("coverage_label"),
                 Table(caption, columns, rows), legend, subtitle=t("coverage_subtitle"), width="half")  # fmt: skip


def _pit(view: Outlook) -> Chart:
    t = view.text
    counts, _ = np.histogram(view.rows(view.part)["pit"], bins=BINS, range=(0, 1))
    shares = 100 * counts / max(counts.sum(), 1)
    frame = pd.DataFrame({"tenth": range(1, BINS + 1), "share": shares.round(2)})
    rows = [[str(tenth), view.fixed(share, 1)] for tenth, share in zip(frame["tenth"], shares, strict=True)]
    table = Table(t("pit_table"), [(t("tenth"), True), ("%", True)], rows)
    label = t("pit_label", low=t.number(shares[[0, -1]].sum()))
    return Chart("pit", t("pit_title"), pit_histogram(frame, t("tenth"), "%"), label, table,
                 subtitle=t("pit_subtitle"), width="half")  # fmt: skip


def _relative(view: Outlook) -> list[Chart]:
    """A dot per series, against the benchmark that is best over all series."""
    t, evidence = view.text, view.evidence
    assert evidence is not None
    best = evidence.best(view.part)
    found = _of(evidence.by_series, view.part).dropna(subset=[f"to_{best}"]).sort_values(f"to_{best}")
    ratios: list[dict[str, Any]] = [
        {"group": str(row["series"]), "ratio": round(row[f"to_{best}"], 4),
         "tip": f"{row['series']}: {t.number(row[f'to_{best}'])}"}
        for row in found.to_dict("records")
    ]  # fmt: skip
    if not ratios:
        return []
    name = t.word("model", best)
    rows = [[str(row["series"]), view.fixed(row[f"to_{best}"]), view.share(row["coverage_80"]), str(int(row["cases"]))]
            for row in found.to_dict("records")]  # fmt: skip
    columns = [(t("series"), False), (t("test_ratio"), True), (t("score_coverage_80"), True), (t("cases"), True)]
    better = sum(row["ratio"] < 1 for row in ratios)
    label = t("relative_label", better=better, n=len(ratios), benchmark=name)
    return [Chart("relative", t("relative_title", benchmark=name), relative_scores(pd.DataFrame(ratios)), label,
                  Table(t("relative_table", benchmark=name), columns, rows),
                  subtitle=t("relative_subtitle"))]  # fmt: skip
