"""难易程度 Rating: a higher difficulty that was proposed, until a second person has confirmed it."""

from __future__ import annotations

from domain.case.kinds import Difficulty
from domain.shared.states import State
from domain.shared.values import OfficerId


class DifficultyProposal(State):
    difficulty: Difficulty
    by: OfficerId
