"""docs/measures.md: every measure with its numbers, in the words of `regionsim explain`.

    python -m regionsim.cli.measures_page > docs/measures.md
"""

from __future__ import annotations

from regionsim.cli.catalogue import shown_range, shown_value
from regionsim.cli.compose import measure_of_file
from regionsim.cli.configs import compose_settings, options
from regionsim.model.story import story

HEAD = """\
# Measures

Every measure of `configs/intervention/`, in the words of the command explain; made by
`python -m regionsim.cli.measures_page`, and compared with the files by a test. What part of which document a measure
stands for: [coverage](coverage.md). How the mechanisms work: [model](model.md#institutions-and-measures).
"""


def page() -> str:
    """The page as text."""
    overhead = float(compose_settings(["plan=none"]).parameters.central().institutions.overhead)
    parts = [HEAD]
    for name, file in options("intervention").items():
        measure = measure_of_file(name, file)
        told = story(measure, overhead)
        lines = [f"## {measure.title_en}", "", f"`{name}`; {told.pop('What')}", ""]
        lines += [f"* {heading}: {words}" for heading, words in told.items()]
        rows = [
            f"| `{p.name}` {shown_value(p.value)} ({p.status}{', drawn' if p.distribution else ''}) | {p.unit} "
            f"| {shown_range(p)} | {p.source} |"
            for p in measure.parameters
        ]
        lines += ["", "| parameter | unit | range over draws | source |", "|---|---|---|---|", *rows] if rows else []
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    print(page(), end="")
