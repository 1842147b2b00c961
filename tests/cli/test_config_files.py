"""Configurations are composed faster than by Hydra alone, and are the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from omegaconf import OmegaConf
from omegaconf._utils import get_yaml_loader

from regionsim.cli.config_files import Loader, _loader
from regionsim.cli.configs import compose_settings, composed, composer, options

TWICE = ["plan=none", *(f"+intervention@plan.measures.{name}=dual_learning" for name in ("one", "other"))]


def plain(hydra: Any, overrides: list[str]) -> str:
    """A composed configuration with Hydra's part, in its order, as text."""
    return OmegaConf.to_yaml(composed(hydra, overrides))


@pytest.mark.parametrize(
    "overrides",
    [
        ["plan=masterplan", "ensemble.seed=3"],
        ["plan=westhoek", "governance@plan.governance=good", "report=nl"],
        ["scenario=hard_brexit", "~intervention@plan.measures.dual_learning"],
        ["intervention@plan.measures.dual_learning=technicum", "parameters@parameters.trade=ports"],
        [*TWICE, "plan.measures.one.dose=3"],
    ],
    ids=str,
)
def test_hydra_alone_composes_the_same(monkeypatch: pytest.MonkeyPatch, overrides: list[str]) -> None:
    with composer() as hydra:
        first, again = plain(hydra, overrides), plain(hydra, overrides)
        for name in ("_compose_config_from_defaults_list", "_load_single_config"):
            monkeypatch.setattr(Loader, name, getattr(ConfigLoaderImpl, name))
        assert first == again == plain(hydra, overrides)


def test_a_value_stays_with_the_measure_and_the_run_that_it_is_given_to() -> None:
    changed, same = compose_settings([*TWICE, "plan.name=two", "plan.measures.one.dose=3"]).plans[1].measures
    assert changed.dose == 3.0 != same.dose
    assert compose_settings([*TWICE, "plan.name=two"]).plans[1].measures[0].dose == same.dose


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    mine = tmp_path / "intervention" / "mine.yaml"
    mine.parent.mkdir()
    added = ["plan=none", "plan.name=alone", "+intervention@plan.measures.mine=mine"]
    text = options("intervention")["dual_learning"].read_text(encoding="utf-8")
    for number, title in enumerate(("First words", "Other words")):
        mine.write_text(text.replace("Dual learning", title), encoding="utf-8")
        os.utime(mine, (number, number))
        assert title in compose_settings(added, tmp_path).plans[1].measures[0].title_en


@pytest.mark.parametrize("text", ["a: 1e3\nb: 2011-01-01\nc: yes\nd: 1_000\ne: .inf", "x: &q {a: 1}\ny: {<<: *q}", ""])
def test_yaml_means_the_same_to_the_compiled_parser(text: str) -> None:
    assert yaml.load(text, _loader()) == yaml.load(text, get_yaml_loader())


def test_a_key_twice_is_an_error() -> None:
    with pytest.raises(yaml.YAMLError, match="duplicate key a"):
        yaml.load("a: 1\na: 2", _loader())
