"""Which texts of an answer every role may see in clear.

A text of an answer is an identifier, or may contain one, unless its type says `Clear`: the API shows all others masked
to viewers that must not see identifiers. So a new field is hidden until somebody decides otherwise.
"""

from typing import Annotated, Final

CLEAR: Final = "clear to every role"
Clear = Annotated[str, CLEAR]
"""A text that comes from Touchline or from a small set of values: a channel, a country, a rule, a campaign."""
