"""Presets for the exports of well-known telephone systems and mail services, by the name of `--preset`."""

from typing import Final

from sources.presets.calls import ASTERISK, FREESWITCH, TWILIO
from sources.presets.emails import MAILGUN, MANDRILL, POSTMARK, SENDGRID
from sources.tables.preset import Preset

PRESETS: Final[dict[str, Preset]] = {
    one.name: one for one in (ASTERISK, FREESWITCH, TWILIO, SENDGRID, MAILGUN, POSTMARK, MANDRILL)
}
