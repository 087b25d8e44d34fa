"""卷宗材料: how papers look, set by typst; of cases nothing is known here."""
