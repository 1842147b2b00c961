"""Bad input: one clear message that names the key or file and the allowed values, exit code 2, nothing written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Command
from tests.fixtures.fake_model import FICTLAND


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ensemble.scale=0"], "ensemble.scale: got 0; allowed: a number above 0 and at most 1"),
        (["ensemble.scale=1.01"], "ensemble.scale: got 1.01; allowed: a number above 0 and at most 1"),
        (["ensemble.scale=nan"], "ensemble.scale: got nan; allowed: a number above 0"),
        (
            ["ensemble.variance_split=true", "ensemble.draws=1"],
            "ensemble.draws: got 1; allowed with ensemble.variance_split=true: a whole number, 4 or more",
        ),
        (["ensemble.foresight=maybe"], "ensemble.foresight: got 'maybe'; allowed: true or false"),
        (["ensemble.foresight=true"], "ensemble.foresight: got true without ensemble.as_of"),
        (["ensemble.horizon=2071Q1"], "ensemble.horizon: got 2071Q1; allowed: a quarter after region.first"),
        (["ensemble.variance_split=maybe"], "ensemble.variance_split: got 'maybe'; allowed: true or false"),
        (["ensemble.draws=0"], "ensemble.draws: got 0; allowed: a whole number, 1 or more"),
        (["ensemble.draws=2.5"], "ensemble.draws: got 2.5; allowed: a whole number"),
        (["ensemble.draws=many"], "ensemble.draws: got 'many'; allowed: a whole number"),
        (["ensemble.draws=null"], "ensemble.draws: got nothing (null); allowed: a whole number"),
        (
            ["ensemble=smok"],
            "ensemble: there is no 'smok' (did you mean 'smoke'?); allowed: compare, default, one_to_one, smoke",
        ),
        (
            ["ensmble=smoke"],
            "ensmble: unknown key 'ensmble' (did you mean 'ensemble'?); allowed: design, engine, ensemble",
        ),
        (["engine.workers=0"], "engine.workers: got 0; allowed: a whole number, 1 or more, or null"),
        (["engine.kind=cloud"], "engine.kind: got 'cloud'; allowed: serial, processes"),
        (["world.brexit=hart"], "world.brexit: got 'hart' (did you mean 'hard'?); allowed: none, tca, hard"),
        (["world.covid=obsrved"], "world.covid: got 'obsrved' (did you mean 'observed'?); allowed: none, observed"),
        (["world.covid=null"], "world.covid: got nothing (null) (did you mean 'none'?); allowed: none, observed"),
        (["world.cvid=none"], "world.cvid: unknown key 'cvid' (did you mean 'covid'?); allowed: ageing, brexit, covid"),
        (["world.ageing=slwo"], "world.ageing: got 'slwo' (did you mean 'slow'?); allowed: central, fast, slow"),
        (
            ["parameters.covid.seen_trough.value=1"],
            "unknown key 'seen_trough' (did you mean 'seen_through'?); allowed: closed_retail, closed_visitor",
        ),
        (["parameters.covd.seen_through.value=1"], "unknown key 'covd' (did you mean 'covid'?)"),
        (
            ["parameters.covid.closed_visitor.value=[0.1,0.2]"],
            "parameters.covid.closed_visitor.value: got [0.1, 0.2]; allowed: a list of 8 numbers",
        ),
        (
            ["parameters.covid.closed_retail.value=0.5"],
            "parameters.covid.closed_retail.value: got 0.5; allowed: a list of 8 numbers",
        ),
        (
            ["parameters.trade.sold_on_the_spot.value=[0.5]"],
            "parameters.trade.sold_on_the_spot.value: got [0.5]; allowed: a number",
        ),
        (["world=centre"], "world: there is no 'centre' (did you mean 'central'?); allowed: central"),
        (["report.language=fr"], "report.language: got 'fr'; allowed: en, nl"),
        (["plan.start=2027"], "plan.start: got 2027; allowed: a quarter like 2027Q1"),
        (
            ["plan.start=2010Q4"],
            "plan.start: got 2010Q4; allowed: a quarter after region.first, 2011Q1, and up to",
        ),
        (
            ["plan.start=2030Q1"],
            "plan.start: got 2030Q1; allowed: a quarter after region.first, 2011Q1, and up to",
        ),
        (["ensemble.horizon=2010Q4"], "ensemble.horizon: got 2010Q4; allowed: a quarter after region.first"),
        (["ensemble.as_of=soon"], "ensemble.as_of: got 'soon'; allowed: a quarter like 2027Q1, or null"),
        (["region.first=2012Q1"], "region.first: got 2012Q1; allowed: the quarter of the census day, 2011Q1"),
        (["plan.dose=-1"], "plan.dose: got -1; allowed: a number, 0 or more"),
        (
            ["plan.strat=2028Q1"],
            "plan.strat: unknown key 'strat' (did you mean 'start'?); allowed: budget_eur, budget_quarters, dose",
        ),
        (["+plan.strat=2028Q1"], "plan.strat: unknown key (did you mean 'start'?); allowed: name, title_en"),
        (["plan.start.x=1"], "plan.start.x: 'plan.start' is a single value and has no keys"),
        (
            ["plan.measures.dual_learning.dose=-5"],
            "plan.measures.dual_learning.dose: got -5; allowed: a number, 0 or",
        ),
        (["plan.measures.dual_lerning.dose=5"], "unknown key 'dual_lerning' (did you mean 'dual_learning'?)"),
        (
            ["+intervention@plan.measures.x=dual_lerning"],
            "there is no 'dual_lerning' (did you mean 'dual_learning'?)",
        ),
        (
            ["plan.measures.dual_learning.mechanism=dual_place"],
            "mechanism: got 'dual_place' (did you mean 'dual_places'?); allowed: dual_places, dual_student_places",
        ),
        (
            ["~plan.measures.dual_learning.parameters.retention"],
            "plan.measures.dual_learning.parameters.retention: is missing; mechanism 'dual_places' takes: retention",
        ),
        (
            ["plan.measures.dual_learning.parameters.retention.status=guess"],
            "'parameters.retention' has status 'guess'; allowed: data, verified",
        ),
        (["parameters.labour.quit.value=1"], "parameters.labour.quit.value: unknown key 'quit'"),
        (["parameters.labour.probes.value=x"], "'labour.probes' has value 'x'; allowed: a finite number"),
        (["name=a/b"], "name: got 'a/b'; allowed: a folder name without / or \\"),
        (["region.tables=west_flander"], "region 'west_flander': is unknown (did you mean 'west_flanders'?)"),
        (
            ["world.brexit=none,tca"],
            "world.brexit: has several values, 'none,tca'; add -m to run every combination",
        ),
        (
            ["smoke"],
            "smoke: neither a command nor key=value; "
            "commands: compare, analyse, status, report, forecast, validate, data, list, explain, help",
        ),
        (["lst"], "lst: neither a command nor key=value (did you mean 'list'?)"),
        (["x=["], "x=[: "),
        (["--config-dir", "nowhere"], "is not a folder"),
        (["--cfg", "job", "ensemble=smok"], "ensemble: there is no 'smok' (did you mean 'smoke'?)"),
        (["output=/dev/null/x"], "/dev/null/x"),
    ],
)
def test_one_fault(small: Command, words: list[str], message: str) -> None:
    ended = small(*words)
    assert message in ended.err
    assert ended.refused, ended
    assert "hydra.cc" not in ended.err


def test_all_faults_at_once(small: Command) -> None:
    ended = small(
        "ensmble=smoke",
        "plan=masterplann",
        "ensemble.scale=0",
        "world.brexit=soft",
        "plan.measures.dual_learning.dose=-5",
        "parameters.labour.probes.status=guess",
    )
    assert ended.refused, ended
    for number, key in enumerate(
        ("ensmble", "plan: ", "world.brexit", "dual_learning.dose", "ensemble.scale"), 1
    ):
        assert key in ended.err, key
        assert f"  {number}. " in ended.err
    assert "'labour.probes' has status 'guess'" in ended.err


def folder_of_tables(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FICTLAND, tmp_path / "mine"))


def test_a_missing_table_and_a_typo_in_a_column_are_told_together(regionsim: Command, tmp_path: Path) -> None:
    tables = folder_of_tables(tmp_path)
    (tables / "commuting.csv").unlink()
    sectors = tables / "sectors.csv"
    sectors.write_text(sectors.read_text().replace("name_en", "nam_en", 1))
    ended = regionsim(*SMALL, f"region.tables={tables}")
    assert ended.refused, ended
    assert "commuting.csv" in ended.err
    assert "nam_en" in ended.err and "name_en" in ended.err
    assert str(tables) in ended.err
    checked = regionsim("data", "check", str(tables))
    assert checked.refused
    assert "commuting.csv" in checked.err


@pytest.mark.parametrize("missing", [["institutions.csv", "funds.csv"], ["terminals.csv"], ["visitor_places.csv"]])
def test_a_folder_made_before_these_tables_existed_is_refused(
    regionsim: Command, tmp_path: Path, missing: list[str]
) -> None:
    tables = folder_of_tables(tmp_path)
    for name in missing:
        (tables / name).unlink()
    ended = regionsim(*SMALL, f"region.tables={tables}")
    assert ended.refused, ended
    assert all(f"{name}: the file is missing" in ended.err for name in missing)
    assert ended.err.count("the file is missing") == len(missing)


def test_a_sweep_is_checked_before_its_first_scenario_runs(small: Command) -> None:
    ended = small("-m", "world.brexit=none,soft", "plan=none,masterplan")
    assert ended.refused, ended
    assert ended.err.count("world.brexit") == 1


def test_studies_of_a_sweep_may_not_share_a_folder(small: Command) -> None:
    ended = small("-m", "ensemble.seed=1,2", "plan=none", "name=same")
    assert ended.refused, ended
    assert "name: " in ended.err and "would be written by several studies" in ended.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["list", "measures"], "interventions"),
        (["explain", "intervention/dual_lerning"], "did you mean 'dual_learning'?"),
        (["explain", "interventon/dual_learning"], "did you mean 'intervention'?"),
        (["explain", "parameter/labour.prob"], "did you mean 'labour.probes'?"),
        (["explain", "gva"], "allowed: intervention/NAME"),
        (["report", "nowhere"], "nowhere: no such file"),
        (["report", "one", "two", "--output", "page.html"], "--output"),
        (["report", ".", "--language", "fr"], "en"),
        (["data", "check", "nowhere"], "region 'nowhere': is unknown"),
        (["data"], "ACTION"),
        (["validate", "--scale", "0"], "a number above 0 and at most 1"),
        (["validate", "--draws", "none"], "a whole number, 1 or more"),
        (["validate", "json="], "json: got ''; allowed: one path of a file"),
        (["validate", "json=a.json", "--json", "b.json"], "allowed: one path of a file"),
        (["validate", "json=nowhere/facts.json"], "json: there is no folder"),
        (["validate", "json=."], "is a folder; give the name of a file"),
        (["validate", "--json", "/dev/null/facts.json"], "json: there is no folder '/dev/null'"),
        (["validate", "--output", "/dev/null/folder"], "--output: '/dev/null' is a file, not a folder"),
        (["validate", "jsn=facts.json"], "jsn"),
    ],
)
def test_commands_refuse_too(regionsim: Command, words: list[str], message: str) -> None:
    ended = regionsim(*words)
    assert message in ended.err
    assert ended.refused, ended
