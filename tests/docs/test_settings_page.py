import pytest
from pydantic.fields import FieldInfo

from tests.docs.pages import entries
from touchline.settings import PREFIX, Settings

PAGE = "docs/settings.md"
ENTRIES = entries(PAGE, PREFIX)


def test_the_page_has_every_setting_and_no_other() -> None:
    assert set(ENTRIES) == {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize(("name", "field"), Settings.model_fields.items())
def test_its_default_is_the_default(name: str, field: FieldInfo) -> None:
    default, meaning = ENTRIES[f"{PREFIX}{name.upper()}"]
    value = ",".join(field.default) if isinstance(field.default, tuple) else str(field.default or "")
    if field.default == 0 and field.default is not None:
        value = "0"
    assert default == f"default {f'`{value}`' if value else 'empty'}"
    assert meaning.endswith(".")
