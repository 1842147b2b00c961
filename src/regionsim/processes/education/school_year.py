"""When school and study years end: in the third quarter."""

from __future__ import annotations

from numba import njit

SCHOOL_LEAVING_AGE_Q = 18 * 4


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
