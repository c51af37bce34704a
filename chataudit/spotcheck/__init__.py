"""Spot-checks: which conversations people read, what that proves, and whether the machine is right."""

from __future__ import annotations

from chataudit.spotcheck.drawn import Draw, carry_out
from chataudit.spotcheck.library import PlanFile, read_plan
from chataudit.spotcheck.plans import Plan
from chataudit.spotcheck.population import Population, read_population
from chataudit.spotcheck.reviews import Reviews, gather

__all__ = ["Draw", "Plan", "PlanFile", "Population", "Reviews", "carry_out", "gather", "read_plan", "read_population"]
