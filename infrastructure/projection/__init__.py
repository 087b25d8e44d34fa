"""How events fill the read models: projector, rebuilding, parking."""
