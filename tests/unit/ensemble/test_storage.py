"""A disk that is full is called full, whatever the netCDF library says."""

from __future__ import annotations

import errno
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from regionsim.ensemble import storage
from regionsim.ensemble.storage import remove_parts, writing
from regionsim.ensemble.units import failure
from regionsim.results.files import whole_file

Usage = namedtuple("Usage", "total used free")


def test_a_full_disk_is_told_from_the_space_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda folder: Usage(100, 95, 5))
    with pytest.raises(OSError) as caught, writing(tmp_path / "not" / "there.nc", 10):
        raise PermissionError(errno.EACCES, "Permission denied")
    assert caught.value.errno == errno.ENOSPC
    assert failure(caught.value).of_surroundings
    assert "No space left" in failure(caught.value).reason


def test_a_library_error_with_space_left_names_the_file(tmp_path: Path) -> None:
    assert shutil.disk_usage(tmp_path).free > 10
    with pytest.raises(OSError, match="NetCDF: HDF error") as caught, writing(tmp_path / "u.nc", 10):
        raise RuntimeError("NetCDF: HDF error")
    assert caught.value.filename == str(tmp_path / "u.nc")


def test_parts_of_ended_processes_are_removed_and_no_others(tmp_path: Path) -> None:
    with whole_file(tmp_path / "key_d0000.nc") as part:
        part.write_text("half")
        other = part.with_name(part.name.replace(str(os.getpid()), "1"))
        other.write_text("half")
        remove_parts([tmp_path / "key_d0001.nc"], {os.getpid()})
        assert not part.exists()
        assert other.exists()
        part.write_text("whole")
    remove_parts([tmp_path / "key_d0000.nc"], {os.getpid(), 1})
    assert [file.name for file in tmp_path.iterdir()] == ["key_d0000.nc"]


def test_errors_of_the_model_pass_through(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="balance"), writing(tmp_path / "u.nc", 10):
        raise ValueError("accounts do not balance")
    told = failure(ValueError("accounts\n do not balance"))
    assert told.reason == "ValueError: accounts do not balance"
    assert not told.of_surroundings
