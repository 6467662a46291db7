"""Forms that browsers post, urlencoded, and the token that binds a form to a login."""

from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request

from dashboards.api.ask import Asker
from dashboards.api.problem import ProblemError, invalid_request

MOST_FIELDS: Final = 50
CSRF: Final = "csrf"


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a posted form, the first value of each. Raises ProblemError for too many."""
    text = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise invalid_request(f"A form has at most {MOST_FIELDS} fields.") from None
    return {name: values[0] for name, values in fields.items()}


async def read_own_form(request: Request, ask: Asker) -> dict[str, str]:
    """Return the fields of a form that a page of this login has sent. Raises ProblemError for any other.

    A request with a token in its header is no browser's, and needs no token in the form.
    """
    fields = await read_form(request)
    session = ask.viewer.session
    if session and not ask.services.sessions.check_csrf(session, fields.get(CSRF, "")):
        raise ProblemError(
            403, "form-expired", "This form is not of this login", "Load the page again, and send the form from there."
        )
    return fields
