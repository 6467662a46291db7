"""A transparent GIF of one pixel (GIF89a), for endpoints that pages embed as a picture."""

from typing import Final

GIF: Final = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
