"""The size budget of src/: small files and functions are easier to read. Exit code 1 lists what is over."""

from __future__ import annotations

import ast
import statistics
import sys
from pathlib import Path

MEDIAN_LINES, FILE_LINES, FUNCTION_LINES, KERNEL_LINES = 120, 400, 50, 100
SRC = Path(__file__).parent.parent / "src"


def compiled(function: ast.FunctionDef) -> bool:
    """Whether a function is a compiled loop."""
    return any("njit" in ast.unparse(decorator) for decorator in function.decorator_list)


def main() -> int:
    """Print every breach; 0 if there is none."""
    faults, sizes = [], []
    for path in sorted(SRC.rglob("*.py")):
        text = path.read_text()
        lines = text.count("\n")
        sizes.append(lines)
        if lines > FILE_LINES:
            faults.append(f"{path}: {lines} lines, at most {FILE_LINES}")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length, limit = (
                    (node.end_lineno or 0) - node.lineno + 1,
                    KERNEL_LINES if compiled(node) else FUNCTION_LINES,
                )
                if length > limit:
                    faults.append(f"{path}:{node.lineno} {node.name}: {length} lines, at most {limit}")
    median = statistics.median(sizes)
    if median > MEDIAN_LINES:
        faults.append(f"median of {median} lines a file, at most {MEDIAN_LINES}")
    print("\n".join(faults) or f"size budget: {len(sizes)} files, median {median:.0f} lines, longest {max(sizes)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
