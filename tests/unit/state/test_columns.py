"""Columnar populations: the meaning of mesa.agent.AgentSet on the same agents, and rows that are used again."""

from __future__ import annotations

import mesa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mesa.agent import AgentSet

from regionsim.state.columns import Column, Columns

AGES = [34, 18, 18, 71, 5, 34, 50]
WAGES = [9.5, 1.25, 2.0, 0.0, 0.0, 4.0, 7.0]
LARGEST = 2**64 - 1


class Few(Columns):
    """A population for tests."""

    marker = "place"
    declared = (
        Column("id", "uint64", 0, "1", "identity", ("synthesis",)),
        Column("place", "int8", -1, "code", "where", ("synthesis",)),
        Column("age", "int16", 0, "years", "age", ("synthesis",)),
        Column("wage", "float32", 0.0, "EUR", "wage", ("synthesis",)),
        Column("firm", "int32", -1, "row", "employer", ("synthesis",)),
    )


class Person(mesa.Agent):
    """The same as an agent of Mesa."""

    def __init__(self, model: mesa.Model, identity: int, age: int, wage: float) -> None:
        super().__init__(model)
        self.id, self.age, self.wage = identity, age, wage


@pytest.fixture
def few() -> Few:
    columns = Few(len(AGES) + 4)
    rows = columns.take_free(len(AGES))
    columns.a.id[rows] = np.arange(LARGEST - len(AGES) + 1, LARGEST, dtype=np.uint64).tolist() + [LARGEST]
    columns.a.place[rows], columns.a.age[rows], columns.a.wage[rows] = 0, AGES, WAGES
    return columns


@pytest.fixture
def agents(few: Few) -> AgentSet:
    model = mesa.Model()
    people = [Person(model, int(i), a, w) for i, a, w in zip(few.a.id, AGES, WAGES, strict=False)]
    model.kept = people
    return AgentSet(people, model.random)


# The meaning of AgentSet ------------------------------------------------------------------------------------------


def test_length_order_and_index(few: Few, agents: AgentSet) -> None:
    assert len(few) == len(few.select()) == few.select().count() == len(agents)
    assert [agent.age for agent in few] == [agent.age for agent in agents]
    assert few.select()[3].wage == agents[3].wage
    assert few.select()[-1].age == agents[-1].age


def test_select(few: Few, agents: AgentSet) -> None:
    ours, theirs = few.select(lambda a: a.age >= 18), agents.select(lambda agent: agent.age >= 18)
    assert ours.get("id").tolist() == theirs.get("id")
    ours, theirs = ours.select(lambda a: a.wage > 3), theirs.select(lambda agent: agent.wage > 3)
    assert ours.get("id").tolist() == theirs.get("id")
    assert len(ours.select(lambda a: a.age > 99)) == len(theirs.select(lambda agent: agent.age > 99)) == 0


def test_get_one_and_several(few: Few, agents: AgentSet) -> None:
    assert few.select().get("age").tolist() == agents.get("age")
    assert few.select().get(["id", "wage"]) == agents.get(["id", "wage"])  # ids of 64 bits are not rounded
    assert few.select(lambda a: a.age > 99).get(["id", "wage"]) == []


def test_set_writes_only_those_selected_and_returns_the_selection(few: Few, agents: AgentSet) -> None:
    ours = few.select(lambda a: a.age == 18).set("wage", 3.5)
    theirs = agents.select(lambda agent: agent.age == 18).set("wage", 3.5)
    assert ours.get("wage").tolist() == theirs.get("wage") == [3.5, 3.5]
    assert few.select().get("wage").tolist() == agents.get("wage")


@pytest.mark.parametrize("function", [sum, min, max, np.mean, len])
def test_agg(few: Few, agents: AgentSet, function) -> None:
    assert few.select().agg("wage", function) == pytest.approx(agents.agg("wage", function), rel=1e-6)


def test_groupby(few: Few, agents: AgentSet) -> None:
    ours, theirs = few.select().groupby("age"), agents.groupby("age").groups
    assert {key: group.get("id").tolist() for key, group in ours.items()} == {
        key: group.get("id") for key, group in theirs.items()
    }
    assert {key: len(group) for key, group in ours.items()} == agents.groupby("age").count()


def test_do_calls_each_agent_once_in_order_and_returns_the_selection(few: Few, agents: AgentSet) -> None:
    seen: dict[str, list[float]] = {"ours": [], "theirs": []}

    def birthday(who: str):
        def grow(agent) -> None:
            agent.age += 1
            seen[who].append(agent.age)

        return grow

    ours = few.select(lambda a: a.age < 40).do(birthday("ours"))
    theirs = agents.select(lambda agent: agent.age < 40).do(birthday("theirs"))
    assert seen["ours"] == seen["theirs"]
    assert few.select().get("age").tolist() == agents.get("age")
    assert ours.get("age").tolist() == theirs.get("age")


# Row views ---------------------------------------------------------------------------------------------------------


def test_a_row_view_reads_and_writes_its_columns(few: Few) -> None:
    one = few.select()[1]
    one.age = 40
    one.wage *= 2
    assert few.a.age.tolist()[:3] == [34, 40, 18]
    assert few.a.wage[1] == 2.5
    few.a.age[1] = 41
    assert one.age == 41


@pytest.mark.parametrize("how", ["read", "write"])
def test_a_row_view_has_no_other_attributes(few: Few, how: str) -> None:
    with pytest.raises(AttributeError, match="salary"):
        _ = few.select()[0].salary if how == "read" else setattr(few.select()[0], "salary", 3)


# Rows that come and go ---------------------------------------------------------------------------------------------


def test_taken_rows_are_free_ones_lowest_first(few: Few) -> None:
    assert few.take_free(2).tolist() == [7, 8]
    assert few.free_count == 2


def test_released_rows_are_empty_again_and_used_next(few: Few) -> None:
    few.a.firm[[2, 4]] = 9
    few.release(np.array([2, 4]))
    assert len(few) == 5
    assert all(few.column(c.name)[row] == c.empty for c in few.declared for row in (2, 4))
    assert few.rows().tolist() == [0, 1, 3, 5, 6]
    assert sorted(few.take_free(2).tolist()) == [2, 4]


def test_growing_keeps_everyone_and_gives_empty_rows(few: Few) -> None:
    before = {c.name: few.column(c.name)[few.rows()].copy() for c in few.declared}
    rows = few.take_free(500)
    assert few.capacity >= 507
    assert np.unique(rows).size == 500 and not set(rows.tolist()) & set(range(7))
    assert all(np.array_equal(few.column(name)[:7], values) for name, values in before.items())
    assert all((few.column(c.name)[rows] == c.empty).all() for c in few.declared)
    few.a.place[rows] = 0
    assert len(few) == 507 == len(few.rows())
    rest = few.take_free(few.free_count)
    assert not set(rest.tolist()) & set(rows.tolist())


def test_columns_keep_their_declared_type_when_growing(few: Few) -> None:
    few.take_free(500)
    assert [few.column(c.name).dtype for c in few.declared] == [np.dtype(c.dtype) for c in few.declared]


def test_a_copy_is_independent(few: Few) -> None:
    twin = few.copy()
    twin.a.age[:] = 0
    twin.release(np.array([0]))
    assert few.select().get("age").tolist() == AGES
    assert len(few) == 7 and len(twin) == 6
    assert few.take_free(1).tolist() == [7]
    assert type(twin.a) is type(few.a)


def test_every_population_says_what_each_column_is() -> None:
    """Name once, a type, a unit, a meaning, who writes it; a free row is marked by its marker's empty value."""
    from regionsim.state.firms import Firms
    from regionsim.state.people import People

    for kind in (People, Firms):
        assert len({c.name for c in kind.declared}) == len(kind.declared)
        assert all(c.unit and c.meaning and c.written_by and np.dtype(c.dtype) for c in kind.declared)
        assert next(c.empty for c in kind.declared if c.name == kind.marker) < 0
        assert len(kind(3)) == 0


@given(st.lists(st.integers(-30, 30), max_size=40))
def test_no_row_is_ever_given_twice(moves: list[int]) -> None:
    """Any order of taking (positive) and releasing (negative): rows in use are those taken and not given back."""
    columns, used = Few(10), set[int]()
    for move in moves:
        if move >= 0:
            rows = columns.take_free(move)
            assert not used & set(rows.tolist())
            assert (columns.a.place[rows] == -1).all() and (columns.a.id[rows] == 0).all()
            columns.a.place[rows], columns.a.id[rows] = 0, 7
            used |= set(rows.tolist())
        else:
            rows = np.array(sorted(used)[:-move:2], np.int64)
            columns.release(rows)
            used -= set(rows.tolist())
        assert set(columns.rows().tolist()) == used
        assert len(columns) == len(used) == columns.capacity - columns.free_count
