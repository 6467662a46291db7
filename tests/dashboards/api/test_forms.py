"""Forms as an endpoint reads them; logging out shows what a form of another login is answered."""

import pytest
from starlette.requests import Request

from dashboards.api.forms import MOST_FIELDS, read_form
from dashboards.api.problem import ProblemError


def posted(body: bytes) -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


async def test_the_first_value_of_each_field_counts() -> None:
    assert await read_form(posted(b"a=1+2&a=3&b=&c=%C3%A4&d")) == {"a": "1 2", "b": "", "c": "ä", "d": ""}
    assert await read_form(posted(b"\xff=\xff")) == {"�": "�"}


async def test_too_many_fields_are_a_problem() -> None:
    with pytest.raises(ProblemError, match="at most"):
        await read_form(posted(b"&".join([b"a=1"] * (MOST_FIELDS + 1))))
