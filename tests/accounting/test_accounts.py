"""The accounts, recounted from outside: people by municipality, jobs firm by firm, money; a broken one is caught."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from regionsim.model.accounts import AccountsDoNotBalance
from regionsim.model.quarter import QUARTER
from regionsim.model.region_model import RegionModel
from regionsim.model.setup import Setup
from regionsim.processes.public.transactions import FLOW, net_lending
from regionsim.state.economy import FIRMS, FLOWS, GOV, HH, ROW, SECTORS_OF_ACCOUNT
from regionsim.state.firms import EMPLOYER, OUTSIDE
from regionsim.state.people import (
    ARRIVED,
    COMMUTER,
    EMPLOYED,
    INACTIVE,
    JOB_SEEKER,
    LEFT,
    PUPIL,
    RESIDENT,
    SELF_EMPLOYED,
    STUDENT_AWAY,
    STUDENT_HERE,
    TEMPORARILY_UNEMPLOYED,
)
from regionsim.state.region_state import Now
from tests.fixtures import models
from tests.fixtures.models import after, copied, processes_of_the_quarter

QUARTERS = 24
WORKING = (EMPLOYED, SELF_EMPLOYED, TEMPORARILY_UNEMPLOYED)


@pytest.fixture(scope="module", params=[0, 1], ids=["draw 0", "draw 1"])
def run(request: pytest.FixtureRequest, setup: Setup) -> tuple[xr.Dataset, list[dict[str, np.ndarray]]]:
    """Six years under the plan: what was recorded, and what is counted in the columns after each quarter."""
    model = RegionModel(setup, request.param, models.plan(), record=True)
    counted = [counts(model)]
    for _ in range(QUARTERS):
        model.step()
        counted.append(counts(model))
    return model.recorder.finish(1.0), counted


def counts(model: RegionModel) -> dict[str, np.ndarray]:
    """Everything the tests need, counted here and not by the model."""
    p, f = model.people.a, model.firms.a
    here = p.place == RESIDENT
    works = np.isin(p.activity, WORKING)
    inside = (f.kind >= 0) & (f.kind != OUTSIDE)
    return {
        "residents": np.bincount(p.municipality[here], minlength=len(model.setup.tables.labels.municipalities)),
        "working": np.array([(here & works).sum(), ((p.place == COMMUTER) & works).sum()]),
        "outside": np.array([(here & works & (f.kind[p.employer] == OUTSIDE)).sum()]),
        "jobs": np.array([f.jobs[inside].sum(), f.jobs[f.kind == OUTSIDE].sum()]),
        "transactions": model.state.economy.transactions.copy(),
        "gva": model.state.economy.gva.copy(),
        "exports": model.state.economy.final_demand[-4:] * model.state.economy.price,
    }


# People ------------------------------------------------------------------------------------------------------------


def test_people_balance_in_every_municipality_and_quarter(run) -> None:
    """stock = stock before + births - deaths + arrivals - departures, to the person."""
    data, counted = run
    for q in range(QUARTERS):
        flows = {name: data[name].isel(quarter=q).values for name in ("births", "deaths", "arrivals", "departures")}
        change = flows["births"] - flows["deaths"] + flows["arrivals"] - flows["departures"]
        assert np.array_equal(counted[q + 1]["residents"] - counted[q]["residents"], change), q
        assert all((values >= 0).all() for values in flows.values())
    assert all(float(data[name].sum()) > 100 for name in ("births", "deaths", "arrivals", "departures"))


def test_recorded_residents_are_those_counted(run, setup: Setup) -> None:
    data, counted = run
    of = setup.tables.labels.arrondissement_of
    for q in range(QUARTERS):
        by_place = np.bincount(of, weights=counted[q + 1]["residents"], minlength=data.sizes["arrondissement"])
        assert np.array_equal(data.residents.isel(quarter=q).sum("age_group").values, by_place)


def test_everyone_does_exactly_one_thing(run) -> None:
    """In work + seeking + inactive + retired + students + children and pupils = residents; the last by difference."""
    data, counted = run
    for q in range(QUARTERS):
        now = data.isel(quarter=q)
        assert float(now.employed_residents.sum() + now.job_seekers.sum()) == float(now.labour_force)
        assert (
            float(now.employed_by_education.sum())
            == float(now.employed_residents.sum())
            == counted[q + 1]["working"][0]
        )
        others = now.labour_force + now.inactive + now.retired + now.students_here + now.students_away
        young = float(now.residents.sum() - others)
        assert float(now.residents.sel(age_group="0-14").sum()) <= young
        assert young <= float(now.residents.sel(age_group=["0-14", "15-24"]).sum())


# Jobs --------------------------------------------------------------------------------------------------------------


def test_jobs_balance_for_the_region(run) -> None:
    """Jobs here = residents who work here + in-commuters; jobs outside = residents who work outside."""
    data, counted = run
    for q in range(QUARTERS):
        now, seen = data.isel(quarter=q), counted[q + 1]
        here = float(now.employed_residents.sum() - now.out_commuters + now.in_commuters)
        assert float(now.jobs.sum()) == here == seen["jobs"][0]
        assert float(now.out_commuters) == seen["outside"][0] == seen["jobs"][1]
        assert float(now.in_commuters) == seen["working"][1]


def test_jobs_change_by_what_starts_and_ends(run) -> None:
    """All jobs, here and outside: hires and founders come, separations go."""
    data, counted = run
    for q in range(QUARTERS):
        now = data.isel(quarter=q)
        change = counted[q + 1]["jobs"].sum() - counted[q]["jobs"].sum()
        assert change == float(now.hires + now.firms_founded.sum() - now.separations), q


def test_firms_balance_by_sector(run, setup: Setup) -> None:
    """Firms = firms before + founded - closed, in every sector and quarter."""
    data, _ = run
    start = RegionModel(setup, 0).firms.a
    inside = (start.kind >= 0) & (start.kind != OUTSIDE)
    before = np.bincount(start.sector[inside], minlength=data.sizes["sector"])
    for q in range(QUARTERS):
        now = data.isel(quarter=q)
        assert np.array_equal(now.firms.values, before + now.firms_founded.values - now.firms_closed.values), q
        before = now.firms.values
    assert float(data.firms_founded.sum()) > 50 and float(data.firms_closed.sum()) > 50


def test_jobs_balance_firm_by_firm(under_plan: RegionModel) -> None:
    """Filled jobs of each firm are the people who name it, after every process that touches jobs."""
    model = copied(under_plan)
    now = model.now()
    from regionsim.model.quarter import QUARTER

    for _ in range(5):
        for process in QUARTER:
            process(now)
            p, f = model.people.a, model.firms.a
            named = np.bincount(p.employer[p.employer >= 0], minlength=f.id.size)
            assert np.array_equal(named, np.where(f.kind >= 0, f.jobs, 0)), process.__name__
        model.state.quarter += 1
        model.residents_by_municipality = now.flows["residents"]
        now = model.now()


# Money -------------------------------------------------------------------------------------------------------------


def test_money_balances_every_quarter(run) -> None:
    """Net lending of the four accounts sums to zero, and the recorded residual stays below 1e-8 of value added."""
    data, counted = run
    for q in range(QUARTERS):
        book, gva = counted[q + 1]["transactions"], counted[q + 1]["gva"].sum()
        receipts, payments = book.sum(axis=(0, 1)), book.sum(axis=(0, 2))
        assert abs((receipts - payments).sum()) < 1e-8 * gva
        assert np.allclose(net_lending(book), receipts - payments, atol=1e-9 * gva)
        assert float(data.residual_money.isel(quarter=q)) < 1e-8 * gva
    assert not data.residual_people.any() and not data.residual_jobs.any()


def test_every_flow_is_there_once_and_goes_one_way(run) -> None:
    """A flow has one payer and one receiver and is never negative; two balances may go either way; no pandemic yet."""
    _, counted = run
    ends: dict[str, set[tuple[int, int]]] = {name: set() for name in FLOWS}
    for seen in counted[1:]:
        for name in FLOWS:
            book = seen["transactions"][FLOW[name]]
            ends[name] |= {(int(i), int(j)) for i, j in np.argwhere(book)}
            assert name in ("transfers_to_government", "investment_of_others") or (book >= 0).all(), name
    assert ends.pop("pandemic_support") == ends.pop("stakes") == set()  # no measure of this plan takes stakes
    assert ends.pop("consumption_imported") == set()  # fictland's shops have it all
    assert ends.pop("sold_off") <= {(ROW, FIRMS)}  # in some draws there is nothing left over to sell
    assert all(len(each) == 1 for each in ends.values()), ends
    assert ends["wages_residents"] == {(FIRMS, HH)} and ends["exports"] == {(ROW, FIRMS)}
    assert ends["taxes_households"] == {(HH, GOV)} and len(SECTORS_OF_ACCOUNT) == 4


def test_what_firms_make_is_what_is_paid_for_it(under_plan: RegionModel) -> None:
    """Value added = output - inputs from here - imported inputs, by sector, from the table of the base year."""
    model = copied(under_plan).run(1)
    base, economy = model.base, model.state.economy
    made = economy.production * (1 - base.intermediate_local.sum(axis=0) - base.imported_inputs)
    assert np.allclose(made, economy.gva, rtol=1e-9)


def test_exports_in_the_books_are_the_exports_recorded(run) -> None:
    data, counted = run
    for q in range(QUARTERS):
        seen, recorded = counted[q + 1], data.exports.isel(quarter=q)
        assert seen["transactions"][FLOW["exports"]].sum() == pytest.approx(seen["exports"].sum(), rel=1e-12)
        assert float(recorded.sum()) == pytest.approx(seen["exports"].sum(), rel=0.05)  # at base prices


def test_what_a_plan_costs_moves_no_money_of_firms(run) -> None:
    data, counted = run
    assert float(data.public_cost.sum()) > 0
    assert all(counted[q + 1]["transactions"][FLOW["stakes"]].sum() == 0.0 for q in range(QUARTERS))


def test_stakes_in_the_books_are_what_firms_got(setup: Setup) -> None:
    now = models.until(RegionModel(setup, 0).run(2), "firms_settle_accounts")
    firms = now.state.firms.a
    rows = np.flatnonzero((firms.kind == EMPLOYER) & (firms.size_weight > 0))[:3]
    now.levers.move("equity_eur", 4e4, rows)
    for process in QUARTER[[p.__name__ for p in QUARTER].index("firms_settle_accounts") :]:
        process(now)
    assert now.state.economy.transactions[FLOW["stakes"]].sum() == pytest.approx(3 * 4e4 * 1e-6)


# Who is what, at the end of every quarter -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def people_of_every_quarter(setup: Setup) -> list:
    model = RegionModel(setup, 0, models.plan())
    found = []
    for _ in range(16):
        model.step()
        found.append((model.state.quarter, model.people.copy(), model.firms.copy()))
    return found


def test_who_works_has_an_employer_and_nobody_else_has(people_of_every_quarter) -> None:
    for q, people, firms in people_of_every_quarter:
        p = people.a
        there = p.place >= 0
        assert np.array_equal(p.employer[there] >= 0, np.isin(p.activity[there], WORKING)), q
        assert (firms.a.kind[p.employer[there & (p.employer >= 0)]] >= 0).all()
        assert (p.employer[p.place == LEFT] == -1).all()
        assert (p.tenure_q[there & (p.employer < 0)] == 0).all()


def test_the_ladder_is_for_the_inactive(people_of_every_quarter) -> None:
    """A rung for inactive residents and for nobody else."""
    for q, people, _ in people_of_every_quarter:
        p = people.a
        inactive = (p.place == RESIDENT) & (p.activity == INACTIVE)
        assert (p.ladder[~inactive] == -1).all(), q
        assert ((p.ladder[inactive] >= 0) & (p.ladder[inactive] <= 5)).all(), q


def test_studies_have_an_end_and_others_have_none(people_of_every_quarter) -> None:
    for q, people, _ in people_of_every_quarter:
        p = people.a
        studies = np.isin(p.activity, (PUPIL, STUDENT_HERE, STUDENT_AWAY)) & (p.place == RESIDENT)
        planned = p.study_end_q >= q
        moved_in = (p.origin == ARRIVED) & (p.study_end_q == -1) & (p.activity == PUPIL)  # choose next quarter
        assert (planned | moved_in)[studies].all(), q
        waits = (p.activity == INACTIVE) & (p.place == RESIDENT)  # between studies and work
        found = (p.origin != ARRIVED) & (p.place == RESIDENT) & (p.study_end_q >= q)  # work before the wait was over
        assert (p.study_end_q[~studies & ~waits & ~found & (p.place >= 0)] == -1).all(), q
        assert (p.study_end_q[waits] < q + 4).all(), q


def test_nobody_who_left_or_died_is_still_asked_to_leave(people_of_every_quarter) -> None:
    for _, people, _ in people_of_every_quarter:
        assert not people.a.exit.any()


def test_ages_and_activities_go_together(people_of_every_quarter) -> None:
    for q, people, _ in people_of_every_quarter:
        p = people.a
        here = p.place == RESIDENT
        assert (p.activity[here & (p.age_q < 60)] == 0).all(), q
        assert (p.age_q[here & np.isin(p.activity, WORKING)] >= 60).all(), q
        assert (p.age_q[p.place == LEFT] <= 35 * 4).all(), q
        assert ((p.age_q >= 0) & (p.age_q < 125 * 4)).all()
        assert np.isin(p.activity[p.place == COMMUTER], (*WORKING, JOB_SEEKER)).all(), q


def test_ids_of_those_present_are_unique(people_of_every_quarter) -> None:
    for _, people, firms in people_of_every_quarter:
        for columns in (people, firms):
            ids = columns.a.id[columns.rows()]
            assert np.unique(ids).size == ids.size


def test_nobody_leaves_twice_and_who_leaves_does_not_work(under_plan: RegionModel) -> None:
    """Of all who are asked to leave in a quarter: each is gone, or lives elsewhere without a job, and counted once."""
    model = copied(under_plan)
    for _ in range(5):
        asked: dict[int, int] = {}

        def note(now: Now, asked: dict[int, int] = asked) -> None:
            p = now.state.people.a
            rows = np.flatnonzero((p.exit > 0) & (p.place == RESIDENT))
            asked |= dict(zip(p.id[rows].tolist(), p.exit[rows].tolist(), strict=True))

        with processes_of_the_quarter(after("arrivals", note)):
            model.step()
        left = dict(model.people.select(lambda a: a.place == LEFT).get(["id", "employer"]))
        here = set(model.people.select(lambda a: a.place == RESIDENT).get("id").tolist())
        assert not set(asked) & here
        assert all((who in left) == (reason == 3) for who, reason in asked.items())
        assert all(left[who] == -1 for who in asked if who in left)
        assert len(asked) == model.flows["deaths"].sum() + model.flows["departures"].sum()


def test_a_death_is_not_undone_by_another_reason_to_leave(under_plan: RegionModel) -> None:
    """Whoever is to die dies, also a graduate who would have moved away."""
    model = copied(under_plan)

    dying: list[int] = []

    def all_graduates_die(now: Now) -> None:
        rows = now.flows["new_graduates"]
        now.state.people.a.exit[rows] = 1
        dying.extend(now.state.people.a.id[rows].tolist())

    with processes_of_the_quarter(after("students_graduate", all_graduates_die)):
        model.step()
    assert model.flows["new_graduates"].size > 30
    assert not set(dying) & set(model.people.a.id[model.people.rows()].tolist())
    assert model.flows["deaths"].sum() >= model.flows["new_graduates"].size


# A broken account is caught ----------------------------------------------------------------------------------------


def broken(model: RegionModel, name: str, damage: Callable[[Now], None]) -> str:
    """What a run says that is damaged right after a process."""
    model = copied(model)
    quarter = model.state.quarter
    with processes_of_the_quarter(after(name, damage)), pytest.raises(AccountsDoNotBalance) as caught:
        model.step()
    assert model.state.quarter == quarter  # it stopped there
    return str(caught.value)


def test_a_job_that_appears_is_caught_with_quarter_and_firm(under_plan: RegionModel) -> None:
    row = int(np.flatnonzero(under_plan.firms.a.kind == 0)[5])

    def add_a_job(now: Now) -> None:
        now.state.firms.a.jobs[row] += 1

    told = broken(under_plan, "exits_resolved", add_a_job)
    assert told.startswith("2013Q3: ")
    assert f"jobs of firm row {row}: off by 1" in told


def test_a_worker_without_a_firm_is_caught(under_plan: RegionModel) -> None:
    def forget_the_employer(now: Now) -> None:
        p = now.state.people.a
        p.employer[np.flatnonzero((p.place == RESIDENT) & (p.activity == EMPLOYED))[7]] = -1

    assert "jobs of firm row" in broken(under_plan, "exits_resolved", forget_the_employer)


def test_a_worker_who_does_not_count_as_one_is_caught(under_plan: RegionModel) -> None:
    """Employer and activity disagree: the region's balance shows it although every firm's does not."""

    def retire_on_paper(now: Now) -> None:
        p = now.state.people.a
        p.activity[np.flatnonzero((p.place == RESIDENT) & (p.activity == EMPLOYED))[7]] = JOB_SEEKER

    told = broken(under_plan, "exits_resolved", retire_on_paper)
    assert re.search(r"of the region: (off )?by 1$", told)


def test_a_person_who_moves_unseen_is_caught_with_quarter_and_place(under_plan: RegionModel) -> None:
    def move(now: Now) -> None:
        p = now.state.people.a
        p.municipality[np.flatnonzero((p.place == RESIDENT) & (p.municipality == 3))[0]] = 2

    told = broken(under_plan, "exits_resolved", move)
    assert told.startswith("2013Q3: people in municipality 2: off by 1")


def test_a_child_from_nowhere_is_caught(under_plan: RegionModel) -> None:
    def appear(now: Now) -> None:
        row = now.state.people.take_free(1)
        now.state.people.a.place[row] = RESIDENT
        now.state.people.a.municipality[row] = 4

    assert "people in municipality 4: off by 1" in broken(under_plan, "births", appear)


def test_output_that_nobody_paid_for_is_caught(under_plan: RegionModel) -> None:
    def inflate(now: Now) -> None:
        now.state.economy.gva = now.state.economy.gva * 1.001

    told = broken(under_plan, "production", inflate)
    assert told.startswith("2013Q3: money: residual of ")


def test_all_that_is_broken_is_told_at_once(under_plan: RegionModel) -> None:
    def damage(now: Now) -> None:
        now.state.economy.gva = now.state.economy.gva * 1.001
        now.state.firms.a.jobs[np.flatnonzero(now.state.firms.a.kind == 0)[5]] += 1
        p = now.state.people.a
        p.municipality[np.flatnonzero((p.place == RESIDENT) & (p.municipality == 3))[0]] = 2

    told = broken(under_plan, "exits_resolved", damage)
    assert all(word in told for word in ("people in municipality", "jobs of firm row", "money: residual"))


# Firms that cannot pay ---------------------------------------------------------------------------------------------


def test_the_matrix_holds_what_banks_lose_when_a_firm_closes_insolvent(under_plan: RegionModel) -> None:
    """A firm with 500 EUR too little and a debt of 2,000 closes: banks write off 2,500, and the books balance."""
    plain, broke = copied(under_plan), copied(under_plan)
    row = firm_that_stays(under_plan)
    for model, insolvent in ((plain, 0), (broke, 1)):
        f = model.firms.a
        f.insolvent[row], f.cash[row], f.debt[row] = insolvent, -500.0, 2000.0
        model.step()  # raises if the accounts do not balance
    flows = {name: [m.state.economy.transactions[FLOW[name]].sum() for m in (plain, broke)] for name in FLOWS}
    assert not plain.flows["closing"][row] and broke.flows["closing"][row]
    assert flows["write_offs"][1] - flows["write_offs"][0] == pytest.approx(2500e-6)
    assert flows["liquidation"][1] == pytest.approx(flows["liquidation"][0], rel=1e-12)
    assert broke.flows["residual_money"] < 1e-8


def test_a_firm_that_runs_out_of_money_is_insolvent_closes_and_its_workers_go(under_plan: RegionModel) -> None:
    """It owes more than banks lend, so what it lacks this quarter it does not get; the next it closes."""
    model = copied(under_plan)
    row, f = firm_that_stays(under_plan), model.firms.a
    f.cash[row] = -1e9
    model.step()
    assert f.insolvent[row] == 1 and f.cash[row] < 0 and f.jobs[row] > 0
    owed = f.debt[row] - f.cash[row]
    model.step()
    assert model.flows["closing"][row] and f.kind[row] == -1
    assert model.state.economy.transactions[FLOW["write_offs"]].sum() >= owed * 1e-6
    assert model.flows["residual_money"] < 1e-8
    assert not (model.people.a.employer == row).any()


def firm_that_stays(model: RegionModel) -> int:
    """A private employer that does not close in the next two quarters."""
    twin, f = copied(model), model.firms.a
    stays = (f.kind == 0) & (f.jobs > 2) & (f.size_weight > 0) & ~twin.setup.reference.public_sector[f.sector]
    for _ in range(2):
        twin.step()
        stays &= ~twin.flows["closing"][: stays.size]
    return int(np.flatnonzero(stays)[0])
