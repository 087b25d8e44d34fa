"""How hard Hypothesis tries: `dev` while writing, `ci` where `CI` is set; or --hypothesis-profile."""

import os

from hypothesis import HealthCheck, settings

SLOW_MACHINES = [HealthCheck.too_slow]

settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=SLOW_MACHINES)
settings.register_profile("ci", max_examples=300, deadline=None, suppress_health_check=SLOW_MACHINES)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
