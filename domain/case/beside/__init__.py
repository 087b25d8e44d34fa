"""What happens beside the mediation: other organs, other levels, other holders."""
