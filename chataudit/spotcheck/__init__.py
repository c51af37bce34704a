"""Spot-checks: which conversations people read, what that proves, and whether the machine is right."""

from __future__ import annotations

from chataudit.spotcheck.drawn import Draw, carry_out
from chataudit.spotcheck.library import PlanFile, read_plan
from chataudit.spotcheck.population import Population, read_population

__all__ = ["Draw", "PlanFile", "Population", "carry_out", "read_plan", "read_population"]
