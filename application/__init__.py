"""Use cases: what people may ask of the domain, and the ports to the outside."""
