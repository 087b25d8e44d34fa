"""A pytest plugin for rules that are expected to fail: the first failure says enough, it is not made smaller."""

from __future__ import annotations

from hypothesis import Phase, settings

settings.register_profile("hasty", phases=[Phase.generate], database=None, deadline=None)
settings.load_profile("hasty")
