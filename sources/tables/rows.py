"""Conversion of a row of a table, its cells by column, to a touch."""

from typing import Final

import msgspec

from sources.line_ids import LineIds
from sources.outcome import Emit, Outcome, RawTouch, Reject, Skip, excerpt
from sources.tables.cells import Cells, comparable_text, get_first, get_path
from sources.tables.fields import MONEY_FIELDS, NESTED, NUMBERS, TIMES, WHOLE_NUMBERS, required_fields_of
from sources.tables.numbers import InvalidNumberError, read_number
from sources.tables.options import TableOptions
from sources.tables.plan import Plan
from sources.tables.times import InvalidTimeError

DECIDING: Final = ("type", "direction")
"""Fields for which an empty replacement skips the row."""

_TRAITS: Final = "traits."
"""`properties.traits.NAME` is the member NAME of the object `traits`, which has what is known of a person."""

_canonical = msgspec.json.Encoder(order="deterministic")


class _MalformedError(Exception):
    """(reason, detail) of a rejected row; never leaves this module."""


class _SkipRowError(Exception):
    """A row that is skipped as left_out; never leaves this module."""


class RowReader:
    """A converter of the rows of a table, in their order."""

    def __init__(self, options: TableOptions) -> None:
        self._options = options
        self._preset = options.preset
        self._times = options.time_reader()
        self._constants = options.constant_values()
        self._given = {*options.columns.values(), *options.constants}
        self._ids = LineIds("table")
        self._units = options.preset.units if options.preset and not options.time_unit else {}
        self._factors = options.preset.factors if options.preset else {}
        self._replacements: dict[str, dict[str, str]] = {}
        if options.preset:
            self._replacements |= {name: dict(replacements) for name, replacements in options.preset.values.items()}
        for (name, text), replacement in options.values.items():
            self._replacements.setdefault(name, {})[text.casefold()] = replacement

    def read(self, cells: Cells, plan: Plan, line_no: int) -> Outcome:
        """Convert a row. Reasons of rejection: bad_number, bad_time, missing_field, two_values; of a skip: left_out."""
        try:
            touch = self._touch(cells, plan)
        except _MalformedError as malformed:
            reason, detail = malformed.args
            return Reject(reason, line_no, detail)
        except _SkipRowError:
            return Skip("left_out")
        event_id = touch.get("event_id")
        if (event_id is None or event_id == "") and self._preset and self._preset.identity:
            touch["event_id"] = ":".join(str(touch.get(name, "")) for name in self._preset.identity)
        elif event_id is None or event_id == "":
            touch["event_id"] = self._ids.next(_canonical.encode([self._options.channel, touch]))
        elif isinstance(event_id, int | float) and not isinstance(event_id, bool):
            touch["event_id"] = str(event_id)
        return Emit(self._options.channel, touch, line_no=line_no)

    def _touch(self, cells: Cells, plan: Plan) -> RawTouch:
        touch: RawTouch = {}
        for name, constant in self._constants.items():
            self._put(touch, name, constant, "")
        placed: dict[str, object] = {}  # a column overrides a constant, but not another column
        for column, name in plan.paths.items():
            if name not in placed and (value := get_path(cells, column)) is not None:
                self._place(touch, placed, name, value, column)
        for column, value in cells.items():
            if column in ("ids", "properties") and isinstance(value, dict):
                for inner, one in value.items():
                    name = f"{column}.{inner}"
                    self._place(touch, placed, f"properties.{name}" if name in plan.mapped_fields else name, one, name)
            elif name := plan.fields.get(column, ""):
                self._place(touch, placed, name, value, column)
        if self._preset:
            self._complete(touch, cells)
        for name in required_fields_of(self._options.channel, touch.get("type")):
            if touch.get(name) in (None, ""):
                raise _MalformedError("missing_field", f"no {name}: map a column to it, or set one value for all rows")
        return touch

    def _place(self, touch: RawTouch, placed: dict[str, object], name: str, value: object, column: str) -> None:
        if name in placed and value != placed[name]:
            raise _MalformedError("two_values", f"{excerpt(name)} has two values, one of them in {excerpt(column)}")
        placed[name] = value
        if value is not None or name not in touch:  # null means that the field is missing
            self._put(touch, name, value, column)

    def _put(self, touch: RawTouch, name: str, value: object, column: str) -> None:
        if column and self._replacements:
            replacement = self._replacement(name, value, column)
            if replacement == "":
                return
            value = value if replacement is None else replacement
        if name.startswith(NESTED):
            group, _, inner = name.partition(".")
            nested = touch.setdefault(group, {})
            assert isinstance(nested, dict)  # it is set by this function only
            trait = inner.removeprefix(_TRAITS)
            if group == "properties" and inner != trait and isinstance(traits := nested.setdefault("traits", {}), dict):
                nested["traits"] = {**traits, trait: value}
            else:
                nested[inner] = value
        elif name in TIMES and isinstance(value, str | int | float) and not isinstance(value, bool):
            touch[name] = self._time(name, value, column)
        elif name in NUMBERS and isinstance(value, str):
            touch[name] = self._scaled(self._number(name, value), column)
        elif name in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
            touch[name] = self._scaled(value, column)
        elif name in MONEY_FIELDS and isinstance(value, str | int | float) and not isinstance(value, bool):
            touch[name] = self._money(name, value)
        elif name in WHOLE_NUMBERS and isinstance(value, str) and value.isascii() and value.isdigit():
            touch[name] = int(value)
        else:
            touch[name] = value

    def _replacement(self, name: str, value: object, column: str) -> str | None:
        """Return the text that replaces a value; None means that the value is kept."""
        text = comparable_text(value).casefold()
        for key in (column, name):
            replacement = self._replacements.get(key, {}).get(text)
            if replacement is not None:
                if replacement == "" and name in DECIDING:
                    raise _SkipRowError
                return replacement
        return None

    def _time(self, name: str, value: str | int | float, column: str) -> int | str:
        try:
            return self._times.read(value, self._units.get(column, ""))
        except InvalidTimeError as error:
            raise _MalformedError("bad_time", f"{name} is {error}") from None

    def _number(self, name: str, text: str) -> int | float:
        try:
            return read_number(text)
        except InvalidNumberError as error:
            raise _MalformedError("bad_number", f"{name} is {error}") from None

    def _scaled(self, number: int | float, column: str) -> int | float:
        return round(number * factor, 3) if (factor := self._factors.get(column)) else number

    def _money(self, name: str, value: str | int | float) -> str:
        """Return an amount as the contract has it; of a JSON number the digits that were written."""
        text = value if isinstance(value, str) else repr(value)
        if text:
            self._number(name, text)
        return text

    def _complete(self, touch: RawTouch, cells: Cells) -> None:
        """Set what the preset derives from several columns: the type, fallbacks, and the customer's contact."""
        preset = self._preset
        assert preset is not None
        if "type" not in self._given:
            touch["type"] = self._type(cells)
        for name, columns in preset.fallbacks.items():
            for column in columns.split("|"):
                value = get_path(cells, column)
                if value not in (None, "") and name not in touch and name not in self._given:
                    self._put(touch, name, value, column)
        direction = touch.get("direction")
        contact_columns = preset.customer.get(direction, "") if isinstance(direction, str) else ""
        name = preset.customer_field
        if contact_columns and name not in touch and name not in self._given:
            value = get_first(cells, contact_columns)
            if value is not None and value != "":
                touch[name] = value

    def _type(self, cells: Cells) -> str:
        preset = self._preset
        assert preset is not None
        text = comparable_text(get_first(cells, preset.type_column))
        # Replacements of a column that is another field, such as the direction, are words of that field.
        fields = dict(preset.columns)
        for name in (*(one for one in preset.type_column.split("|") if one not in fields), "type"):
            replacement = self._replacements.get(name, {}).get(text.casefold())
            if replacement is not None:
                break
        else:
            matching = (
                rule.type for rule in preset.types if rule.matches(lambda one: comparable_text(get_first(cells, one)))
            )
            replacement = next(matching, text)
        if text and not replacement:
            raise _SkipRowError
        return replacement
