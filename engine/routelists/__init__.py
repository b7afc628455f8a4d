"""Routes and targets that come from a list: a CSV file now, sheets later."""
