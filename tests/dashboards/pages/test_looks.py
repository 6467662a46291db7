"""How channels look."""

import re

from dashboards.pages.looks import look, looks, looks_text
from dashboards.pages.static_files import static_files
from schemas.channels import CHANNELS


def test_each_channel_has_an_icon_of_its_own_that_exists() -> None:
    icons = [one.icon for one in looks().values()]
    drawn = set(re.findall(r'<symbol id="([^"]+)"', static_files()["icons.svg"].plain.decode()))
    assert set(icons) <= drawn
    assert len(set(icons)) == len(icons)
    assert list(looks()) == list(CHANNELS)


def test_each_hue_has_colours() -> None:
    css = static_files()["touchline.css"].plain.decode()
    assert all(f".hue-{one.hue} " in css for one in looks().values())


def test_a_channel_of_another_version_is_shown_plainly() -> None:
    assert look("faxes").label == "Faxes"
    assert look("faxes").icon == "dot"


def test_scripts_get_channels_with_icons() -> None:
    assert looks_text().split()[0] == "visits:page"
