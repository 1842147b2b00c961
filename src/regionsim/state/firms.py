"""Establishments of the region and the employers beyond its border: one row a firm."""

from __future__ import annotations

from regionsim.state.columns import Column, Columns

EMPLOYER, OWN_ACCOUNT, OUTSIDE = 0, 1, 2  # OUTSIDE: employers elsewhere of one arrondissement's out-commuters
KINDS = ("employer", "own_account", "outside")

LARGE_FIRM_JOBS = 50  # real jobs from which a firm stays in every sample, with its jobs scaled

_NEW = ("synthesis", "firms_are_founded")


class Firms(Columns):
    """Employer establishments (kind 0), own-account firms (1) and outside employers (2)."""

    marker = "kind"
    declared = (
        Column("id", "uint64", 0, "1", "identity, from origin plus ordinal", _NEW),
        Column("kind", "int8", -1, "code KINDS", "sort of firm; -1 marks a free row", (*_NEW, "exits_resolved")),
        Column("sector", "int8", 0, "index", "sector", _NEW),
        Column("municipality", "int16", 0, "index", "municipality of the establishment", _NEW),
        Column("birth_q", "int16", 0, "run quarter", "founding; negative before the first quarter", _NEW),
        Column("owner_age_q", "int16", 0, "quarters", "age of the owner", (*_NEW, "ageing", "firms_close")),
        Column("jobs", "int32", 0, "jobs", "filled jobs, the owner of an own-account firm included",
               (*_NEW, "hires", "separations", "owners_and_workers_retire", "exits_resolved")),
        Column("real_jobs", "int32", 0, "jobs",
               "size at scale 1 on census day or as founded, which size rules read", _NEW),
        Column("size_weight", "float64", 0.0, "jobs", "share of the sector's labour demand the firm stands for",
               (*_NEW, "firms_expect", "firms_close")),
        Column("dither", "float32", 0.5, "0-1", "fixed rounding threshold of the firm", _NEW),
        Column("desired", "int32", 0, "jobs", "jobs the firm wants to fill, from expected sales",
               (*_NEW, "firms_expect", "firms_close")),
        Column("slack", "float32", 0.0, "share", "share of the jobs that current sales do not need; below 0 overtime",
               ("firms_are_founded", "firms_expect")),
        Column("ln_tfp", "float32", 0.0, "log points", "productivity above the sector's trend",
               (*_NEW, "firms_digitalise")),
        Column("digital", "float32", 0.0, "0-1", "digital index", (*_NEW, "firms_digitalise")),
        Column("uk_share", "float32", 0.0, "share of sales", "sales to the exposed export market", _NEW),
        Column("ln_premium", "float32", 0.0, "log points", "lasting wage premium of the firm", _NEW),
        Column("on_park", "int8", 0, "0 or 1", "stands on a business park", _NEW),
    )  # fmt: skip


FirmsArrays = Firms.arrays_type()
