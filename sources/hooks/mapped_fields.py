"""From a body to touches by the rules of a mapping (`toml_mapping`)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from jmespath.exceptions import JMESPathError
from pydantic import ValidationError

from schemas.channels import CHANNELS
from sources.collected import Collected
from sources.hooks.hook_request import HookRequest
from sources.hooks.json_body import read_objects
from sources.hooks.outcomes import touches_of
from sources.hooks.provider import Unmappable
from sources.hooks.toml_mapping import TouchRule
from sources.messages import encode_touch
from sources.payloads.composed_ids import composed_id
from sources.payloads.event_fields import event_id_of, without_empty
from sources.payloads.money import amount_text, currency_code
from sources.tables.times import InvalidTimeError

_MONEY: Final = frozenset({"total", "discount", "tax", "shipping"})
_NUMBERS: Final = frozenset({"duration_s", "wait_s", "score", "scale", "engaged_ms"})
_TIMES: Final = frozenset({"occurred_at", "sent_at"})


def map_body(rules: Sequence[TouchRule], request: HookRequest, request_id: str = "") -> list[Collected] | Unmappable:
    """Return the touches of a body in JSON, or of a form. `request_id`: for touches without an `event_id`.

    A body to which no rule applies is unmappable, since it would be lost silently.
    """
    body = read_objects(request.body)
    if isinstance(body, Unmappable):
        form = dict(request.form_fields())
        if not any(form.values()):
            return body
        body = [dict(form)]
    found = False
    outcomes: list[Collected | Unmappable | None] = []
    for rule in rules:
        for position, item in enumerate(_objects_of(rule, body)):
            if isinstance(item, Unmappable):
                return item
            found = True
            outcomes.append(_map_object(rule, item, composed_id(request_id, position) if request_id else ""))
    return touches_of(outcomes) if found else Unmappable("no [[touch]] of the mapping applies to the body")


def _objects_of(rule: TouchRule, body: list[dict[str, object]]) -> Iterator[dict[str, object] | Unmappable]:
    """Yield the objects that the rule applies to."""
    for member in body:
        try:
            chosen = member if rule.each is None else rule.each.search(member)
            for item in chosen if isinstance(chosen, list) else [chosen]:
                if isinstance(item, dict) and (rule.when is None or rule.when.search(item)):
                    yield item
        except (JMESPathError, ValueError, TypeError, RecursionError) as error:
            yield Unmappable(f"each or when cannot be evaluated: {str(error)[:200]}")


def _map_object(rule: TouchRule, item: Mapping[str, object], touch_id: str) -> Collected | Unmappable | None:
    touch: dict[str, object] = {}
    for name, expression in rule.fields.items():
        try:
            value = _convert(name, expression.search(item), rule)
        except (JMESPathError, ValueError, TypeError, RecursionError) as error:  # a bad time is a ValueError
            return Unmappable(f"{name}: {str(error)[:300]}")
        outer, dot, inner = name.partition(".")
        if dot and value not in (None, ""):
            group = touch.setdefault(outer, {})
            assert isinstance(group, dict)  # the mapping was checked: fields with a dot are of two objects
            group[inner] = value
        elif not dot:
            touch[name] = value
    touch["event_id"] = touch.get("event_id") or touch_id or event_id_of(None, item)
    if touch["type"] == "":
        return None
    touch = without_empty(touch)
    why = _refusal(rule.channel, touch)
    return Unmappable(why) if why else Collected(rule.channel, touch)


def _convert(name: str, value: object, rule: TouchRule) -> object:
    """Return a value in the form that the contract wants."""
    if name in _TIMES:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        return rule.times.read(value)
    if name == "type":
        text = str(value) if isinstance(value, str | int | float) else ""
        if rule.types and text not in rule.types and text not in rule.types.values():
            raise InvalidTimeError(f"{text[:80]!r} is none of the types of the mapping")
        return rule.types.get(text, text or None)  # '' leaves the object out, and None is missing
    if name in _MONEY:
        return amount_text(value)
    if name in _NUMBERS and isinstance(value, str):
        return float(value) if value.strip() else None
    if name == "currency":
        return currency_code(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    is_text = not name.startswith("properties.") and name not in _NUMBERS
    return str(value) if is_text and isinstance(value, int | float) and not isinstance(value, bool) else value


def _refusal(channel: str, touch: Mapping[str, object]) -> str:
    """Return the first reason for which the channel refuses a touch, or ''."""
    try:
        CHANNELS[channel].model_validate_json(encode_touch(touch))
    except ValidationError as failure:
        error = failure.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
    except ValueError as error:
        return str(error)
    return ""
