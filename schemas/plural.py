"""Numbers with their noun, for messages."""


def counted(number: int, noun: str) -> str:
    """Return a number with thousands separators and its noun: `1 touch`, `2,000 touches`, `3 identities`."""
    if number == 1:
        return f"1 {noun}"
    if noun.endswith(("ch", "s", "x")):
        return f"{number:,} {noun}es"
    if noun.endswith("y"):
        return f"{number:,} {noun.removesuffix('y')}ies"
    return f"{number:,} {noun}s"
