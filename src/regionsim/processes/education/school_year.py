"""When school and study years end, in the third quarter, and when who leaves them starts to look for work."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from regionsim.state.draws import u01
from regionsim.state.people import INACTIVE, JOB_SEEKER, PUPIL, RESIDENT

SCHOOL_LEAVING_AGE_Q = 18 * 4
WAITING_RUNG = 2  # of the participation ladder, between studies and the search for work (assumption)


@njit(cache=True)
def school_leaving_quarter(age_q, quarter, quarter_of_year):  # type: ignore[no-untyped-def]
    """Run quarter of the third quarter of the calendar year in which a pupil turns eighteen; a year later if past."""
    birthday = quarter + max(SCHOOL_LEAVING_AGE_Q - age_q, 0)
    in_year = (quarter_of_year - 1 + birthday - quarter) % 4  # 0..3: quarter of the year of the birthday
    end = birthday - in_year + 2
    return end if end >= quarter else end + 4


@njit(cache=True)
def study_end(quarter, years):  # type: ignore[no-untyped-def]
    """Third quarter `years` after a start in the third quarter."""
    return quarter + 4 * years


@njit(cache=True)
def rows_in_school(p):  # type: ignore[no-untyped-def]
    """Rows of residents who are pupils or students, or wait between studies and work; one pass for all who ask."""
    rows = np.empty(p.id.size, np.int64)
    n = 0
    for i in range(p.id.size):
        rows[n] = i
        n += (p.place[i] == RESIDENT) & ((p.study_end_q[i] >= 0) | (p.activity[i] == PUPIL))
    return rows[:n].copy()


def starts_cumulative(starts_search: Sequence[float]) -> NDArray[np.float64]:
    """Cumulative shares of leavers who start to look for work in the third quarter, the fourth, and the two after."""
    shares = np.array(starts_search)
    cumulative: NDArray[np.float64] = np.cumsum(shares / shares.sum())
    return cumulative


@njit(cache=True, inline="always")
def quarters_of_wait(u, cumulative):  # type: ignore[no-untyped-def]
    """Quarters between the end of studies and the search for work: 0 to 3, by cumulative shares."""
    wait = 0
    while wait < cumulative.size - 1 and u >= cumulative[wait]:
        wait += 1
    return wait


@njit(cache=True, inline="always")
def leave_for_work(p, i, quarter, cumulative, key):  # type: ignore[no-untyped-def]
    """Person i stops studying: looks for work now or in a later quarter; a dual learner waits like others."""
    wait = quarters_of_wait(u01(key, p.id[i]), cumulative)
    p.duration_q[i] = 0
    p.activity[i] = INACTIVE if wait > 0 else JOB_SEEKER
    p.ladder[i] = WAITING_RUNG if wait > 0 else -1
    p.study_end_q[i] = quarter + wait if wait > 0 else -1
