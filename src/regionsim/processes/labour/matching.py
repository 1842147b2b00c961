"""Vacancies and job-seekers meet (E-10): deferred acceptance over keyed candidates, safe for common random numbers.

On the rings stand job-seekers, as often as they search, and the employed who look around; one ring for each zone of
residence and education. Every vacancy that meets probes a few places on them and proposes in that order; a person
keeps the best proposal, if it beats the present job. The stable outcome does not depend on the order of processing,
and one vacancy more never alters another vacancy's candidates.
"""

from __future__ import annotations

import numpy as np
from numba import njit, uint64

from regionsim.processes.labour.search import fit, search_effort
from regionsim.state.draws import code, event_key, hashed, mix, u01
from regionsim.state.people import COMMUTER, JOB_SEEKER, NO_EXIT

EDUCATIONS = 4
TASTE = code("taste of a person for a firm")
_TIE = 1e-9
_POSITION = np.uint64(6)  # bits of a ring key that hold the cell; the others are the position


@njit(cache=True)
def ring_keys(p, looking, arrondissement_of, outside_zone, searching, ratio, key):  # type: ignore[no-untyped-def]
    """Rows of those who can be met this quarter, their packed keys, and search effort (zones, EDUCATIONS).

    A key is the cell (zone x education) above the keyed position. Job-seekers are there with the chance of their
    effort; `looking` are the rows of the employed who look around. searching = (decay, floor, restored, enrolled);
    ratio: factor on the effort of each person, empty where nobody's is moved."""
    effort = np.zeros((outside_zone + 1, EDUCATIONS), np.float64)
    there_key = event_key(key, np.uint64(77))
    most = looking.size
    for i in range(p.id.size):
        most += p.activity[i] == JOB_SEEKER
    rows, keys = np.empty(most, np.int64), np.empty(most, np.uint64)
    k = 0
    for i in range(p.id.size):
        if p.activity[i] == JOB_SEEKER and p.exit[i] == NO_EXIT and p.place[i] >= 0:
            zone = outside_zone if p.place[i] == COMMUTER else int(arrondissement_of[p.municipality[i]])
            chance = search_effort(
                p.duration_q[i], p.training_q[i], searching[0], searching[1], searching[2], searching[3]
            )
            if ratio.size:
                chance = min(chance * ratio[i], 1.0)
            effort[zone, p.education[i]] += chance
            if u01(there_key, p.id[i]) < chance:
                rows[k] = i
                keys[k] = ring_key(zone, p.education[i], p.id[i], key)
                k += 1
    for i in looking:
        zone = outside_zone if p.place[i] == COMMUTER else int(arrondissement_of[p.municipality[i]])
        effort[zone, p.education[i]] += 1.0
        rows[k] = i
        keys[k] = ring_key(zone, p.education[i], p.id[i], key)
        k += 1
    return rows[:k], keys[:k], effort


@njit(cache=True, inline="always")
def ring_key(zone, education, person, key):  # type: ignore[no-untyped-def]
    """Cell of a person above the keyed position on its ring."""
    cell = np.uint64(zone * EDUCATIONS + education)
    return (cell << (uint64(64) - _POSITION)) | (hashed(key, person) >> _POSITION)


@njit(cache=True)
def ring_index(keys, cells):  # type: ignore[no-untyped-def]
    """First seeker of each cell, and of each of its buckets (as many buckets as seekers); keys ascending."""
    first = np.zeros(cells + 1, np.int64)
    for k in range(keys.size):
        first[int(keys[k] >> (uint64(64) - _POSITION)) + 1] += 1
    for c in range(cells):
        first[c + 1] += first[c]
    bucket = np.empty(keys.size, np.int64)
    for c in range(cells):
        n = first[c + 1] - first[c]
        k = first[c]
        for b in range(n):
            while k < first[c + 1] and bucket_of(keys[k], n) < b:
                k += 1
            bucket[first[c] + b] = k
    return first, bucket


@njit(cache=True, inline="always")
def bucket_of(key, buckets):  # type: ignore[no-untyped-def]
    """Bucket of a position on a ring of `buckets` equal parts."""
    position = float((key << _POSITION) >> uint64(11)) / 9007199254740992.0
    return int(position * buckets)


@njit(cache=True, inline="always")
def ring_successor(keys, first, bucket, cell, position):  # type: ignore[no-untyped-def]
    """The seeker at or after a position (upper 58 bits count) on the ring of a cell; -1 if the ring is empty."""
    n = first[cell + 1] - first[cell]
    if n == 0:
        return -1
    wanted = (uint64(cell) << (uint64(64) - _POSITION)) | (position >> _POSITION)
    b = bucket_of(wanted, n)
    k = bucket[first[cell] + b]
    while k < first[cell + 1] and keys[k] < wanted:
        k += 1
    return k if k < first[cell + 1] else first[cell]


@njit(cache=True, inline="always")
def drawn(cumulative, row, u):  # type: ignore[no-untyped-def]
    """Index drawn from row `row` of cumulative shares by the uniform u."""
    last = cumulative.shape[1] - 1
    for k in range(last):
        if u < cumulative[row, k]:
            return k
    return last


@njit(cache=True, inline="always")
def candidate(vacancy, m, level, row, keys, first, bucket, homes, beside, key):  # type: ignore[no-untyped-def]
    """Seeker that a vacancy probes as its m-th candidate, -1 if there is nobody on that ring; level: row of beside."""
    k = event_key(key, np.uint64(m + 1))
    level = drawn(beside, level, u01(event_key(k, np.uint64(101)), vacancy))
    zone = drawn(homes, row, u01(event_key(k, np.uint64(202)), vacancy))
    return ring_successor(keys, first, bucket, zone * EDUCATIONS + level, hashed(k, vacancy))


@njit(cache=True, inline="always")
def worth(person, firm, offer, distance, taste, key):  # type: ignore[no-untyped-def]
    """How much a person likes a job: ln pay, less the commute, plus a lasting taste of this person for this firm."""
    return offer - distance + taste * u01(key, mix(person) ^ firm)


@njit(cache=True, inline="always")
def distance_cost(zone, home_row, commute):  # type: ignore[no-untyped-def]
    """Cost of the way to work: none inside the own arrondissement and for those who live beyond the border.

    commute: (zones,) cost for those who live there, those beyond the border last."""
    outside = commute.size - 1
    return commute[zone] if zone < outside and zone != home_row % outside else 0.0


@njit(cache=True)
def list_vacancies(f, home_row, sector, skills, rows, key):  # type: ignore[no-untyped-def]
    """Firm, id and wanted education of every open vacancy, and their number (rows, EDUCATIONS)."""
    count = 0
    for j in range(f.id.size):
        if f.kind[j] >= 0:
            count += f.vacancies[j]
    firm, ids, level = np.empty(count, np.int64), np.empty(count, np.uint64), np.empty(count, np.int64)
    number = np.zeros((rows, EDUCATIONS), np.float64)
    v = 0
    for j in range(f.id.size):
        if f.kind[j] >= 0:
            for k in range(f.vacancies[j]):
                firm[v] = j
                ids[v] = mix(f.id[j] ^ mix(np.uint64(k) ^ key))
                level[v] = drawn(skills, sector[j], u01(key, ids[v]))
                number[home_row[j], level[v]] += 1.0
                v += 1
    return firm, ids, level, number


@njit(cache=True)
def open_to_meet(firm, ids, level, home_row, meeting, key):  # type: ignore[no-untyped-def]
    """Which vacancies meet candidates this quarter: by the chance of their place and education (rows, EDUCATIONS)."""
    meet_key = event_key(key, np.uint64(555))
    out = np.empty(firm.size, np.bool_)
    for v in range(firm.size):
        out[v] = u01(meet_key, ids[v]) < meeting[home_row[firm[v]], level[v]]
    return out


@njit(cache=True)
def reservations(p, f, rows, keys, home_row, offer, commute, mobility, taste):  # type: ignore[no-untyped-def]
    """What an offer must be worth: nothing to job-seekers; to the employed their job and the cost of a change."""
    least = np.full(rows.size, -1e9, np.float64)
    for k in range(rows.size):
        j = p.employer[rows[k]]
        if j >= 0:
            zone = int(keys[k] >> (uint64(64) - _POSITION)) // EDUCATIONS
            distance = distance_cost(zone, home_row[j], commute)
            least[k] = worth(p.id[rows[k]], f.id[j], offer[j], distance, taste, TASTE) + mobility
    return least


@njit(cache=True)
def match(  # type: ignore[no-untyped-def]
    p, f, rows, keys, first, bucket, firm, ids, level, meets, least, home_row, offer, homes, technical, fitness,
    sector, beside, probes, commute, taste, key,
):
    """Deferred acceptance; returns for each seeker the vacancy held, -1 for none. `least` is used up."""
    holder = np.full(rows.size, -1, np.int64)
    tried = np.zeros(firm.size, np.int64)
    fit_key = event_key(key, np.uint64(999))
    seeker = np.empty(rows.size, np.uint64)  # side by side: the loop below jumps between seekers
    suits = np.empty((rows.size, 2), np.float64)
    for k in range(rows.size):
        i = rows[k]
        seeker[k] = p.id[i]
        suits[k, 0] = fit(p.skill[i], p.technical[i], False, fitness[0], fitness[1], fitness[2])
        suits[k, 1] = fit(p.skill[i], p.technical[i], True, fitness[0], fitness[1], fitness[2])
    for v in range(firm.size):
        current = v if meets[v] else -1
        while current >= 0:
            m = tried[current]
            if m >= probes:
                break
            tried[current] += 1
            j = firm[current]
            row = sector[j] * EDUCATIONS + level[current]
            k = candidate(ids[current], m, row, home_row[j], keys, first, bucket, homes, beside, key)
            if k < 0:
                continue
            if u01(fit_key, mix(seeker[k]) ^ ids[current]) >= suits[k, 1 if technical[j] else 0]:
                continue
            zone = int(keys[k] >> (uint64(64) - _POSITION)) // EDUCATIONS
            value = worth(seeker[k], f.id[j], offer[j], distance_cost(zone, home_row[j], commute), taste, TASTE)
            value += _TIE * u01(fit_key, ids[current])  # two vacancies of one firm
            if value > least[k] and j != p.employer[rows[k]]:
                displaced = holder[k]
                holder[k] = current
                least[k] = value
                current = displaced
    return holder
