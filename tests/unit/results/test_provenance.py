"""Provenance: complete, free of the time of day, and sensitive to code that can alter numbers."""

from __future__ import annotations

import json
import platform
from importlib import metadata
from pathlib import Path

import pytest

import regionsim
from regionsim.results import provenance as module
from regionsim.results.provenance import code_hash, package_versions, provenance


def test_provenance_names_versions_code_tables_config_and_seeds() -> None:
    found = provenance({"scale": 0.1}, {"jobs": "ab"}, {"0": 7}, command="regionsim")
    assert found["regionsim"] == regionsim.__version__
    assert found["python"] == platform.python_version()
    assert found["packages"]["numpy"] == metadata.version("numpy")
    assert found["packages"]["hydra-core"] == metadata.version("hydra-core")
    assert found["tables"] == {"jobs": "ab"}
    assert found["config"] == {"scale": 0.1}
    assert found["seeds"] == {"0": 7}
    assert found["command"] == "regionsim"
    assert json.loads(json.dumps(found)) == found


def test_equal_runs_have_equal_provenance() -> None:
    assert provenance({}, {}, {}) == provenance({}, {}, {})


def test_packages_that_are_not_installed_are_left_out() -> None:
    assert set(package_versions(["numpy", "no-such-package-at-all"])) == {"numpy"}


@pytest.mark.parametrize(("changed", "differs"), [("state/a.py", True), ("report/b.py", False), ("cli/c.py", False)])
def test_only_code_that_alters_numbers_alters_the_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str, differs: bool
) -> None:
    for name in ("__init__.py", "state/a.py", "report/b.py", "cli/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    monkeypatch.setattr(module.regionsim, "__file__", str(tmp_path / "__init__.py"))
    code_hash.cache_clear()
    before = code_hash()
    (tmp_path / changed).write_text("x = 2\n")
    code_hash.cache_clear()
    assert (code_hash() != before) == differs
    code_hash.cache_clear()
