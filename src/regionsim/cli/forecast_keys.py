"""The choices of `regionsim forecast`: KEY=VALUE words, every fault at once, each with what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from regionsim.state.calendar import ordinal
from regionsim.state.errors import InputError, did_you_mean, listed

DEFAULT_REGION = "west_flanders"


@dataclass(frozen=True)
class Choices:
    """What is forecast and how; `data` is None for a region's series, `as_of` an ordinal quarter."""

    region: str = DEFAULT_REGION
    data: Path | None = None
    as_of: int | None = None
    until: str | None = None
    draws: int = 500
    seed: int = 1
    workers: int | None = None
    backtest: bool = True
    every: int = 1
    transform: Literal["log", "level"] = "log"
    season: Literal["auto", "yes", "no"] = "auto"
    language: Literal["en", "nl"] = "en"
    output: Path | None = None

    @property
    def name(self) -> str:
        """What the forecast is called: the file's name without its ending, or the region's."""
        return Path(self.region).name if self.data is None else self.data.stem

    @property
    def folder(self) -> Path:
        """Where everything is written."""
        return (self.output or Path("outputs") / f"forecast_{self.name}").expanduser().resolve()


def _whole(least: int) -> tuple[Callable[[str], int], str]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text) or int(text) < least:
            raise ValueError
        return int(text)

    return read, f"a whole number, {least} or more"


def _one_of(*words: str) -> tuple[Callable[[str], str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return read, listed(words)


def _bool() -> tuple[Callable[[str], bool], str]:
    read, allowed = _one_of("true", "false")
    return (lambda text: read(text) == "true"), allowed


def _path(text: str) -> Path:
    return Path(text).expanduser()


@dataclass(frozen=True)
class Key:
    """How the text of a key is read, what is allowed, and what it does."""

    read: Callable[[str], Any]
    allowed: str
    does: str


KEYS = {
    "region": Key(str, "a name or a folder of tables", f"whose series are forecast (default {DEFAULT_REGION})"),
    "data": Key(_path, "a CSV file", "series of your own instead of a region's"),
    "as_of": Key(ordinal, "a quarter like 2019Q4", "leave out later observations"),
    "until": Key(str, "a period like 2027Q1, 2027-03 or 2027", "last period (default: 12 after the last observation)"),
    "draws": Key(*_whole(2), "sample paths (default 500)"),
    "seed": Key(*_whole(0), "of all random numbers (default 1)"),
    "workers": Key(*_whole(1), "processes for the backtest (default: one per core)"),
    "backtest": Key(*_bool(), "forecast again from every past origin and score (default true)"),
    "every": Key(*_whole(1), "only every k-th origin, for a first look (default 1)"),
    "transform": Key(*_one_of("log", "level"), "of data=: changes are relative, or not (default log)"),
    "season": Key(*_one_of("auto", "yes", "no"), "of data=: have the series a season? (default auto)"),
    "language": Key(*_one_of("en", "nl"), "of the page (default en)"),
    "output": Key(_path, "a folder", "where everything goes (default outputs/forecast_NAME)"),
}
OF_DATA = ("transform", "season")


def read_choices(words: Sequence[str]) -> Choices:
    """The choices that the words make; InputError with everything that is wrong with them."""
    values: dict[str, Any] = {}
    faults = []
    for word in words:
        key, equals, text = word.partition("=")
        if not equals:
            faults.append(f"{word}: is not KEY=VALUE{_perhaps(word)}; keys: {listed(KEYS)}")
        elif key not in KEYS:
            faults.append(f"{key}: unknown key{did_you_mean(key, KEYS)}; allowed: {listed(KEYS)}")
        elif key in values:
            faults.append(f"{key}: is given twice; allowed: once")
        else:
            values[key] = _read(key, text, faults)
    if "data" in values and "region" in values:
        faults.append("data, region: both are given; allowed: one of them")
    if "data" not in values:
        faults += [
            f"{key}: is for data=FILE.csv only; a region's series bring their own" for key in OF_DATA if key in values
        ]
    if faults:
        where, _, told = faults[0].partition(": ")
        raise InputError(where, told) if len(faults) == 1 else InputError("forecast", faults)
    return Choices(**values)


def _read(key: str, text: str, faults: list[str]) -> Any:
    try:
        if not text:
            raise ValueError
        return KEYS[key].read(text)
    except (ValueError, InputError):
        allowed = KEYS[key].allowed
        near = did_you_mean(text, allowed.split(", "))
        faults.append(f"{key}: got {text or 'nothing'}{near}; allowed: {allowed}")
        return None


def _perhaps(word: str) -> str:
    """What was meant by a word without a key: a file, or a key without its value."""
    if Path(word).suffix.lower() in (".csv", ".txt", ".tsv"):
        return f" (did you mean 'data={word}'?)"
    return did_you_mean(word, KEYS)


def table_of_keys() -> str:
    """A line for each key, for the help page."""
    return "\n".join(f"  {name + '=':<11} {key.does}; {key.allowed}" for name, key in KEYS.items())
