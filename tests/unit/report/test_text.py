"""Words and numbers of a page: both languages complete, numbers as each language writes them."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest

import regionsim.report
from regionsim.analysis.effects import effect_unit
from regionsim.report.text import LANGUAGES, MINUS, MISSING, NO_BREAK, Texts, load
from regionsim.results.outcomes import FIXED_COORDS, HEADLINES, OUTCOMES
from regionsim.state.errors import InputError


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_sentences_with_the_same_fields() -> None:
    english, dutch = load("en")["sentences"], load("nl")["sentences"]
    assert set(english) == set(dutch)
    assert {key for key in english if fields(english[key]) != fields(dutch[key])} == set()
    assert {key for key in english if not english[key].strip() or not dutch[key].strip()} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_said_twice(language: str) -> None:
    """A second key of one name would silently replace the first."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        assert len(names) == len(set(names)), sorted({name for name in names if names.count(name) > 1})
        return dict(pairs)

    file = Path(regionsim.report.__file__).parent / "i18n" / f"{language}.json"
    json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=once)


def test_every_sentence_is_used_and_every_used_sentence_exists() -> None:
    root = Path(regionsim.report.__file__).parent
    code = "\n".join(file.read_text() for file in [*root.rglob("*.py"), *root.rglob("*.html")])
    words = set(re.findall(r"[\"']([a-z_0-9]+)[\"']", code))
    families = ("who_", "fact_", "tile_", "the_", "finding_", "value_", "years", "one_year")  # put together from names
    families += ("score_", "test_", "verdict_")
    unused = {key for key in load("en")["sentences"] if key not in words and not key.startswith(families)}
    assert unused == set()
    called = set(re.findall(r"\bt\(\s*\"([a-z_0-9]+)\"", code))
    assert called - set(load("en")["sentences"]) == set()


@pytest.mark.parametrize("family", ["finding", "value"])
def test_every_kind_of_finding_has_its_sentence(family: str) -> None:
    kinds = ("more", "more_unsure", "less", "less_unsure", "hardly", "none")
    found = {key for key in load("en")["sentences"] if key.startswith(f"{family}_")}
    assert found == {f"{family}_{kind}" for kind in kinds}


def test_dutch_has_a_word_for_every_unit_and_for_what_headlines_count() -> None:
    words = load("nl")["words"]
    units = {effect_unit(outcome.unit) for outcome in OUTCOMES.values()}
    units |= {effect_unit(outcome.unit, "cumulated") for outcome in OUTCOMES.values() if outcome.kind == "flow"}
    assert units - set(words["unit"]) == set()
    assert set(HEADLINES) - set(words["definition"]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", ["education", "market", "origin", "visitor", "mode"])
def test_fixed_labels_have_words(language: str, group: str) -> None:
    assert set(load(language)["words"][group]) == set(FIXED_COORDS[group])


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (517_320.4, "517,320"),
        (254.3, "254"),
        (99.96, "100"),
        (83.82, "83.8"),
        (5.101, "5.1"),
        (0.26689, "0.267"),
        (-1234, f"{MINUS}1,234"),
        (-1e-9, "0"),
        (None, MISSING),
        (float("nan"), MISSING),
        (float("inf"), MISSING),
    ],
)
def test_numbers_have_three_digits_and_their_whole_part(value: float | None, written: str) -> None:
    assert Texts("en").number(value) == written


def test_differences_carry_a_sign_and_zero_does_not() -> None:
    t = Texts("en")
    assert [t.effect(value) for value in (2.5, -2.5, 0, 1e-12, None)] == ["+2.5", f"{MINUS}2.5", "0", "0", MISSING]
    assert t.interval(-1, 2) == f"{MINUS}1 to 2"
    assert t.percent(-0.456) == f"{MINUS}0.46{NO_BREAK}%"
    assert t.percent(0.00003) == f"0{NO_BREAK}%"
    assert t.percent(None) == MISSING


def test_an_effect_and_its_range_have_two_digits_each() -> None:
    assert Texts("en").effect_and_range(67.9, -240.4, 1_470, "persons") == ("+70", f"{MINUS}240 to +1,500")
    assert Texts("nl").effect_and_range(-0.0163, -0.0641, 0.0436, "procentpunten") == (
        f"{MINUS}0,016",
        f"{MINUS}0,064 tot +0,044",
    )
    assert Texts("en").effect_and_range(None, None, None, "persons") == (MISSING, f"{MISSING} to {MISSING}")


def test_dutch_numbers() -> None:
    t = Texts("nl")
    assert t.number(517_320) == "517.320"
    assert t.number(5.25) == "5,25"
    assert t.interval(1.5, 2) == "1,5 tot 2"
    assert t.effect(-12_345) == f"{MINUS}12.000"


def test_small_numbers_as_powers() -> None:
    t = Texts("en")
    assert t.power(0) == "0"
    assert t.power(1.24e-9) == f"1.2{NO_BREAK}×{NO_BREAK}10⁻⁹"


def test_lists() -> None:
    t = Texts("en")
    assert [t.listing(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_an_unknown_language_is_told() -> None:
    with pytest.raises(InputError, match="known: en, nl"):
        Texts("fr")
