"""Presets of contacts of CRM systems: each row says who a person is, and its columns are traits of the person.

A row has no id of an event. An exported contact is therefore a new touch if a value in it has changed, and none
otherwise.
"""

from collections.abc import Mapping

from sources.tables.preset import Preset, TypeRule


def contact_preset(name: str, columns: tuple[tuple[str, str], ...], traits: Mapping[str, str]) -> Preset:
    """Return the preset of a list of contacts.

    The last columns for `occurred_at` are the time of creation, for contacts that were not changed since. `traits`: the
    name of a trait by column. All other columns are properties.
    """
    return Preset(
        name=name,
        channel="visits",
        columns=(*columns, *((column, f"properties.traits.{trait}") for column, trait in traits.items())),
        fallbacks={"occurred_at": "|".join(column for column, field in columns if field == "occurred_at")},
        constants={"source": name.partition("-")[0], "type": "identify"},
        type_column="",
        types=(TypeRule("identify", {}),),
    )
