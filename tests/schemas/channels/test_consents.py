"""The types of consents, and that they are worth nothing."""

import pytest
from pydantic import ValidationError

from schemas.channels.consents import Consent
from streams.rules.evaluator import Match
from tests.schemas.touches import changed
from tests.streams.intake.reading import default_rules, take


@pytest.mark.parametrize("type_", ["page", "yes", None])
def test_other_types(type_: object) -> None:
    with pytest.raises(ValidationError, match="literal_error"):
        Consent.model_validate(changed("consents", type=type_))


@pytest.mark.parametrize("type_", ["given", "withdrawn"])
def test_default_rules_score_no_consent(type_: str) -> None:
    assert default_rules().match({"channel": "consents", "type": type_, "purpose": "x"}) == Match("", 0.0, 0, "")
    assert take("consents", changed("consents", type=type_)).weight == 0.0
