"""Region tables: the shipped region and the fixture pass; every kind of fault is told with its place, all at once."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from regionsim.data.check import MOST_ROWS_TOLD, check_folder
from regionsim.data.columns import ADDING_GROUPS
from regionsim.data.schema import TABLES
from regionsim.data.tables import RegionTables, load_region, region_folder, region_names
from regionsim.state.errors import InputError
from tests.fixtures import make_fictland

Rows = list[list[str]]


@pytest.fixture(scope="module", params=[*region_names(), str(make_fictland.FOLDER)])
def region(request: pytest.FixtureRequest) -> RegionTables:
    return load_region(request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(make_fictland.FOLDER, tmp_path / "fictland"))


def edit(folder: Path, file: str, change: Callable[[Rows], Rows | None]) -> None:
    """Applies a change to the rows of a file, header included."""
    with open(folder / file, newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    rows = change(rows) or rows
    with open(folder / file, "w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def put(folder: Path, file: str, row: int, column: str, value: str) -> None:
    """Writes one cell; the header is row 1."""

    def change(rows: Rows) -> None:
        rows[row - 1][rows[0].index(column)] = value

    edit(folder, file, change)


def faults(folder: Path) -> list[str]:
    """What the check reports of a folder that must not pass."""
    with pytest.raises(InputError) as caught:
        check_folder(folder)
    assert caught.value.where == str(folder)
    return caught.value.faults


# ------------------------------------------------------------------------------------------------ regions that pass


def test_every_table_is_read_with_the_declared_columns(region: RegionTables) -> None:
    assert list(region) == list(TABLES)
    for name, table in TABLES.items():
        assert tuple(region[name].columns) == table.column_names
        assert len(region.hashes[table.file]) == 64


def test_codes_are_text_and_counts_are_whole(region: RegionTables) -> None:
    assert all(isinstance(code, str) for code in region.municipalities["municipality"])
    assert region.census_people["persons"].dtype == np.int64
    assert region.firm_survival["s5"].dtype == np.float64
    assert region.single_facts["year"].isna().any()


def test_population_totals_agree_across_tables(region: RegionTables) -> None:
    register = region.population_municipality["persons"].sum()
    assert register == region.population_single_age["persons"].sum()
    place = dict(zip(region.municipalities["municipality"], region.municipalities["arrondissement"], strict=True))
    by_municipality = region.population_municipality.groupby(["municipality", "sex"])["persons"].sum().reset_index()
    by_municipality["arrondissement"] = by_municipality["municipality"].map(place)
    by_age = region.population_single_age.groupby(["arrondissement", "sex"])["persons"].sum()
    assert by_municipality.groupby(["arrondissement", "sex"])["persons"].sum().equals(by_age)
    history = region.population_history
    on_census_day = history[history["year"] == 2011].groupby(["arrondissement", "sex"])["persons"].sum()
    assert on_census_day.equals(by_age)


def test_census_tables_have_one_total(region: RegionTables) -> None:
    census = region.census_people.groupby(["sex", "age_band"])["persons"].sum()
    roles = region.household_role.groupby(["sex", "age_band"])["persons"].sum()
    assert census.equals(roles)


def test_events_explain_the_change_of_population(region: RegionTables) -> None:
    """Statistical breaks are few: most years add up exactly."""
    events = region.vital_events.sort_values(["arrondissement", "year"])
    change = events["births"] - events["deaths"] + events["net_migration"]
    same_place = events["arrondissement"].eq(events["arrondissement"].shift(-1))
    gap = (events["population_1_january"].shift(-1) - events["population_1_january"] - change)[same_place]
    assert (gap == 0).mean() > 0.85
    assert (gap.abs() / events["population_1_january"]).max() < 0.01


def test_deaths_by_age_add_to_deaths(region: RegionTables) -> None:
    by_age = region.deaths_by_age.groupby(["arrondissement", "year"])["deaths"].sum()
    assert by_age.equals(region.vital_events.set_index(["arrondissement", "year"])["deaths"].loc[by_age.index])


def test_groups_add_to_the_total_of_jobs_and_value_added(region: RegionTables) -> None:
    jobs = region.employment_history.pivot(index=["area", "year"], columns="group", values="thousand_persons")
    assert (jobs[list(ADDING_GROUPS)].sum(axis=1) - jobs["TOTAL"]).abs().max() < 0.85  # published figures are rounded
    value = region.gva_history.pivot(index="year", columns="group", values="mio_eur")
    assert (value[list(ADDING_GROUPS)].sum(axis=1) - value["TOTAL"]).abs().max() < 0.95


def test_jobs_agree_across_tables(region: RegionTables) -> None:
    known = region.workplace_jobs[region.workplace_jobs["section"] != "unknown"].groupby("section")["persons"].sum()
    here = region.jobs_section_province[region.jobs_section_province["area"] == "region"].set_index("section")["jobs"]
    assert (known - here).abs().max() == 0


def test_uses_add_to_supply(region: RegionTables) -> None:
    final = region.final_demand.set_index("sector")
    table = region.input_output.groupby("from_sector")["mio_eur"].sum()
    uses = ["intermediate", "households", "npish", "government", "investment", "inventories", "exports"]
    assert np.allclose(final["intermediate"], table.loc[final.index], atol=0.1)
    assert np.allclose(final["supply"], final[uses].sum(axis=1), atol=0.1)


def test_labels_follow_the_order_of_the_tables(region: RegionTables) -> None:
    labels = region.labels
    assert labels.municipalities == tuple(region.municipalities["municipality"])
    codes = [labels.arrondissements[i] for i in labels.arrondissement_of]
    assert codes == list(region.municipalities["arrondissement"])
    assert all("visitor" in labels.sector_tags[i] for i in labels.sectors_with("visitor"))
    assert labels.sectors_with("no_such_tag").size == 0
    with pytest.raises(ValueError):
        labels.arrondissement_of[0] = 1


def test_every_drivers_source_is_described(region: RegionTables) -> None:
    described = set(region.sources.loc[region.sources["table"].isin(["drivers"]), "source_key"])
    assert set(region.drivers_series["source_key"]) <= described


def test_west_flanders_totals() -> None:
    region = load_region("west_flanders")
    assert region.census_people["persons"].sum() == 1_168_002
    assert region.population_municipality["persons"].sum() == 1_164_967
    assert region.workplace_jobs["persons"].sum() == 475_593
    assert len(region.labels.municipalities) == 64
    assert len(region.labels.sectors) == 11
    inside = region.commuting["work"].isin(region.labels.arrondissements)
    assert region.commuting.loc[inside, "persons"].sum() == 470_758


def test_west_flanders_has_no_later_outcomes() -> None:
    """Outcomes of the region end in 2018, so that later years stay unseen."""
    region = load_region("west_flanders")
    national = {"drivers", "wages", "single_facts"}
    for name in set(TABLES) - national:
        dated = TABLES[name].dated_by
        assert dated is None or region[name][dated.name].max() <= 2018


def test_fixture_is_what_its_script_writes(tmp_path: Path) -> None:
    make_fictland.write(tmp_path)
    for table in TABLES.values():
        assert (tmp_path / table.file).read_bytes() == (make_fictland.FOLDER / table.file).read_bytes(), table.file
    assert set(load_region(make_fictland.FOLDER).sources["publisher"]) == {"fictional"}


# ---------------------------------------------------------------------------------------------------- as-of and facts


def test_as_of_leaves_out_what_was_not_yet_observed() -> None:
    region = load_region("west_flanders", as_of="2014Q3")
    assert region.as_of == "2014Q3"
    assert region.drivers["period"].max() == "2014Q3"
    assert region.gva_history["year"].max() == 2013  # 2014 has not ended
    assert region.population_history["year"].max() == 2014  # its 1 January has passed
    assert load_region("west_flanders", as_of="2014Q4").gva_history["year"].max() == 2014
    assert len(region.census_people) == len(load_region("west_flanders").census_people)


def test_as_of_hides_survivors_of_later_years() -> None:
    cohorts = load_region("west_flanders", as_of="2014Q4").firm_survival.set_index("cohort_year")
    assert cohorts.loc[2009, "s5"].notna().all()
    assert cohorts.loc[2010, "s5"].isna().all()
    assert cohorts.loc[2010, "s4"].notna().all()
    assert cohorts.index.max() == 2014


def test_as_of_must_be_a_quarter() -> None:
    with pytest.raises(InputError, match="2027Q1"):
        load_region("west_flanders", as_of="2014")


def test_a_fact_by_name_and_year() -> None:
    region = load_region("west_flanders")
    assert region.fact("small_establishment_share") == 79.5
    assert region.fact("uk_share_exports") == 19
    assert region.fact("frontier_workers", 2013) == 6690
    with pytest.raises(InputError, match="did you mean 'frontier_workers'"):
        region.fact("frontier_worker")
    with pytest.raises(InputError, match="needs a year; allowed: 2012, 2013, 2022"):
        region.fact("frontier_workers")
    with pytest.raises(InputError, match="no value of 1990"):
        region.fact("frontier_workers", 1990)


def test_tables_by_attribute() -> None:
    region = load_region("west_flanders")
    assert region.commuting is region["commuting"]
    with pytest.raises(AttributeError, match="did you mean 'commuting'"):
        _ = region.comuting


# -------------------------------------------------------------------------------------------------- finding a region


def test_unknown_region_names_the_allowed_ones() -> None:
    with pytest.raises(InputError) as caught:
        load_region("west_flandres")
    assert "did you mean 'west_flanders'" in str(caught.value)
    assert "allowed: west_flanders, or a folder of tables" in str(caught.value)


def test_a_folder_of_ones_own(folder: Path) -> None:
    assert region_folder(folder) == folder
    loaded = load_region(str(folder))
    assert loaded.name == "fictland"
    assert loaded.folder == folder


def test_hash_follows_the_bytes(folder: Path) -> None:
    before = load_region(folder).hashes
    put(folder, "wages.csv", 2, "value", "3501")
    after = load_region(folder).hashes
    assert {file for file in after if after[file] != before[file]} == {"wages.csv"}


# ------------------------------------------------------------------------------------------------------------ faults


def test_missing_file(folder: Path) -> None:
    (folder / "commuting.csv").unlink()
    assert faults(folder) == [f"commuting.csv: the file is missing ({TABLES['commuting'].meaning})"]


def test_unknown_file(folder: Path) -> None:
    (folder / "comuting.csv").write_text("a\n1\n")
    (told,) = faults(folder)
    assert told.startswith("comuting.csv: unknown table (did you mean 'commuting.csv'?); allowed: region.csv, ")


def test_not_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder of region tables"):
        check_folder(tmp_path / "nowhere")


@pytest.mark.parametrize("content", ["", "residence,work,persons\n"])
def test_empty_file(folder: Path, content: str) -> None:
    (folder / "commuting.csv").write_text(content)
    assert faults(folder) == ["commuting.csv: has no rows; its columns are residence, work, persons"]


def test_not_utf8(folder: Path) -> None:
    (folder / "commuting.csv").write_bytes("residence,work,persons\nDépt,100,1\n".encode("latin-1"))
    assert faults(folder) == ["commuting.csv: is not UTF-8 (byte 25)"]


def test_unfinished_quotes(folder: Path) -> None:
    (folder / "commuting.csv").write_text('residence,work,persons\n100,"200,1\n')
    (told,) = faults(folder)
    assert told.startswith("commuting.csv, row 2: ")


def test_misspelt_column(folder: Path) -> None:
    edit(folder, "commuting.csv", lambda rows: [["residence", "work", "person"], *rows[1:]])
    assert faults(folder) == [
        "commuting.csv: column 'persons' is missing",
        "commuting.csv: unknown column 'person' (did you mean 'persons'?); allowed: residence, work, persons",
    ]


def test_repeated_column(folder: Path) -> None:
    edit(folder, "commuting.csv", lambda rows: [[*row, row[2]] for row in rows])
    assert faults(folder) == ["commuting.csv: column 'persons' appears more than once"]


def test_row_of_another_length(folder: Path) -> None:
    edit(folder, "commuting.csv", lambda rows: rows[2].append("7"))
    assert faults(folder) == ["commuting.csv, row 3: has 4 cells, the header has 3"]


@pytest.mark.parametrize(
    ("file", "column", "value", "why"),
    [
        ("census_people.csv", "sex", "X", "'X' is not allowed; allowed: F, M"),
        (
            "census_people.csv",
            "activity",
            "employd",
            "'employd' is not allowed (did you mean 'employed'?); allowed: child",
        ),
        ("census_people.csv", "persons", "", "is empty"),
        ("census_people.csv", "persons", "12.5", "'12.5' is not a whole number"),
        ("census_people.csv", "persons", "-3", "-3 is below the lowest allowed value, 0 (persons)"),
        ("census_people.csv", "sex", "F ", "'F ' has blanks around it"),
        ("gva_history.csv", "mio_eur", "12,5", "'12,5' is not a number with a decimal point"),
        ("gva_history.csv", "mio_eur", "nan", "'nan' is not a number with a decimal point"),
        ("gva_history.csv", "year", "20111", "20111 is above the highest allowed value, 2100 (year)"),
        ("mortality.csv", "probability", "1.5", "1.5 is above the highest allowed value, 1 (per year)"),
        ("commuting.csv", "work", "300", "'300' is not allowed (did you mean '200'?); allowed: 100, 200, CAP, REST"),
        (
            "municipalities.csv",
            "arrondissement",
            "900",
            "'900' is not allowed (did you mean '200'?); allowed: 100, 200",
        ),
        (
            "population_municipality.csv",
            "municipality",
            "999",
            "'999' is not allowed; allowed: 101, 102, 103, 201, 202",
        ),
        (
            "input_output.csv",
            "to_sector",
            "maker",
            "'maker' is not allowed (did you mean 'makers'?); allowed: makers, ",
        ),
        ("drivers.csv", "period", "2000-Q1", "'2000-Q1' is not a quarter such as 2014Q4"),
        ("drivers.csv", "series", "gdp_moon", "'gdp_moon' is not allowed"),
        ("sectors.csv", "tags", "Retail", "'Retail' is not a code of lower-case letters, digits and _"),
        ("sectors.csv", "tags", "retail;retail", "'retail;retail' names a value twice"),
        ("sectors.csv", "nace", "A;10-12", "'10-12' is not a NACE section or range of divisions"),
        (
            "single_facts.csv",
            "status",
            "guess",
            "'guess' is not allowed; allowed: data, verified, direction-verified, ",
        ),
        ("single_facts.csv", "source_key", "nobody", "'nobody' is not allowed; allowed: fictional"),
        ("sources.csv", "grade", "E", "'E' is not allowed; allowed: A, B, C, D"),
    ],
)
def test_wrong_cell(folder: Path, file: str, column: str, value: str, why: str) -> None:
    put(folder, file, 3, column, value)
    told = [fault for fault in faults(folder) if fault.startswith(f"{file}, row 3, column '{column}': {why}")]
    assert len(told) == 1


def test_repeated_key(folder: Path) -> None:
    edit(folder, "commuting.csv", lambda rows: [*rows, rows[1]])
    assert faults(folder) == ["commuting.csv, row 14: repeats residence '100', work '100' of row 2"]


def test_missing_combination(folder: Path) -> None:
    edit(folder, "input_output.csv", lambda rows: rows[:-1])
    assert faults(folder) == ["input_output.csv: no row for from_sector 'offices', to_sector 'offices'"]


def test_a_table_without_source(folder: Path) -> None:
    edit(folder, "sources.csv", lambda rows: [row for row in rows if row[0] != "wages"])
    assert faults(folder) == ["sources.csv: no row for table 'wages'"]


def test_a_municipality_without_residents(folder: Path) -> None:
    edit(folder, "municipalities.csv", lambda rows: [*rows, ["203", "Nowhere", "200", "0", "", "1", "-19.9", "39.9"]])
    told = faults(folder)
    assert told[0] == "population_municipality.csv: no row for municipality '203', age_band '0-4', sex 'F'"
    assert told[-1] == "population_municipality.csv: and 26 more combinations without a row"


def test_shares_of_a_group(folder: Path) -> None:
    put(folder, "sectors.csv", 3, "share_of_group", "0.7")
    assert faults(folder) == ["sectors.csv, column 'share_of_group': the shares of group 'G-I' add to 0.93, not to 1"]


def test_shares_of_visitors(folder: Path) -> None:
    put(folder, "visitor_places.csv", 2, "share", "0.5")
    assert faults(folder) == ["visitor_places.csv, column 'share': the shares add to 0.8, not to 1"]


def test_a_terminal_lies_in_the_region(folder: Path) -> None:
    put(folder, "terminals.csv", 2, "municipality", "999")
    assert faults(folder)[0].startswith("terminals.csv, row 2, column 'municipality': '999' is not allowed")


def test_a_group_in_no_sector(folder: Path) -> None:
    put(folder, "sectors.csv", 5, "employment_group", "J+K+L+M_N+O-Q")
    assert faults(folder) == ["sectors.csv, column 'employment_group': group 'R-U' is in no sector"]


def test_last_observation_must_be_true(folder: Path) -> None:
    put(folder, "drivers_series.csv", 2, "last_observation", "2024Q4")
    (told,) = faults(folder)
    assert told.endswith("'gdp_be' says 2024Q4, drivers.csv ends in 2025Q4")


@pytest.mark.parametrize(("key", "value"), [("name", "Fict Land"), ("census_day", "1 January 2011")])
def test_region_itself(folder: Path, key: str, value: str) -> None:
    edit(folder, "region.csv", lambda rows: [[key, value] if row[0] == key else row for row in rows])
    (told,) = faults(folder)
    assert told.startswith(f"region.csv, key '{key}': '{value}' is not ")


def test_every_fault_at_once(folder: Path) -> None:
    (folder / "wages.csv").unlink()
    put(folder, "commuting.csv", 4, "persons", "many")
    put(folder, "mortality.csv", 9, "sex", "f")
    edit(folder, "gva_history.csv", lambda rows: [["grp", "year", "mio_eur"], *rows[1:]])
    told = "\n".join(faults(folder))
    for part in (
        "wages.csv: the file is missing",
        "commuting.csv, row 4, column 'persons': 'many' is not a whole number",
        "mortality.csv, row 9, column 'sex': 'f' is not allowed",
        "gva_history.csv: column 'group' is missing",
    ):
        assert part in told


def test_many_wrong_rows_are_counted(folder: Path) -> None:
    def change(rows: Rows) -> Rows:
        return [rows[0], *([*row[:-1], "x"] if i < 25 else row for i, row in enumerate(rows[1:]))]

    edit(folder, "deaths_by_age.csv", change)
    told = faults(folder)
    assert len(told) == MOST_ROWS_TOLD + 1
    assert told[0] == "deaths_by_age.csv, row 2, column 'deaths': 'x' is not a whole number"
    assert told[-1] == "deaths_by_age.csv, column 'deaths': and 15 more"


def test_rows_are_counted_past_empty_lines(folder: Path) -> None:
    text = (folder / "commuting.csv").read_text().replace("\n100,200", "\n\n100,200", 1)
    (folder / "commuting.csv").write_text(text)
    check_folder(folder)
    (folder / "commuting.csv").write_text(text.replace("CAP,100,60", "CAP,100,sixty"))
    assert faults(folder) == ["commuting.csv, row 11, column 'persons': 'sixty' is not a whole number"]


def test_a_byte_order_mark_is_no_fault(folder: Path) -> None:
    content = (folder / "commuting.csv").read_bytes()
    (folder / "commuting.csv").write_bytes(b"\xef\xbb\xbf" + content)
    check_folder(folder)


def test_declared_columns_make_sense() -> None:
    """Keys and complete combinations name columns; references exist; at most one column dates a row."""

    def references() -> Iterator[str]:
        for table in TABLES.values():
            yield from (column.refers for column in table.columns if column.refers)

    for table in TABLES.values():
        assert set(table.key) <= set(table.column_names)
        assert set(table.complete) <= set(table.column_names)
        assert sum(bool(column.observed) for column in table.columns) <= 1
    for reference in set(references()) - {"places", "tables"}:
        name, column = reference.split(".")
        assert column in TABLES[name].column_names


# Institutions -----------------------------------------------------------------------------------------------------


def test_a_region_without_an_agency(folder: Path) -> None:
    edit(folder, "institutions.csv", lambda rows: [row for row in rows if row[1] != "development_agency"])
    told = faults(folder)
    assert "institutions.csv: no row of kind 'development_agency', which carries out a plan" in told
    assert any("'agency' is not allowed" in fault for fault in told)  # the coalition's partner has gone too


def test_an_institution_that_serves_its_place_stands_somewhere(folder: Path) -> None:
    rows = load_region(folder).institutions["institution"].tolist()
    put(folder, "institutions.csv", rows.index("lab") + 2, "municipality", "")
    assert faults(folder) == [
        "institutions.csv, column 'municipality': 'lab' is a research_site and must stand in a municipality"
    ]


def test_a_coalition_of_coalitions(folder: Path) -> None:
    rows = load_region(folder).institutions["institution"].tolist()
    put(folder, "institutions.csv", rows.index("uplands") + 2, "partners", "agency;uplands")
    assert faults(folder) == ["institutions.csv, column 'partners': 'uplands' is itself a coalition"]
