"""Messages of the topic `profiles`, made from a summary."""

from streams.engage.profile_message import encode_profile
from streams.engage.row_values import profile_values
from streams.engage.rows import encode_identifier
from streams.profile.summary import Summary


def profile_message(key: str, whole: Summary, version: int) -> bytes:
    """Return the message of a profile with this total."""
    return encode_profile(encode_identifier(key), profile_values(whole), version)
