"""Statements → suggestions of which idea each may voice, for a person to decide.

    features.py     a statement as a sparse vector of hashed words, stems, pairs and Han characters
    model.py        one logistic regression an idea, fitted on a person's marks
    suggestions.py  the queue: the likeliest statements, and every fifth from below the line

Nothing here is published: what a page shows under an idea was marked by a person.
"""
