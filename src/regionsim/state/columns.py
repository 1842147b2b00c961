"""Columnar populations whose selection and aggregation read like mesa.agent.AgentSet, without one object per agent."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


class Column(NamedTuple):
    """Declaration of one column: the only place where dtype, unit and meaning are said."""

    name: str
    dtype: str
    empty: int | float
    unit: str
    meaning: str
    written_by: tuple[str, ...]  # the processes (and 'synthesis') that may write it


class RowView:
    """One agent: attributes read and write its columns. For teaching and looking; never used in the quarter."""

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: Columns, row: int) -> None:
        object.__setattr__(self, "_columns", columns)
        object.__setattr__(self, "_row", row)

    def __getattr__(self, name: str) -> Any:
        return self._columns.column(name)[self._row]

    def __setattr__(self, name: str, value: Any) -> None:
        self._columns.column(name)[self._row] = value


class Columns:
    """Rows of equal-length columns with free slots; `declared` lists the columns, `present` says which rows are in use.

    `a` is a namedtuple of the arrays, the form compiled loops take. Freed rows are used again, so no rule may depend
    on a row number: rules depend on ids.
    """

    declared: tuple[Column, ...] = ()
    marker: str = ""  # the column whose value is negative in a free row

    def __init__(self, capacity: int) -> None:
        kind = self.arrays_type()
        self.a: Any = kind(*(np.full(capacity, c.empty, np.dtype(c.dtype)) for c in self.declared))
        self.free: NDArray[np.int64] = np.arange(capacity - 1, -1, -1, dtype=np.int64)
        self.free_count = capacity

    @classmethod
    def arrays_type(cls) -> Any:
        """The namedtuple type of this population's arrays (one type per class, so that kernels compile once)."""
        if "_arrays_type" not in cls.__dict__:
            made = namedtuple(f"{cls.__name__}Arrays", [c.name for c in cls.declared])  # type: ignore[misc]
            made.__module__ = cls.__module__  # compiled loops are cached by this name: it must be importable there
            cls._arrays_type = made  # type: ignore[attr-defined]
        return cls._arrays_type  # type: ignore[attr-defined]

    @property
    def capacity(self) -> int:
        """Rows, used and free."""
        return int(self.column(self.declared[0].name).size)

    def column(self, name: str) -> NDArray[Any]:
        """The whole column, free rows included."""
        values: NDArray[Any] = getattr(self.a, name)
        return values

    def take_free(self, count: int) -> Rows:
        """Reserve `count` free rows (growing if there are too few); the caller fills every column it needs."""
        if count > self.free_count:
            self._grow(max(self.capacity // 8, count - self.free_count + 1024))
        rows = self.free[self.free_count - count : self.free_count][::-1].copy()
        self.free_count -= count
        return rows

    def release(self, rows: Rows) -> None:
        """Give rows back; their columns return to the declared empty values."""
        for c in self.declared:
            self.column(c.name)[rows] = c.empty
        self.free[self.free_count : self.free_count + rows.size] = rows
        self.free_count += int(rows.size)

    def _grow(self, more: int) -> None:
        old = self.capacity
        self.a = self.arrays_type()(
            *(np.concatenate([self.column(c.name), np.full(more, c.empty, np.dtype(c.dtype))]) for c in self.declared)
        )
        free = np.empty(old + more, np.int64)
        free[:more] = np.arange(old + more - 1, old - 1, -1)
        free[more : more + self.free_count] = self.free[: self.free_count]
        self.free, self.free_count = free, self.free_count + more

    def copy(self) -> Columns:
        """An independent copy of every column."""
        twin = type(self).__new__(type(self))
        twin.a = self.arrays_type()(*(values.copy() for values in self.a))
        twin.free, twin.free_count = self.free.copy(), self.free_count
        return twin

    # The meaning of mesa.agent.AgentSet ------------------------------------------------------------------------

    def rows(self) -> Rows:
        """Row numbers in use, ascending."""
        return np.flatnonzero(self.column(self.marker) >= 0)

    def select(self, condition: Callable[[Any], NDArray[np.bool_]] | None = None) -> Selection:
        """The agents for which condition(arrays) is true; all without one."""
        present = self.column(self.marker) >= 0
        if condition is not None:
            present = present & condition(self.a)
        return Selection(self, np.flatnonzero(present))

    def __len__(self) -> int:
        return self.capacity - self.free_count

    def __iter__(self) -> Iterator[RowView]:
        return iter(self.select())


class Selection:
    """Some agents of a columnar population, with the methods of mesa.agent.AgentSet."""

    def __init__(self, columns: Columns, rows: Rows) -> None:
        self.columns, self.rows = columns, rows

    def __len__(self) -> int:
        return int(self.rows.size)

    def __iter__(self) -> Iterator[RowView]:
        return (RowView(self.columns, int(row)) for row in self.rows)

    def __getitem__(self, index: int) -> RowView:
        return RowView(self.columns, int(self.rows[index]))

    def count(self) -> int:
        """How many agents."""
        return len(self)

    def select(self, condition: Callable[[Any], NDArray[np.bool_]]) -> Selection:
        """Those of these agents for which condition(arrays) is true."""
        return Selection(self.columns, self.rows[condition(self.columns.a)[self.rows]])

    def get(self, names: str | Sequence[str]) -> Any:
        """Values of one column as an array; of several as a list with one list of values for each agent."""
        if isinstance(names, str):
            return self.columns.column(names)[self.rows]
        return [list(values) for values in zip(*(self.columns.column(name)[self.rows] for name in names), strict=True)]

    def set(self, name: str, value: Any) -> Selection:
        """Write one column of these agents; returns the selection."""
        self.columns.column(name)[self.rows] = value
        return self

    def agg(self, name: str, function: Callable[[NDArray[Any]], Any]) -> Any:
        """function(values of the column)."""
        return function(self.get(name))

    def groupby(self, name: str) -> dict[Any, Selection]:
        """Selections by value of a column, in ascending order of the value."""
        values = self.get(name)
        return {key: Selection(self.columns, self.rows[values == key]) for key in np.unique(values)}

    def do(self, method: Callable[[RowView], Any]) -> Selection:
        """Call method(agent) on each row view, one by one."""
        for agent in self:
            method(agent)
        return self
