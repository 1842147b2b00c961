"""Series of one's own from a CSV file: every layout is read, every fault is told, all at once and by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from regionsim.drivers.csv_table import read_table
from regionsim.drivers.periods import last_of_paths, parse, text
from regionsim.drivers.season import has_season
from regionsim.drivers.series import Series
from regionsim.drivers.series_file import needed, read_series
from regionsim.state.calendar import ordinal
from regionsim.state.errors import InputError

N = 48  # quarters
rng = np.random.default_rng(3)
WALK = 100 * np.exp(np.cumsum(rng.normal(0.005, 0.01, 400)))
OTHER = 900 * np.exp(np.cumsum(rng.normal(0.003, 0.02, 400)))
Write = Callable[..., Path]


def quarters(n: int = N, first: int = 2002) -> list[str]:
    return [text(first * 4 + k, 4) for k in range(n)]


def wide(periods: Sequence[str], columns: dict[str, Sequence[object]], separator: str = ",") -> str:
    lines = [separator.join(["period", *columns])]
    for row in zip(periods, *columns.values(), strict=True):
        lines.append(separator.join(map(str, row)))
    return "\n".join(lines) + "\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def call(content: str | bytes) -> Path:
        path = tmp_path / "my.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return call


def faults(path: Path, **choices: object) -> list[str]:
    with pytest.raises(InputError) as raised:
        read_series(path, **choices)  # type: ignore[arg-type]
    return raised.value.faults


# What is read ---------------------------------------------------------------------------------------------------------


def test_wide_and_long_layouts_give_the_same(write: Write) -> None:
    table = {"a": WALK[:N].round(6), "b": OTHER[:N].round(6)}
    one = read_series(write(wide(quarters(), table)))
    rows = [f"{name},{p},{v}" for name, values in table.items() for p, v in zip(quarters(), values, strict=True)]
    other = read_series(write("series,period,value\n" + "\n".join(reversed(rows))))
    by_name = {s.name: s for s in other}
    for s in one:
        same = by_name[s.name]
        assert (s.first, s.periods, s.log, s.seasonal) == (2002 * 4, 4, True, False)
        assert (same.first, same.periods) == (s.first, s.periods)
        np.testing.assert_array_equal(s.values, same.values)
        np.testing.assert_array_equal(s.values, table[s.name])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_separators_and_the_mark_of_spreadsheets(write: Write, separator: str, mark: str) -> None:
    path = write(mark + wide(quarters(), {"Gewest: höhe ✓": WALK[:N]}, separator))
    (series,) = read_series(path)
    assert series.name == "Gewest: höhe ✓"
    np.testing.assert_allclose(series.values, WALK[:N])


def test_decimal_comma_with_semicolons_only(write: Write) -> None:
    commas = [f"{v:.3f}".replace(".", ",") for v in WALK[:N]]
    (series,) = read_series(write(wide(quarters(), {"a": commas}, ";")))
    np.testing.assert_allclose(series.values, WALK[:N].round(3))
    told = faults(write(wide(quarters(), {"a": commas})))
    assert "row 2: has 3 cells, the header has 2; decimals with a comma need semicolons" in told[0]
    told = faults(write(wide(quarters(), {"a": ["1.234,5", *commas[1:]]}, ";")))
    assert told == [
        "series 'a': row 2: '1.234,5' is not a number; allowed: a number, with a comma or a point for decimals, or "
        "nothing"
    ]


def dates(months: int, n: int) -> list[str]:
    return [f"{2002 + m // 12}-{m % 12 + 1:02d}-28" for m in range(2, 2 + months * n, months)]


@pytest.mark.parametrize(
    ("periods", "frequency", "first"),
    [
        ([p.replace("Q", "-Q") for p in quarters()], 4, "2002Q1"),
        (dates(3, N), 4, "2002Q1"),
        ([d[:7] for d in dates(3, N)], 4, "2002Q1"),
        (dates(1, 150), 12, "2002-03"),
        ([d[:7] for d in dates(1, 150)], 12, "2002-03"),
        ([d[:7].replace("-", "M") for d in dates(1, 150)], 12, "2002-03"),
        (dates(12, 30), 1, "2002"),
        ([str(1990 + k) for k in range(30)], 1, "1990"),
    ],
)
def test_periods_in_every_form(write: Write, periods: list[str], frequency: int, first: str) -> None:
    (series,) = read_series(write(wide(periods, {"a": WALK[: len(periods)]})))
    assert (series.periods, text(series.first, series.periods)) == (frequency, first)
    assert len(series.values) == len(periods)


def test_series_may_begin_later_and_end_earlier(write: Write) -> None:
    late = ["", "", *WALK[2:60]]
    early = [*OTHER[:50], *[""] * 10]
    a, b = read_series(write(wide(quarters(60), {"late": late, "early": early})))
    assert (text(a.first, 4), len(a.values)) == ("2002Q3", 58)
    assert (text(b.last, 4), len(b.values)) == ("2014Q2", 50)


def test_as_of_leaves_later_observations_out(write: Write) -> None:
    (quarterly,) = read_series(write(wide(quarters(60), {"a": WALK[:60]})), as_of=ordinal("2013Q4"))
    assert text(quarterly.last, 4) == "2013Q4"
    (monthly,) = read_series(write(wide(dates(1, 200), {"a": WALK[:200]})), as_of=ordinal("2013Q4"))
    assert text(monthly.last, 12) == "2013-12"
    years = [str(1990 + k) for k in range(30)]
    (annual,) = read_series(write(wide(years, {"a": WALK[:30]})), as_of=ordinal("2013Q3"))
    assert text(annual.last, 1) == "2012"


def test_a_season_is_found_or_chosen(write: Write) -> None:
    season = np.tile([0.9, 1.0, 1.15, 0.95], N)[:60]
    path = write(wide(quarters(60), {"plain": WALK[:60], "seasonal": WALK[:60] * season}))
    assert [s.seasonal for s in read_series(path)] == [False, True]
    assert [s.seasonal for s in read_series(path, season="yes")] == [True, True]
    assert [s.seasonal for s in read_series(path, season="no")] == [False, False]


def test_a_season_is_not_seen_in_noise() -> None:
    draws = np.random.default_rng(5).normal(0, 0.01, (40, 60))
    found = [has_season(Series("x", 8000, np.exp(np.cumsum(d)))) for d in draws]
    assert sum(found) == 0


# What is told ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; allowed: a column 'period' and one column for each series"),
        (b" \n\n", "is empty"),
        ("period,a\n2010Q1,é\n".encode("latin-1"), "row 2: is not UTF-8; save the file as 'CSV UTF-8'"),
        ("period,a\n2010Q1,1\n".encode("utf-16"), "is not UTF-8"),
        ("period,a\n".encode("utf-16-le"), "holds zero bytes"),
        (b"period,a\n", "has a header and no rows below it"),
        (b"periode,a\n2010Q1,1\n", "row 1: has no column 'period' (is it 'periode'?); allowed: a column 'period'"),
        (b"period\n2010Q1\n", "row 1: has no series beside 'period'"),
        (b"period,a,a\n2010Q1,1,2\n", "row 1: 'a' is the name of 2 columns"),
        (b"period,a,\n2010Q1,1,2\n", "row 1: column 3 has no name"),
        (b"period,a\n2010Q1,1,7\n", "row 2: has 3 cells, the header has 2"),
    ],
)
def test_faults_of_the_file(write: Write, content: bytes, message: str) -> None:
    path = write(content)
    with pytest.raises(InputError) as raised:
        read_table(path)
    assert message in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_table(tmp_path)


def changed(at: int, value: object, base: np.ndarray = WALK) -> list[object]:
    values: list[object] = list(base[:N])
    values[at] = value
    return values


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (changed(3, "n/a"), "row 5: 'n/a' is not a number; allowed: a number with a point for decimals, or nothing"),
        (changed(3, "1_000"), "row 5: '1_000' is not a number"),
        (changed(3, "nan"), "row 5: 'nan' is not finite; allowed: a finite number, or nothing"),
        (changed(3, "-inf"), "row 5: '-inf' is not finite"),
        (changed(3, ""), "has no value for 2002Q4; allowed: one for each of the quarters from its first, 2002Q1, to"),
        (changed(3, 0), "row 5: 0 is not above 0, and changes are relative; allowed: numbers above 0, or transform="),
        (changed(3, -2.5), "row 5: -2.5 is not above 0"),
        ([5.0] * N, "is constant: 5 in every period; a forecast needs changes"),
        (list(1.01 ** np.arange(N)), "changes by the same step in every period"),
        ([*[""] * (N - 5), *WALK[:5]], "is too short: 5 quarters, 2012Q4 to 2013Q4; needed: 44; 40 do with backtest="),
        ([""] * N, "has no values"),
        ([*[7.0] * 41, *WALK[:7]], "does not change before 2011Q4, where the backtest starts"),
    ],
)  # fmt: skip
def test_faults_of_a_series(write: Write, column: list[object], message: str) -> None:
    told = faults(write(wide(quarters(), {"good": OTHER[:N], "bad": column})))
    assert len(told) == 1, told
    assert told[0].startswith("series 'bad': ")
    assert message in told[0]


def test_levels_may_be_anything_finite(write: Write) -> None:
    values = np.cumsum(np.random.default_rng(1).normal(size=N))
    (series,) = read_series(write(wide(quarters(), {"balance": values})), transform="level")
    assert not series.log and (series.values < 0).any()
    assert "same step" in faults(write(wide(quarters(), {"a": 5 + 1e6 * np.arange(N)})), transform="level")[0]


def test_duplicate_dates_are_told_once_for_all_series_they_hit(write: Write) -> None:
    periods = quarters()
    periods[7] = periods[6]
    told = faults(write(wide(periods, {"a": WALK[:N], "b": OTHER[:N]})))
    assert told == [
        "all 2 series: rows 8, 9: 2003Q3 stands 2 times; allowed: once",
        "all 2 series: has no value for 2003Q4; allowed: one for each of the quarters from its first, 2002Q1, to its "
        "last, 2013Q4",
    ]


def test_frequencies_may_not_be_mixed(write: Write) -> None:
    periods: list[str] = quarters()
    periods[4] = "2003"
    assert "row 6: '2003' among quarters; allowed: one frequency in a file" in faults(
        write(wide(periods, {"a": WALK[:N]}))
    )[0]
    rows = [f"a,{p},{v}" for p, v in zip(quarters(), WALK, strict=False)]
    rows += [f"b,{1990 + k},{v}" for k, v in enumerate(OTHER[:30])]
    told = faults(write("series,period,value\n" + "\n".join(rows)))
    assert told == ["mixed frequencies: 'a' quarters, 'b' years; allowed: one frequency in a file"]
    every_third = [v if k % 3 == 0 else "" for k, v in enumerate(OTHER[:150])]
    told = faults(write(wide(dates(1, 150), {"m": WALK[:150], "q": every_third})))
    assert told == ["mixed frequencies: 'm' months, 'q' quarters; allowed: one frequency in a file"]


def test_daily_dates_and_no_dates_are_told(write: Write) -> None:
    days = [f"2010-{1 + k // 28:02d}-{1 + k % 28:02d}" for k in range(200)]
    assert "several dates in a month" in faults(write(wide(days, {"a": WALK[:200]})))[0]
    odd = [*quarters(N - 1), "Q4 2013"]
    assert "row 49: 'Q4 2013' is no period; allowed: 2010Q1, 2010-Q1, 2010-03, 2010-01-31 or 2010" in faults(
        write(wide(odd, {"a": WALK[:N]}))
    )[0]
    assert "no period" in faults(write(wide(["2010-02-30", *quarters(N - 1)], {"a": WALK[:N]})))[0]


def test_every_fault_of_every_series_at_once(write: Write) -> None:
    table = {
        "good": OTHER[:N],
        "words": changed(2, "many"),
        "hole": changed(9, ""),
        "below": changed(4, -1),
        "endless": changed(5, "inf"),
        "still": [3.0] * N,
        "short": [*WALK[:12], *[""] * (N - 12)],
    }
    told = faults(write(wide(quarters(), table)))
    for name in set(table) - {"good"}:
        assert sum(f"'{name}'" in line for line in told) == 1, (name, told)
    assert not any("'good'" in line for line in told)


def test_unnamed_series_of_a_long_file(write: Write) -> None:
    rows = [f"a,{p},{v}" for p, v in zip(quarters(), WALK, strict=False)]
    assert "row 2: the series has no name" in faults(
        write("series,period,value\n,2010Q1,1\n" + "\n".join(rows))
    )[0]


def test_too_little_in_common_for_a_backtest(write: Write) -> None:
    early, late = [*WALK[:50], *[""] * 46], [*[""] * 50, *OTHER[:46]]
    path = write(wide(quarters(96), {"early": early, "late": late}))
    assert len(read_series(path)) == 2  # the late one alone has origins
    assert needed(4, True) == 44 and needed(1, True) == 14 and needed(12, True) == 132


def test_the_last_period_of_the_paths() -> None:
    last = ordinal("2025Q4")
    assert last_of_paths("2026-Q2", last, 4) == last + 2
    for wrong in ("2025Q4", "2026", "2026-03", "later", "2999Q1"):
        with pytest.raises(InputError, match="until"):
            last_of_paths(wrong, last, 4)
    assert parse("2010-13") is None and parse("2010Q5") is None
