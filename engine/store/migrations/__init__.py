"""How the schema came to be: one revision per file in `versions`, applied by `engine.store.migrate`."""
