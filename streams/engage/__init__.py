"""Stage 2: touches are deduplicated and folded into profiles; their rows leave as blocks on `timeline`.

Everything but `stage` is pure.
"""
