"""The words and number formats of a page, per language (`i18n/<language>.json`)."""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import resources
from typing import Any

from regionsim.analysis.rounding import FINEST, rounded
from regionsim.results.outcomes import OUTCOMES
from regionsim.state.errors import InputError, listed

LANGUAGES = ("en", "nl")
MINUS = "\u2212"
NO_BREAK = "\u00a0"
MISSING = "\u2013"
SUPERSCRIPTS = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")


class Texts:
    """Sentences by key, names of outcomes, units and labels, and numbers as this language writes them."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise InputError("report language", f"'{language}' is unknown; known: {listed(LANGUAGES)}")
        self.language = language
        self._words = load(language)

    def __call__(self, key: str, **values: Any) -> str:
        """The sentence `key` with its {fields} filled in."""
        sentence: str = self._words["sentences"][key]
        return sentence.format(**values)

    def word(self, group: str, code: str) -> str:
        """The word for a code (unit, status, education...); the code itself, made readable, where there is none."""
        found: str = self._words["words"].get(group, {}).get(code, code.replace("_", " "))
        return found

    def unit(self, unit: str) -> str:
        """A unit of the catalogue in this language."""
        return self.word("unit", unit)

    def outcome(self, name: str) -> str:
        """Title of an outcome."""
        return OUTCOMES[name].title_nl if self.language == "nl" else OUTCOMES[name].title_en

    def definition(self, name: str) -> str:
        """What an outcome counts: the catalogue's own words in English, translated ones elsewhere."""
        return OUTCOMES[name].definition if self.language == "en" else self.word("definition", name)

    @property
    def number_locale(self) -> dict[str, Any]:
        """Number format of the charts' axes (d3)."""
        return {
            "decimal": self._words["decimal"],
            "thousands": self._words["thousands"],
            "grouping": [3],
            "currency": ["", ""],
        }

    def number(self, value: float | None, digits: int = 3) -> str:
        """A level: `digits` significant digits, never fewer than its whole part; a dash if there is none."""
        if value is None or not math.isfinite(value):
            return MISSING
        size = abs(value)
        decimals = 0 if size == 0 else max(0, digits - 1 - math.floor(math.log10(size)))
        plain = f"{value:,.{min(decimals, FINEST)}f}"
        if "." in plain:
            plain = plain.rstrip("0").rstrip(".")
        return self._written("0" if plain == "-0" else plain)

    def interval(self, low: float | None, high: float | None) -> str:
        """Two levels: '1 to 2'."""
        return self("range", low=self.number(low), high=self.number(high))

    def effect(self, value: float | None, unit: str = "", sign: bool = True) -> str:
        """A difference as `analysis.rounding` writes it: with its sign, zero without; a dash if there is none."""
        return self._written(*rounded(value, unit=unit, sign=sign)) or MISSING

    def effect_and_range(self, mean: float | None, low: float | None, high: float | None, unit: str) -> tuple[str, str]:
        """'+68' and '-240 to +470': an effect and its range, rounded together."""
        texts = [self._written(text) or MISSING for text in rounded(mean, low, high, unit=unit)]
        return texts[0], self("range", low=texts[1], high=texts[2])

    def percent(self, value: float | None) -> str:
        """'+1.2 %', or a dash."""
        text = self.effect(value if value is None else round(value, 4))
        return text if text == MISSING else f"{text}{NO_BREAK}%"

    def _written(self, plain: str) -> str:
        """A plain number ('-1,234.5') with this language's separators and a true minus."""
        marks = {",": self._words["thousands"], ".": self._words["decimal"], "-": MINUS}
        return plain.translate(str.maketrans(marks))

    def power(self, value: float) -> str:
        """A very small number as a multiple of a power of ten: '1.2 x 10^-9'; '0' for zero."""
        if value == 0 or not math.isfinite(value):
            return self.number(value)
        mantissa, exponent = f"{value:.1e}".split("e")
        raised = str(int(exponent)).translate(SUPERSCRIPTS)
        return f"{self.number(float(mantissa))}{NO_BREAK}\u00d7{NO_BREAK}10{raised}"

    def listing(self, items: list[str]) -> str:
        """'a, b and c'."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self('and')} {items[-1]}"


@cache
def load(language: str) -> dict[str, Any]:
    """The words of a language as stored: decimal, thousands, sentences, words."""
    file = resources.files("regionsim.report") / "i18n" / f"{language}.json"
    words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return words
