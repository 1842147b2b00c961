"""The fixed list of commands: a first word from it dispatches, anything else is Hydra for the main job."""

from __future__ import annotations

OK, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130  # exit codes
COMMANDS: dict[
    str, str
] = {  # name: what it does; each is a module of regionsim.cli with run(words) -> exit code
    "compare": "effects of many plans, or of every measure alone at equal budget, side by side",
    "analyse": "ask stored results again: other outcomes, robustness, sensitivity, conditions of failure",
    "status": "how far a run is: units done, running, failed with the reason",
    "report": "build the report again from stored results",
    "forecast": "forecast a region's series from outside, or series of your own; scores, fan charts, page",
    "validate": "compare the baseline with history",
    "data": "check a region's tables",
    "list": "what there is: interventions, mechanisms, plans, governance, worlds, outcomes, levers, parameters, ...",
    "explain": "one of these in full: mechanism, parameters, sources, assumptions",
    "help": "this page",
}
MODULES = {
    "compare": "regionsim.cli.compare_command",
    "analyse": "regionsim.cli.analyse_command",
    "status": "regionsim.cli.status_command",
    "report": "regionsim.cli.report_command",
    "forecast": "regionsim.cli.forecast_command",
    "validate": "regionsim.cli.validate_command",
    "data": "regionsim.cli.data_command",
    "list": "regionsim.cli.list_command",
    "explain": "regionsim.cli.explain_command",
}
