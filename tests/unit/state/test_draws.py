"""The generator: known values, and a battery on the very shapes of keys and ids that the model uses."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from scipy import stats

from regionsim.state.draws import Draws, code, event_key, hashed, mix, normal, stream, u01
from regionsim.state.identity import BORN, CENSUS, ids_of, offspring

N = 200_000
LIKELY = (
    1e-4,
    1 - 1e-4,
)  # of the p-value of a test; every input is fixed, so a pass today is a pass tomorrow


@njit(cache=True)
def bits_of(key, ids):
    out = np.empty(ids.size, np.uint64)
    for i in range(ids.size):
        out[i] = hashed(key, ids[i])
    return out


@njit(cache=True)
def normals(key, ids):
    out = np.empty(ids.size, np.float64)
    for i in range(ids.size):
        out[i] = normal(key, ids[i])
    return out


@njit(cache=True)
def mixed(values):
    out = np.empty(values.size, np.uint64)
    for i in range(values.size):
        out[i] = mix(values[i])
    return out


@njit(cache=True)
def chain(origin, count):
    """Child of child of child: the most structured ids there can be."""
    out = np.empty(count, np.uint64)
    parent = np.uint64(1)
    for i in range(count):
        parent = offspring(origin, parent, np.uint64(i), np.uint64(0))
        out[i] = parent
    return out


IDS = {
    "numbers in order": np.arange(N, dtype=np.uint64),
    "numbers far apart": np.arange(N, dtype=np.uint64) << np.uint64(40),
    "multiples of the golden constant": np.arange(N, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15),
    "census": ids_of(CENSUS, N),
    "offspring of offspring": chain(BORN, N),
}
KEYS = {
    "deaths 2011Q1": Draws(1).key("deaths", 8044),
    "deaths 2011Q2": Draws(1).key("deaths", 8045),
    "births 2011Q1": Draws(1).key("births", 8044),
    "deaths of another seed": Draws(2).key("deaths", 8044),
    "deaths, second event": np.uint64(event_key(Draws(1).key("deaths", 8044), np.uint64(1))),
    "zero": np.uint64(0),
}


def uniform(key: np.uint64, ids: np.ndarray) -> np.ndarray:
    return (bits_of(key, ids) >> np.uint64(11)) / 2.0**53


def p_chi_square(counts: np.ndarray) -> float:
    return float(stats.chisquare(counts).pvalue)


# Known values: nobody changes the generator unnoticed ----------------------------------------------------------


def test_mix_is_splitmix64() -> None:
    """The first outputs of SplitMix64 from seed 0, as its authors' reference code prints them."""
    golden = 0x9E3779B97F4A7C15
    states = np.array([(k * golden) % 2**64 for k in range(3)], np.uint64)
    assert [hex(v) for v in mixed(states)] == [
        "0xe220a8397b1dcdaf",
        "0x6e789e6aa1b965f4",
        "0x6c45d188009454f",
    ]


def test_known_answers() -> None:
    key = Draws(1).key("deaths", 8044)
    assert int(code("deaths")) == 0xC73F85113DBDD4E9
    assert int(key) == 0x57C9D6474EBB94FF
    assert int(hashed(key, np.uint64(7))) == 0xA6A4DCF0A8C82878
    assert float(u01(key, np.uint64(7))) == 0.6509531104609614
    assert float(normal(key, np.uint64(7))) == pytest.approx(-0.9201600132311882, abs=1e-14)
    assert int(event_key(key, np.uint64(3))) == 0x4FFADB6414C21D93
    assert int(ids_of(CENSUS, 2)[1]) == 0xE27451866BAABFA3
    assert int(offspring(BORN, np.uint64(7), np.uint64(3), np.uint64(1))) == 0xF1577206073906D1


def whole_mix(x: int) -> int:
    """SplitMix64's finaliser in whole numbers, written anew."""
    x = (x + 0x9E3779B97F4A7C15) % 2**64
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    x = (x ^ x >> 27) * 0x94D049BB133111EB % 2**64
    return x ^ x >> 31


@pytest.mark.parametrize("agent", [0, 1, 2**63, 2**64 - 1, 123456789])
@pytest.mark.parametrize("quarter", [0, 8044, 8179])
def test_keys_and_draws_follow_their_definition_in_whole_numbers(agent: int, quarter: int) -> None:
    decision = int(code("deaths"))
    key = whole_mix(whole_mix(whole_mix(3) ^ decision) ^ quarter)
    assert int(Draws(3).key("deaths", quarter)) == key
    bits = whole_mix(key ^ whole_mix(agent))
    assert int(hashed(np.uint64(key), np.uint64(agent))) == bits
    assert float(u01(np.uint64(key), np.uint64(agent))) == ((bits >> 11) + 0.5) / 2**53


def test_mix_is_a_bijection_on_what_it_meets() -> None:
    assert np.unique(mixed(np.arange(2_000_000, dtype=np.uint64))).size == 2_000_000


# Each stream by itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ids", IDS.values(), ids=IDS)
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_draws_are_uniform(key: np.uint64, ids: np.ndarray) -> None:
    """Chi-square over 256 classes, of the draw and of its lowest bits; each of the 64 bits is one half the time."""
    bits = bits_of(key, ids)
    values = (bits >> np.uint64(11)) / 2.0**53
    assert LIKELY[0] < p_chi_square(np.bincount((values * 256).astype(int), minlength=256)) < LIKELY[1]
    assert LIKELY[0] < p_chi_square(np.bincount((bits & np.uint64(255)).astype(int), minlength=256)) < LIKELY[1]
    ones = np.unpackbits(bits.view(np.uint8).reshape(-1, 8), axis=1).mean(axis=0)
    assert np.abs(ones - 0.5).max() < 4.5 * 0.5 / np.sqrt(N)


@pytest.mark.parametrize("ids", IDS.values(), ids=IDS)
def test_neighbours_are_independent(ids: np.ndarray) -> None:
    """Agents next to each other: no serial correlation at several lags, pairs fill the square evenly."""
    values = uniform(KEYS["deaths 2011Q1"], ids)
    for lag in (1, 2, 3, 7, 64):
        r = np.corrcoef(values[:-lag], values[lag:])[0, 1]
        assert abs(r) < 4.5 / np.sqrt(N), lag
    pairs = (values[:-1] * 32).astype(int) * 32 + (values[1:] * 32).astype(int)
    assert LIKELY[0] < p_chi_square(np.bincount(pairs, minlength=1024)) < LIKELY[1]


@pytest.mark.parametrize("ids", IDS.values(), ids=IDS)
def test_streams_are_independent_of_each_other(ids: np.ndarray) -> None:
    """Other decision, quarter, seed or event: uncorrelated, and also in pairs of classes."""
    values = {name: uniform(key, ids) for name, key in KEYS.items()}
    names = list(values)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            r = np.corrcoef(values[one], values[other])[0, 1]
            assert abs(r) < 4.5 / np.sqrt(N), (one, other)
            pairs = (values[one] * 16).astype(int) * 16 + (values[other] * 16).astype(int)
            assert LIKELY[0] < p_chi_square(np.bincount(pairs, minlength=256)) < LIKELY[1], (one, other)


def test_an_agent_is_not_lucky_for_ever() -> None:
    """The mean over 40 quarters of each agent's draw spreads as 40 independent draws do."""
    ids = ids_of(CENSUS, 20_000)
    draws = Draws(1)
    mean = np.mean([draws.uniform("hires", q, ids) for q in range(8044, 8084)], axis=0)
    expected = np.sqrt(1 / 12 / 40)
    assert abs(mean.std() / expected - 1) < 4.5 / np.sqrt(2 * ids.size)


def test_parent_and_child_are_independent() -> None:
    parents = ids_of(CENSUS, N)
    children = chain_step(BORN, parents)
    key = KEYS["births 2011Q1"]
    assert abs(np.corrcoef(uniform(key, parents), uniform(key, children))[0, 1]) < 4.5 / np.sqrt(N)


@njit(cache=True)
def chain_step(origin, parents):
    out = np.empty(parents.size, np.uint64)
    for i in range(parents.size):
        out[i] = offspring(origin, parents[i], np.uint64(5), np.uint64(0))
    return out


# Avalanche and coincidences --------------------------------------------------------------------------------------


@pytest.mark.parametrize("flipped", ["agent", "key"])
def test_every_input_bit_flips_every_output_bit_half_the_time(flipped: str) -> None:
    """Over 4,096 inputs each of the 64 x 64 pairs lies between 45 and 55 %: six standard deviations."""
    key, ids = KEYS["deaths 2011Q1"], np.arange(4096, dtype=np.uint64)
    before = bits_of(key, ids)
    for bit in range(64):
        one = np.uint64(1) << np.uint64(bit)
        after = bits_of(key ^ one, ids) if flipped == "key" else bits_of(key, ids ^ one)
        share = np.unpackbits((before ^ after).view(np.uint8).reshape(-1, 8), axis=1).mean(axis=0)
        assert share.min() > 0.45 and share.max() < 0.55, bit


@pytest.mark.parametrize("half", ["upper", "lower"])
def test_birthday_spacings(half: str) -> None:
    """Marsaglia's test: among 4,096 birthdays in 2^32 days, repeated spacings are Poisson with mean 4."""
    repeats = 0
    for repetition in range(64):
        ids = np.arange(repetition * 4096, (repetition + 1) * 4096, dtype=np.uint64)
        bits = bits_of(KEYS["zero"], ids)
        days = np.sort(bits >> np.uint64(32) if half == "upper" else bits & np.uint64(0xFFFFFFFF))
        spacings = np.sort(np.diff(days))
        repeats += int((np.diff(spacings) == 0).sum())
    assert abs(repeats - 64 * 4) < 4.5 * np.sqrt(64 * 4)


def test_streams_of_all_decisions_and_quarters_have_keys_of_their_own() -> None:
    from regionsim.model.quarter import QUARTER

    names = [process.__name__ for process in QUARTER] + ["matching", "training_firm_keeps_learner"]
    keys = [int(Draws(seed).key(name, q)) for seed in (1, 2) for name in names for q in range(8044, 8180)]
    assert len(set(keys)) == len(keys)


def test_events_of_a_decision_have_keys_of_their_own_also_when_nested() -> None:
    """Matching nests events: candidate m of 64, then its skill, place and taste."""
    key = KEYS["zero"]
    flat = [int(event_key(key, np.uint64(e))) for e in range(1, 1001)]
    nested = [
        int(event_key(np.uint64(event_key(key, np.uint64(m + 1))), np.uint64(e))) for m in range(64) for e in (101, 202)
    ]
    assert len({int(key), *flat, *nested}) == 1 + len(flat) + len(nested)


def test_events_are_independent() -> None:
    ids, key = IDS["census"], KEYS["births 2011Q1"]
    values = np.stack([uniform(np.uint64(event_key(key, np.uint64(e))), ids) for e in range(12)])
    off = np.corrcoef(values) - np.eye(12)
    assert np.abs(off).max() < 4.5 / np.sqrt(N)


def test_agent_and_event_do_not_stand_in_for_each_other() -> None:
    """Event e of agent a is not event a of agent e, nor the first draw of any agent nearby."""
    key = KEYS["zero"]
    table = np.stack(
        [bits_of(np.uint64(event_key(key, np.uint64(e))), np.arange(500, dtype=np.uint64)) for e in range(500)]
    )
    assert np.unique(table).size == table.size


# Values -----------------------------------------------------------------------------------------------------------


def test_uniform_draws_have_a_logarithm() -> None:
    """Of the agent whose bits are all zero, and of the one whose bits are all one (found by undoing the mix)."""
    key = int(KEYS["deaths 2011Q1"])
    lowest, highest = (u01(np.uint64(key), np.uint64(unmixed(unmixed(bits) ^ key))) for bits in (0, 2**64 - 1))
    assert lowest == 2.0**-54
    assert 1 - 2.0**-52 < highest <= 1


def unmixed(x: int) -> int:
    """The inverse of `whole_mix`."""
    x ^= x >> 31 ^ x >> 62
    x = x * pow(0x94D049BB133111EB, -1, 2**64) % 2**64
    x ^= x >> 27 ^ x >> 54
    x = x * pow(0xBF58476D1CE4E5B9, -1, 2**64) % 2**64
    x ^= x >> 30 ^ x >> 60
    return (x - 0x9E3779B97F4A7C15) % 2**64


def test_uniform_array_is_the_scalar_rule() -> None:
    ids = IDS["census"][:100]
    key = Draws(1).key("deaths", 8044)
    assert Draws(1).uniform("deaths", 8044, ids).tolist() == [u01(key, i) for i in ids]


def test_normal_has_the_moments_of_a_standard_normal() -> None:
    values = normals(KEYS["births 2011Q1"], IDS["census"])
    assert abs(values.mean()) < 4.5 / np.sqrt(N)
    assert abs(values.var() - 1) < 4.5 * np.sqrt(2 / N)
    assert abs(stats.skew(values)) < 4.5 * np.sqrt(6 / N)
    assert abs(stats.kurtosis(values)) < 4.5 * np.sqrt(24 / N)
    assert stats.kstest(values, "norm").pvalue > LIKELY[0]


def test_names_have_codes_of_their_own() -> None:
    """Also names that differ by order, case or one letter."""
    names = ["ab", "ba", "Ab", "deaths", "death", "sdeath", "parameter: a.b", "parameter: a.c", ""]
    names += [f"driver: {i}" for i in range(2000)]
    assert len({int(code(name)) for name in names}) == len(names)


def test_draws_depend_on_seed_decision_and_quarter_only() -> None:
    ids = IDS["census"][:1000]
    first = Draws(1).uniform("deaths", 8044, ids)
    again = Draws(1)
    again.uniform("births", 8044, ids)  # what was drawn before does not matter
    assert np.array_equal(again.uniform("deaths", 8044, ids), first)
    assert np.array_equal(again.uniform("deaths", 8044, ids[::-1]), first[::-1])
    assert int(stream(np.uint64(1), code("deaths"), np.uint64(8044))) == int(Draws(1).key("deaths", 8044))
