"""Mesa's agent, without its hold on every model that ever was."""

from __future__ import annotations

from itertools import count
from weakref import WeakKeyDictionary

import mesa


class _Numbers(WeakKeyDictionary[mesa.Model, "count[int]"]):
    """Numbers for the agents of each model, from 1 on."""

    def __getitem__(self, model: mesa.Model) -> count[int]:
        return self.setdefault(model, count(1))


class Agent(mesa.Agent):
    """A Mesa agent whose model is freed when nobody uses it.

    Mesa numbers agents through a dict of its own that keeps all models, with their states, while the process lives;
    a worker computes hundreds of them.
    """

    _ids = _Numbers()
