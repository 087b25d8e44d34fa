"""权限矩阵 Who reads and asks what: an officer, a story, an address and a moment, each held against the rules."""
