"""Words to choose from that stand in a module which takes long to load: it is loaded when somebody chooses or asks for help."""

from __future__ import annotations

from importlib import import_module

import click


class Later(click.Choice[str]):
    """A choice between the words of ``module`` that are called ``name``."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name
        self.case_sensitive = True

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override] # an attribute in click
        """Return the words."""
        return tuple(getattr(import_module(self._module), self._name))
