"""The OpenAPI 3.1 description of the native endpoints, from the models of the channels."""

from functools import cache
from typing import Any, Final

import msgspec
from pydantic.json_schema import models_json_schema

from schemas.channels import CHANNELS
from schemas.rejected import Reason
from sources.collector.refusal import RefusalReason
from sources.collector.request import Answer, Request
from sources.collector.services import Services
from sources.collector.touch_batch import MOST_TOUCHES
from sources.collector.touch_check import KeyReason

_REF: Final = "#/components/schemas/{model}"
_SECURITY: Final[list[dict[str, list[str]]]] = [{"bearer": []}, {"basic": []}, {"header": []}, {"query": []}]
_ERRORS: Final = {
    "400": "The request cannot be read.",
    "401": "There is no write key, or it is not valid.",
    "403": "Pages of this origin may not use the write key.",
    "408": "The request came too slowly.",
    "413": "The body is too large.",
    "415": "The content encoding is unknown, or the body is damaged.",
    "431": "The head of the request is too large.",
    "500": "The collector failed.",
}
_LATER: Final = {
    "429": "More touches than the rate of the write key.",
    "503": "Touches cannot be stored at the moment, or there are too many connections.",
}
_RETRY_AFTER: Final = {
    "description": "Seconds until a repetition may succeed.",
    "schema": {"type": "integer", "minimum": 1},
}


@cache
def describe_api() -> dict[str, Any]:
    """Return the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Touchline collector",
            "version": "1",
            "description": "Takes touches by HTTP. A success is answered only after the touches are durable.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/v1/touches": {"post": _post("sendTouches", "Send touches", "Returns a result for each touch.")},
            "/v1/beacon": {
                "post": _post(
                    "sendBeacon", "Send touches when a page is left", "As /v1/touches, for `navigator.sendBeacon`."
                )
            },
            "/v1/pixel.gif": {"get": _pixel()},
            "/live": {"get": _health("live", "Whether the collector answers", ready=False)},
            "/ready": {"get": _health("ready", "Whether the collector takes touches", ready=True)},
            "/openapi.json": {
                "get": {
                    "operationId": "openapi",
                    "summary": "This document",
                    "responses": {"200": _answer("The document.", "application/json", {"type": "object"})},
                }
            },
        },
        "components": {"schemas": _schemas(), "securitySchemes": _security_schemes()},
    }


async def answer_openapi(request: Request, services: Services) -> Answer:
    """Return the document as JSON."""
    return Answer(200, _as_json(), headers=((b"cache-control", b"max-age=3600"),))


@cache
def _as_json() -> bytes:
    return msgspec.json.encode(describe_api())


def _schemas() -> dict[str, Any]:
    _, models = models_json_schema([(model, "validation") for model in CHANNELS.values()], ref_template=_REF)
    touches = [
        {
            "description": f"A touch of the channel `{channel}`.",
            "allOf": [{"$ref": _REF.format(model=model.__name__)}],
            "type": "object",
            "properties": {"channel": {"anyOf": [{"const": channel}, {"type": "null"}]}},
        }
        for channel, model in CHANNELS.items()
    ]
    reasons = sorted({*(reason.value for reason in Reason), *(reason.value for reason in KeyReason)})
    return {
        **models["$defs"],
        "Touch": {"anyOf": touches},
        "Touches": {"type": "array", "items": {"$ref": _REF.format(model="Touch")}, "maxItems": MOST_TOUCHES},
        "Envelope": {
            "type": "object",
            "required": ["touches"],
            "properties": {
                "channel": {"anyOf": [{"type": "string", "enum": list(CHANNELS)}, {"type": "null"}]},
                "touches": {"$ref": _REF.format(model="Touches")},
            },
        },
        "Results": {
            "type": "object",
            "required": ["accepted", "results"],
            "additionalProperties": False,
            "properties": {
                "accepted": {"type": "integer", "minimum": 0},
                "results": {"type": "array", "items": {"$ref": _REF.format(model="Result")}},
            },
        },
        "Result": {"oneOf": [_accepted(), _rejected(reasons)]},
        "Error": {
            "type": "object",
            "required": ["error", "detail"],
            "additionalProperties": False,
            "properties": {
                "error": {"enum": [reason.value for reason in RefusalReason]},
                "detail": {"type": "string"},
            },
        },
    }


def _accepted() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["status"],
        "additionalProperties": False,
        "properties": {"status": {"const": "accepted"}},
    }


def _rejected(reasons: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["status", "reason", "detail", "index"],
        "additionalProperties": False,
        "properties": {
            "status": {"const": "rejected"},
            "reason": {"enum": reasons},
            "detail": {"type": "string"},
            "index": {"type": "integer", "minimum": 0},
        },
    }


def _security_schemes() -> dict[str, Any]:
    return {
        "bearer": {"type": "http", "scheme": "bearer", "description": "A write key."},
        "basic": {"type": "http", "scheme": "basic", "description": "The write key is the user."},
        "header": {"type": "apiKey", "in": "header", "name": "X-Write-Key"},
        "query": {"type": "apiKey", "in": "query", "name": "key"},
    }


def _post(name: str, summary: str, description: str) -> dict[str, Any]:
    one_or_more = {"anyOf": [{"$ref": _REF.format(model=model)} for model in ("Touch", "Touches", "Envelope")]}
    return {
        "operationId": name,
        "summary": summary,
        "description": f"{description} Compressed bodies (gzip, zstd, deflate) are unpacked.",
        "security": _SECURITY,
        "parameters": [
            {
                "name": "channel",
                "in": "query",
                "description": "The channel of touches that have no field `channel`.",
                "schema": {"type": "string", "enum": list(CHANNELS)},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": one_or_more},
                "application/x-ndjson": {"schema": {"type": "string", "description": "A touch on each line."}},
            },
        },
        "responses": {
            "200": _answer(
                "What was accepted is durable: at least one touch, or none of an empty array.", *_json("Results")
            ),
            "422": _answer("No touch was accepted.", *_json("Results")),
            **{status: _answer(meaning, *_json("Error")) for status, meaning in _ERRORS.items()},
            **{
                status: {**_answer(meaning, *_json("Error")), "headers": {"Retry-After": _RETRY_AFTER}}
                for status, meaning in _LATER.items()
            },
        },
    }


def _pixel() -> dict[str, Any]:
    text = {"type": "string"}
    names = ("url", "referrer", "title", "type", "name", "anonymous_id", "customer_id", "email", "event_id")
    refused = {"description": "Why no touch was stored.", "schema": text}
    answer = _answer("A GIF of one pixel, whether the touch was accepted or not.", "image/gif", {})
    later = {"X-Touchline-Refused": refused, "Retry-After": _RETRY_AFTER}
    return {
        "operationId": "sendPixel",
        "summary": "Send a visit by a picture",
        "description": "Parameters with the name of a field of `visits` are that field, all others are properties.",
        "security": [*_SECURITY, {}],
        "parameters": [{"name": name, "in": "query", "schema": text} for name in names],
        "responses": {
            "200": {**answer, "headers": {"X-Touchline-Refused": refused}},
            **{status: {**answer, "description": meaning, "headers": later} for status, meaning in _LATER.items()},
            "408": _answer(_ERRORS["408"], *_json("Error")),
            "431": _answer(_ERRORS["431"], *_json("Error")),
            "500": _answer(_ERRORS["500"], *_json("Error")),
        },
    }


def _health(name: str, summary: str, ready: bool) -> dict[str, Any]:
    text = {"type": "string"}
    responses = {"200": _answer("Yes.", "text/plain", text)}
    if ready:
        responses["503"] = _answer("No; the text says why.", "text/plain", text)
    return {"operationId": name, "summary": summary, "responses": responses}


def _json(model: str) -> tuple[str, dict[str, Any]]:
    return "application/json", {"$ref": _REF.format(model=model)}


def _answer(description: str, content_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {content_type: {"schema": schema}}}
