"""Establishments of the region and the employers beyond its border: one row a firm."""

from __future__ import annotations

from regionsim.state.columns import Column, Columns
from regionsim.state.draws import code

EMPLOYER, OWN_ACCOUNT, OUTSIDE = 0, 1, 2  # OUTSIDE: employers elsewhere of one arrondissement's out-commuters
KINDS = ("employer", "own_account", "outside")

LARGE_FIRM_JOBS = 50  # real jobs from which a firm stays in every sample, with its jobs scaled

ABROAD = ("uk", "eu", "world")  # markets that a firm enters and leaves: bit k of `markets`; all serve the country
REACH = tuple(f"reach_{market}" for market in ABROAD)
INCLINED_TO_RESEARCH = code("firm: inclined to do research")  # stream of the lasting inclination of each firm

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
        Column("size_weight", "float64", 0.0, "jobs", "customers the firm stands for in region and country",
               (*_NEW, "firms_close")),
        Column("growth", "float32", 0.0, "log points", "passing gain of customers over the firm's own normal size",
               (*_NEW, "firms_expect")),
        Column("dither", "float32", 0.5, "0-1", "fixed rounding threshold of the firm", _NEW),
        Column("desired", "int32", 0, "jobs", "jobs the firm wants to fill, from expected sales",
               (*_NEW, "firms_expect", "firms_close")),
        Column("needed", "float32", 0.0, "jobs", "jobs that the orders of the quarter call for",
               ("firms_are_founded", "orders_reach_firms")),
        Column("expected", "float32", 0.0, "jobs", "jobs that expected orders call for", (*_NEW, "firms_expect")),
        Column("slack", "float32", 0.0, "share", "share of the jobs that current sales do not need; below 0 overtime",
               ("firms_are_founded", "firms_expect")),
        Column("output", "float32", 0.0, "EUR of 2011 a quarter", "what the firm made and sold, at base prices",
               ("production",)),
        Column("efficiency", "float32", 1.0, "ratio", "lasting output per job relative to the sector", _NEW),
        Column("vacancies", "int32", 0, "jobs", "vacancies open", ("firms_post_vacancies", "hires")),
        Column("staffed", "int32", 0, "jobs", "filled jobs after the last matching, which replacement counts from",
               ("synthesis", "hires")),
        Column("ln_tfp", "float32", 0.0, "log points", "productivity above the sector's trend",
               (*_NEW, "firms_raise_productivity")),
        Column("ln_price", "float32", 0.0, "log points", "price relative to the first quarter",
               ("firms_set_prices",)),
        Column("capital", "float32", 0.0, "jobs", "jobs that the capital stock is equipped for",
               (*_NEW, "firms_invest")),
        Column("digital", "float32", 0.0, "0-1", "digital index", (*_NEW, "firms_digitalise")),
        Column("research", "float32", 0.0, "ratio", "research stock over that of a firm that always does research",
               (*_NEW, "firms_do_research")),
        Column("research_start", "float32", 0.0, "ratio", "research stock when new or on census day", _NEW),
        Column("researches", "int8", 0, "0/1", "does research", (*_NEW, "firms_do_research")),
        Column("trained", "float32", 0.0, "share of workers", "workers whose training still counts",
               (*_NEW, "firms_train")),
        Column("markets", "uint8", 0, "bits, order of ABROAD", "markets abroad that the firm serves",
               (*_NEW, "firms_enter_and_leave_markets")),
        *(
            Column(f"reach_{market}", "float32", 0.0, "jobs", f"customers the firm has won there: {market}",
                   ("synthesis", "firms_enter_and_leave_markets"))
            for market in ABROAD
        ),
        Column("uk_inputs", "float32", 0.0, "share of imported inputs", "bought in the exposed market", _NEW),
        Column("cash", "float64", 0.0, "EUR of 2011", "money at hand", (*_NEW, "firms_settle_accounts", "firms_close")),
        Column("debt", "float64", 0.0, "EUR of 2011", "owed to banks",
               ("synthesis", "firms_settle_accounts", "firms_close")),
        Column("insolvent", "int8", 0, "0/1", "cannot pay and gets no credit: closes",
               ("firms_settle_accounts",)),
        Column("workability", "float32", 0.5, "0-1", "how well people last in the job and combine it with life", _NEW),
        Column("ln_premium", "float32", 0.0, "log points", "lasting wage premium of the firm", _NEW),
        Column("on_park", "int8", 0, "0 or 1", "stands on a business park", _NEW),
    )  # fmt: skip


FirmsArrays = Firms.arrays_type()
