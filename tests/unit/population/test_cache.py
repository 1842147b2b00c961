"""Populations kept on disk: the same bytes back, and no harm from a bad file, a bad folder or a twin."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from regionsim.population import cache
from regionsim.state.parameters import Block

SCALE = 0.3


def same(a, b) -> bool:
    columns = zip((*a.people.a, *a.firms.a), (*b.people.a, *b.firms.a), strict=True)
    free = np.array_equal(a.people.free, b.people.free) and a.people.free_count == b.people.free_count
    pd.testing.assert_frame_equal(a.fit, b.fit)
    return free and a.scale == b.scale and all(np.array_equal(x, y) for x, y in columns)


def kept_file(folder: Path) -> Path:
    files = [path for path in folder.iterdir()]
    assert len(files) == 1
    return files[0]


def refuse(*_args):
    raise AssertionError("built again")


def test_round_trip_does_not_build_again(fictland, parameters, tmp_path, monkeypatch):
    made = cache.cached_population(fictland, parameters, SCALE, 1, tmp_path)
    monkeypatch.setattr(cache, "build_population", refuse)
    read = cache.cached_population(fictland, parameters, SCALE, 1, tmp_path)
    assert same(made, read)
    read.people.a.age_q[:] = 0  # a reader owns its arrays
    assert same(made, cache.cached_population(fictland, parameters, SCALE, 1, tmp_path))


def test_everything_that_affects_numbers_is_in_the_key(fictland, parameters, tmp_path):
    key = cache.population_key(fictland, parameters, SCALE, 1)
    changed = Block("population", {**parameters.values, "master_share": 0.36})
    turned = Block("population", dict(reversed(parameters.values.items())))
    assert cache.population_key(fictland, turned, SCALE, 1) == key
    others = {
        cache.population_key(fictland, changed, SCALE, 1),
        cache.population_key(fictland, parameters, 0.31, 1),
        cache.population_key(fictland, parameters, SCALE, 2),
    }
    assert len(others | {key}) == 4


@pytest.mark.parametrize("damage", ["garbage", "cut", "empty", "flipped"])
def test_an_unreadable_file_is_made_anew(fictland, parameters, tmp_path, damage):
    made = cache.cached_population(fictland, parameters, SCALE, 1, tmp_path)
    path = kept_file(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[2000] ^= 0xFF
    harmed = {"garbage": b"no archive", "cut": path.read_bytes()[:5000], "empty": b"", "flipped": bytes(raw)}[damage]
    path.write_bytes(harmed)
    assert same(made, cache.cached_population(fictland, parameters, SCALE, 1, tmp_path))
    assert kept_file(tmp_path).read_bytes() != harmed


def test_a_folder_that_cannot_be_written_costs_one_warning(fictland, parameters, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    with pytest.warns(UserWarning, match="nothing is kept") as told:
        made = cache.cached_population(fictland, parameters, SCALE, 1, tmp_path / "file" / "cache")
    assert len(told) == 1
    assert len(made.people) > 0


def test_a_write_that_fails_half_way_leaves_no_file(fictland, parameters, tmp_path, monkeypatch):
    def fail(file, **_arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", fail)
    with pytest.warns(UserWarning, match="No space left"):
        cache.cached_population(fictland, parameters, SCALE, 1, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_twins_side_by_side_leave_one_good_file(fictland, parameters, tmp_path):
    found = []
    twins = [
        threading.Thread(target=lambda: found.append(cache.cached_population(fictland, parameters, SCALE, 1, tmp_path)))
        for _ in range(3)
    ]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join()
    assert len(found) == 3
    kept_file(tmp_path)
    assert all(same(found[0], cache.cached_population(fictland, parameters, SCALE, 1, tmp_path)) for _ in (1, 2))


def test_the_folder_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("REGIONSIM_CACHE", str(tmp_path / "own"))
    assert cache.cache_folder() == tmp_path / "own"
    monkeypatch.delenv("REGIONSIM_CACHE")
    monkeypatch.setattr("regionsim.compiled.sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.cache_folder() == tmp_path / "regionsim"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.cache_folder() == Path.home() / ".cache" / "regionsim"
