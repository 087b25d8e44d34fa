"""The demo county: invented names, a real county's shape and a year of its disputes."""

from api.demo.county import LOGINS, PASSWORD, Clock, Demo

__all__ = ["LOGINS", "PASSWORD", "Clock", "Demo"]
