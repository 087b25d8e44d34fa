"""卷宗材料: the papers of a case as content, made from what was recorded; how they look is another's concern."""
