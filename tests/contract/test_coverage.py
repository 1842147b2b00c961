"""Every part of the inventory of the five founding documents has a file that implements it, or is context only."""

from __future__ import annotations

import re
from pathlib import Path

from regionsim.cli.configs import options
from regionsim.cli.yaml_files import read_yaml

ROOT = Path(__file__).parents[2]
CONTEXT_ONLY = {"F1", "F2", "F3", "F4", "F5", "H0", "P2", "V7", "W4"}
INVENTORY = [
    *(f"F{i}" for i in range(1, 6)), *(f"P{i}" for i in range(1, 6)), "H0", *(f"C{i}" for i in range(1, 7)),
    *(f"IA.{i}" for i in range(1, 15)), *(f"IB.{i}" for i in range(1, 9)), *(f"IB.1{x}" for x in "abcdef"),
    *(f"IC.{i}" for i in range(1, 5)), *(f"ID.{i}" for i in range(1, 11)), *(f"IE.{i}" for i in range(1, 7)),
    *(f"II.{i}" for i in range(1, 13)), *(f"IIIA.{i}" for i in range(1, 5)), *(f"IIIB.{i}" for i in range(1, 6)),
    "III.ctx", "III.gap", *(f"W{i}" for i in range(1, 6)), *(f"W2{x}" for x in "abcd"),
    *(f"R{i}" for i in range(9)), *(f"V{i}" for i in range(1, 9)), *(f"D{i}" for i in range(1, 8)),
]  # fmt: skip
COVERS = {name: read_yaml(file)["covers"] for name, file in options("intervention").items()}


def table() -> dict[str, tuple[list[str], list[str], str]]:
    """Part -> measures, files, words, as docs/coverage.md says."""
    page = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    found = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0] in INVENTORY:
            found[cells[0]] = (*(re.findall(r"`([^`]+)`", cell) for cell in cells[1:3]), cells[3])
    return found  # type: ignore[return-value]


def test_every_part_is_told_once_and_implemented_unless_it_is_context() -> None:
    found = table()
    assert sorted(found) == sorted(INVENTORY) and len(INVENTORY) == len(set(INVENTORY))
    empty = {part for part, (measures, files, _) in found.items() if not measures and not files}
    assert empty == CONTEXT_ONLY
    assert all(found[part][2].startswith("context only: ") for part in CONTEXT_ONLY)


def test_measures_stand_where_their_files_say() -> None:
    found = table()
    for part, (measures, _, _) in found.items():
        assert sorted(measures) == sorted(name for name, covers in COVERS.items() if part in covers), part
    assert {part for covers in COVERS.values() for part in covers} <= set(INVENTORY)


def test_every_file_that_is_named_exists() -> None:
    for _, files, _ in table().values():
        assert all((ROOT / file).exists() for file in files), files
