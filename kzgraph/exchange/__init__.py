"""Tables in: a mapping turns rows into things, relators, claims and passages."""
