"""Where the configuration files lie, and their composition by Hydra into one scenario."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionsim.state.errors import InputError

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from regionsim.model.settings import Settings

PACKAGE = Path(__file__).resolve().parent.parent
GROUPS = (
    "experiment", "scenario", "world", "plan", "governance", "intervention", "region", "ensemble", "design", "engine",
    "report", "parameters",
)  # fmt: skip
IN_NAME = ("region", "plan")  # the folder's name starts with these, so overriding them adds nothing to it
NOT_NUMBERS = ("engine", "report", "output", "name", "experiment")  # overrides that leave every number as it is
LONGEST_NAME = 100


def configs_folder() -> Path:
    """The folder of configuration files: beside the package when installed, else at the top of the repository."""
    installed = PACKAGE / "configs"
    return installed if installed.is_dir() else PACKAGE.parent.parent / "configs"


def options(group: str, config_dir: str | Path | None = None) -> dict[str, Path]:
    """The files of a group by name, regionsim's own first, then those of the user's folder; sorted."""
    found: dict[str, Path] = {}
    for folder in (configs_folder(), config_dir):
        if folder is not None:
            for file in sorted((Path(folder) / group).glob("*.yaml")):
                found.setdefault(file.stem, file)
    return dict(sorted(found.items()))


def scenario_name(region: str, plan: str, overrides: Sequence[str], swept: Sequence[str] = ()) -> str:
    """Folder name of a scenario: region, plan and every override that can change a number, in a fixed order.

    swept: keys that an experiment varies itself; its name, given as `plan`, stands for them.
    """
    parts = []
    for override in overrides:
        key, _, value = str(override).partition("=")
        if key in IN_NAME or key in swept or key.lstrip("+~").split(".")[0].split("@")[0] in NOT_NUMBERS:
            continue
        parts.append(re.sub(r"[^A-Za-z0-9.]+", "-", f"{key}={value}" if value else key).strip("-"))
    name = "_".join([region, plan, *sorted(parts)])
    if len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME - 9] + "-" + hashlib.sha256(name.encode()).hexdigest()[:8]
    return name


def register(start: Path | None = None) -> None:
    """Tell Hydra what is not in a file: the list of parameter blocks, the rule that names a scenario, and that paths
    begin in the folder `start` (None: where this process is)."""
    from hydra.core.config_store import ConfigStore
    from omegaconf import OmegaConf

    blocks: list[Any] = [{f"parameters@parameters.{name}": name} for name in options("parameters")]
    ConfigStore.instance().store(name="parameter_blocks", node={"defaults": blocks}, provider="regionsim")
    OmegaConf.register_new_resolver("scenario_name", scenario_name, replace=True)
    OmegaConf.register_new_resolver("absolute", partial(_absolute, start or Path.cwd()), replace=True)


def _absolute(start: Path, path: str) -> str:
    return str((start / Path(path).expanduser()).resolve())


@contextmanager
def composer(config_dir: str | Path | None = None) -> Iterator[Any]:
    """Hydra, ready to compose from regionsim's folder and the user's own."""
    from hydra._internal.hydra import Hydra
    from hydra._internal.utils import create_config_search_path
    from hydra.core.config_search_path import SearchPathQuery
    from hydra.core.global_hydra import GlobalHydra
    from hydra.version import setbase

    from regionsim.cli.config_files import Loader

    setbase("1.3")
    register()
    search = create_config_search_path(f"regionsim://{configs_folder()}")
    if config_dir is not None:
        folder = Path(config_dir).resolve()
        if not folder.is_dir():
            raise InputError("--config-dir", f"'{folder}' is not a folder")
        search.prepend(
            provider="command-line", path=f"regionsim://{folder}", anchor=SearchPathQuery(provider="schema")
        )
    GlobalHydra.instance().clear()
    hydra = Hydra(task_name="regionsim", config_loader=Loader(search))
    GlobalHydra.instance().initialize(hydra)
    try:
        yield hydra
    finally:
        GlobalHydra.instance().clear()


def composed(hydra: Any, overrides: Sequence[str], sweeps: bool = False) -> DictConfig:
    """The configuration of one scenario, with Hydra's own part; `sweeps` allows overrides with several values."""
    from hydra.types import RunMode

    config: DictConfig = hydra.compose_config(
        config_name="config",
        overrides=list(overrides),
        run_mode=RunMode.MULTIRUN if sweeps else RunMode.RUN,
        from_shell=False,
        with_log_configuration=False,
        validate_sweep_overrides=not sweeps,
    )
    return config


def compose_settings(overrides: Sequence[str] = (), config_dir: str | Path | None = None) -> Settings:
    """Settings of a scenario for a notebook: compose_settings(["scenario=hard_brexit", "ensemble=smoke"]).

    Raises InputError that names every wrong key, with the allowed values.
    """
    from regionsim.cli.overrides import checked_job, composed_as_far_as_possible

    with composer(config_dir) as hydra:
        return checked_job(*composed_as_far_as_possible(hydra, overrides)).settings
