"""Photos and scans: where they stand, sealed; who looks into them; the pictures that are drawn of them."""
