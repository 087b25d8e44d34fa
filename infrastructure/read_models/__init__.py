"""Read models: each in one file with its table, its filling and its reading. Disposable."""
