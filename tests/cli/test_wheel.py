"""The wheel holds everything: installed in a fresh environment, `regionsim` works from the root folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("wheel")  # it is built by one worker, not by each


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as `pip install` would, with the build tools that are there."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    )
    (built,) = folder.glob("regionsim-*.whl")
    return built


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`regionsim` of a fresh environment that has the wheel; its dependencies are those of this one."""
    folder = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    fresh = folder / "bin" / "python"
    packages = run(str(fresh), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    borrowed = [path for path in sys.path if path.endswith("-packages")]
    (Path(packages) / "borrowed.pth").write_text("\n".join(borrowed) + "\n")
    told = ["--quiet", "--no-deps", "--no-index", "--ignore-installed", str(wheel)]
    run(sys.executable, "-m", "pip", "--python", str(fresh), "install", *told)
    return folder / "bin" / "regionsim"


def run(*words: str, cwd: str = "/") -> str:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")
    }
    ended = subprocess.run(words, cwd=cwd, env=environment, text=True, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.slow
def test_the_wheel_holds_configs_tables_and_templates(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for file in (ROOT / "configs").rglob("*.yaml"):
        assert f"regionsim/configs/{file.relative_to(ROOT / 'configs').as_posix()}" in names
    for folder, kind in (("data", "csv"), ("report", "json"), ("report", "html")):
        inside = list((ROOT / "src" / "regionsim" / folder).rglob(f"*.{kind}"))
        assert inside
        assert {
            f"regionsim/{file.relative_to(ROOT / 'src' / 'regionsim').as_posix()}" for file in inside
        } <= names
    assert "hydra_plugins/regionsim_dask_launcher.py" in names and "hydra_plugins/__init__.py" not in names
    assert not [name for name in names if "tests" in name or "__pycache__" in name]


@pytest.mark.slow
def test_installed_it_works_from_the_root_folder(command: Path) -> None:
    where = run(str(command.parent / "python"), "-c", "import regionsim; print(regionsim.__file__)")
    assert str(command.parent.parent) in where
    told = run(str(command), "--cfg", "job", "--resolve")
    assert "scale: 0.1" in told and "name: west_flanders_masterplan" in told
    assert "regionsim -m world.brexit=none,tca,hard" in run(str(command), "--help")
    assert "dask_launcher" in run(str(command), "--cfg", "hydra", "hydra/launcher=dask")
    assert "dual_learning" in run(str(command), "list", "interventions")
    assert "all right" in run(str(command), "data", "check", "west_flanders")
