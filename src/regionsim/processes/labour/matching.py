"""Vacancies and job-seekers meet (E-10): deferred acceptance over keyed candidates, safe for common random numbers.

Every vacancy probes a few places on hashed rings of seekers, one ring for each zone of residence and education, and
proposes in that order; a seeker keeps the best proposal. The stable outcome does not depend on the order of
processing, and one vacancy more never alters another vacancy's candidates.
"""

from __future__ import annotations

import numpy as np
from numba import njit, uint64

from regionsim.state.draws import event_key, hashed, mix, u01
from regionsim.state.people import COMMUTER, JOB_SEEKER, NO_EXIT

EDUCATIONS = 4
_POSITION = np.uint64(6)  # bits of a ring key that hold the cell; the others are the position


@njit(cache=True)
def ring_keys(p, arrondissement_of, outside_zone, key):  # type: ignore[no-untyped-def]
    """Rows of the seekers and their packed keys: cell (zone x education) above, keyed position below."""
    count = 0
    for i in range(p.id.size):
        if p.activity[i] == JOB_SEEKER and p.exit[i] == NO_EXIT and p.place[i] >= 0:
            count += 1
    rows, keys = np.empty(count, np.int64), np.empty(count, np.uint64)
    k = 0
    for i in range(p.id.size):
        if p.activity[i] == JOB_SEEKER and p.exit[i] == NO_EXIT and p.place[i] >= 0:
            zone = outside_zone if p.place[i] == COMMUTER else int(arrondissement_of[p.municipality[i]])
            cell = np.uint64(zone * EDUCATIONS + p.education[i])
            rows[k] = i
            keys[k] = (cell << (uint64(64) - _POSITION)) | (hashed(key, p.id[i]) >> _POSITION)
            k += 1
    return rows, keys


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
def candidate(v, m, firm, home_row, ids, keys, first, bucket, homes, skills, sector, same_skill, key):  # type: ignore[no-untyped-def]
    """Seeker that vacancy v probes as its m-th candidate; -1 if there is nobody on that ring."""
    k = event_key(key, np.uint64(m + 1))
    skill = drawn(skills, sector[firm[v]], u01(key, ids[v]))
    u = u01(event_key(k, np.uint64(101)), ids[v])
    if u >= same_skill:  # look one level up or down
        skill = min(skill + 1, EDUCATIONS - 1) if u < 0.5 * (1.0 + same_skill) else max(skill - 1, 0)
    zone = drawn(homes, home_row[firm[v]], u01(event_key(k, np.uint64(202)), ids[v]))
    return ring_successor(keys, first, bucket, zone * EDUCATIONS + skill, hashed(k, ids[v]))


@njit(cache=True, inline="always")
def worth(seeker_id, vacancy_id, offer, distance, taste, key):  # type: ignore[no-untyped-def]
    """How much a seeker likes a vacancy: ln wage offer, less the commute, plus a taste of this pair."""
    return offer - distance + taste * u01(key, mix(seeker_id) ^ vacancy_id)


@njit(cache=True)
def list_vacancies(f, key):  # type: ignore[no-untyped-def]
    """Firm and id of every vacancy: desired jobs not filled."""
    count = 0
    for j in range(f.id.size):
        if f.kind[j] >= 0 and f.desired[j] > f.jobs[j]:
            count += f.desired[j] - f.jobs[j]
    firm, ids = np.empty(count, np.int64), np.empty(count, np.uint64)
    v = 0
    for j in range(f.id.size):
        if f.kind[j] >= 0:
            for k in range(f.desired[j] - f.jobs[j]):
                firm[v] = j
                ids[v] = mix(f.id[j] ^ mix(np.uint64(k) ^ key))
                v += 1
    return firm, ids


@njit(cache=True)
def match(  # type: ignore[no-untyped-def]
    p, rows, keys, first, bucket, firm, ids, home_row, sector, offer, homes, skills, same_skill, probes, commute, taste,
    key,
):
    """Deferred acceptance; returns for each seeker the vacancy held, -1 for none."""
    holder = np.full(rows.size, -1, np.int64)
    best = np.empty(rows.size, np.float64)
    tried = np.zeros(firm.size, np.int64)
    taste_key = event_key(key, np.uint64(999))
    zones = homes.shape[1]
    seeker = np.empty(rows.size, np.uint64)  # side by side: the loop below jumps between seekers
    for k in range(rows.size):
        seeker[k] = p.id[rows[k]]
    for v in range(firm.size):
        current = v
        while current >= 0:
            m = tried[current]
            if m >= probes:
                break
            tried[current] += 1
            k = candidate(
                current, m, firm, home_row, ids, keys, first, bucket, homes, skills, sector, same_skill, key
            )
            if k < 0:
                continue
            zone = int(keys[k] >> (uint64(64) - _POSITION)) // EDUCATIONS
            distance = commute if zone < zones - 1 and zone != home_row[firm[current]] % (zones - 1) else 0.0
            value = worth(seeker[k], ids[current], offer[firm[current]], distance, taste, taste_key)
            if holder[k] < 0:
                holder[k] = current
                best[k] = value
                current = -1
            elif value > best[k]:
                displaced = holder[k]
                holder[k] = current
                best[k] = value
                current = displaced
    return holder

