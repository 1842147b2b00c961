"""What `regionsim --help` teaches; read from the configuration folder so that it names what there is."""

from __future__ import annotations

from regionsim.cli.commands import COMMANDS
from regionsim.cli.configs import GROUPS, configs_folder, options

PAGE = """\
regionsim: what do shocks and policy measures do to a region's firms, workers and young people,
compared with doing nothing, and how sure are we?

  regionsim                      run the main job: no plan against the plan, drawn many times;
                                 prints the effects and says where dataset and report lie
  regionsim KEY=VALUE ...        the same with other choices
  regionsim -m KEY=A,B ...       every combination of several choices, as one dataset of worlds and plans
  regionsim COMMAND ...          one of the commands below; each has --help

Commands
{commands}

Choices: GROUP=NAME takes another file of a group
{groups}

Any single value: the key as in the files
  plan.start=2028Q1              plan.dose=0.5                  world.brexit=hard
  ensemble.draws=48              ensemble.scale=0.05            engine.workers=4
  plan.measures.dual_learning.dose=500
  parameters.labour.<name>.value=0.03
  output=/data/results           name=my_run                    (where results go: output/name)

Examples
  regionsim ensemble=smoke                              does it work? half a minute
  regionsim scenario=hard_brexit report=nl              another world, report in Dutch
  regionsim -m world.brexit=none,tca,hard plan=none,masterplan
  regionsim compare measures                            every measure alone, each on the same budget
  regionsim plan=westhoek governance@plan.governance=poor    another plan, other rules
  regionsim explain intervention/dual_learning          what a measure does, and on what evidence
  regionsim forecast data=my.csv                        series of your own: fan charts, and how good they were
  regionsim list parameters                             every number, with source and status

More
  --config-dir DIR     a folder with configuration files of your own (DIR/plan/mine.yaml -> plan=mine)
  --cfg job            print the configuration instead of running it (add --resolve)
  eval "$(regionsim -sc install=bash)"                  completion of commands, groups and keys
                                                        (also install=zsh, install=fish)
  The same command again takes up where the last one stopped; regionsim status FOLDER says
  how far it is. Configuration files: {folder}"""


def text() -> str:
    """The help page."""
    commands = "\n".join(f"  {name:<12}{what}" for name, what in COMMANDS.items())
    chosen = [group for group in GROUPS if group not in ("parameters", "intervention")]
    groups = "\n".join(f"  {group + '=':<12}{', '.join(options(group))}" for group in chosen)
    return PAGE.format(commands=commands, groups=groups, folder=configs_folder())
