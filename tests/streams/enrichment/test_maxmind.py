"""Countries by IP address, out of databases written here byte by byte and read by the real reader."""

import os
from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from pathlib import Path

import pytest

from streams.enrichment.country import CountryByIp, EnrichFailed
from streams.enrichment.maxmind import GeoipDatabase, GeoipError

TYPES = {"map": 7, "text": 2, "uint16": 5, "uint32": 6, "uint64": 9, "array": 11}
Value = str | int | Mapping[str, "Value"] | Sequence["Value"]


def control(kind: str, size: int) -> bytes:
    """The control byte of MaxMind's data format (its specification, "Data Field Format"), for sizes below 285."""
    short, more = (size, b"") if size < 29 else (29, bytes([size - 29]))
    number = TYPES[kind]
    return bytes([number << 5 | short]) + more if number < 8 else bytes([short, number - 7]) + more


def number(kind: str, value: int) -> bytes:
    digits = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return control(kind, len(digits)) + digits


def encoded(value: Value) -> bytes:
    if isinstance(value, str):
        return control("text", len(value.encode())) + value.encode()
    if isinstance(value, int):
        return number("uint32", value)
    if isinstance(value, Mapping):
        return control("map", len(value)) + b"".join(encoded(name) + encoded(part) for name, part in value.items())
    return control("array", len(value)) + b"".join(map(encoded, value))


def database(networks: Mapping[str, bytes], kind: str = "GeoLite2-Country", ip_version: int = 4) -> bytes:
    """A whole database: a search tree with records of 24 bits, the networks' encoded values, the metadata."""
    nodes: list[list[int | str | None]] = [[None, None]]
    for network in networks:
        block = ip_network(network)
        bits = f"{int(block.network_address):0{block.max_prefixlen}b}"[: block.prefixlen]
        if ip_version == 6 and block.version == 4:
            bits = "0" * 96 + bits
        at = 0
        for bit in map(int, bits[:-1]):
            child = nodes[at][bit]
            if not isinstance(child, int):
                nodes.append([None, None])
                child = nodes[at][bit] = len(nodes) - 1
            at = child
        nodes[at][int(bits[-1])] = network
    offsets, data = {}, b""
    for network, value in networks.items():
        offsets[network] = len(nodes) + 16 + len(data)
        data += value
    tree = b""
    for record in (record for node in nodes for record in node):
        target = len(nodes) if record is None else offsets[record] if isinstance(record, str) else record
        tree += target.to_bytes(3, "big")
    about = {
        "node_count": number("uint32", len(nodes)),
        "record_size": number("uint16", 24),
        "ip_version": number("uint16", ip_version),
        "database_type": encoded(kind),
        "languages": encoded(["en"]),
        "binary_format_major_version": number("uint16", 2),
        "binary_format_minor_version": number("uint16", 0),
        "build_epoch": number("uint64", 1_790_000_000),
        "description": encoded({"en": "made for a test"}),
    }
    metadata = control("map", len(about)) + b"".join(encoded(name) + part for name, part in about.items())
    return tree + b"\0" * 16 + data + b"\xab\xcd\xefMaxMind.com" + metadata


NETWORKS: dict[str, Value] = {
    "81.2.69.0/24": {"country": {"iso_code": "GB", "names": {"en": "United Kingdom"}}},
    "89.160.20.0/24": {"registered_country": {"iso_code": "SE"}},
    "5.1.0.0/16": {"country": "de"},
    "5.2.0.0/16": {"country_code": "FR", "country": "France"},
    "5.3.0.0/16": {"continent": {"code": "EU"}},
    "5.4.0.0/16": "GB",
    "10.0.0.0/8": {"country": {"iso_code": "US"}},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "countries.mmdb"
    file.write_bytes(database({network: encoded(value) for network, value in NETWORKS.items()}))
    return file


ADDRESSES = [
    ("81.2.69.142", "GB"),
    ("::ffff:81.2.69.142", "GB"),
    ("89.160.20.1", "SE"),
    ("5.1.2.3", "DE"),
    ("5.2.2.3", "FR"),
    ("5.3.2.3", ""),
    ("5.4.2.3", ""),
    ("8.8.8.8", ""),
    ("10.1.2.3", ""),
    ("2a02::1", ""),
    ("nonsense", ""),
    ("", ""),
]


@pytest.mark.parametrize(("ip", "country"), ADDRESSES)
def test_country(path: Path, ip: str, country: str) -> None:
    places: CountryByIp = GeoipDatabase(path)
    assert places.country(ip) == country


def test_a_database_of_both_kinds_of_address(tmp_path: Path) -> None:
    file = tmp_path / "both.mmdb"
    file.write_bytes(
        database(
            {
                "2a02::/16": encoded({"country": {"iso_code": "SE"}}),
                "81.2.69.0/24": encoded({"country": {"iso_code": "GB"}}),
            },
            ip_version=6,
        )
    )
    places = GeoipDatabase(file)
    assert [places.country(ip) for ip in ("2a02::1", "81.2.69.142", "2a03::1")] == ["SE", "GB", ""]


def test_a_broken_record_is_a_value(tmp_path: Path) -> None:
    file = tmp_path / "broken.mmdb"
    endless = control("map", 200)  # of 200 entries none follows
    file.write_bytes(database({"81.2.69.0/24": encoded({"country": "GB"}), "5.1.0.0/16": endless}))
    places = GeoipDatabase(file)
    found = places.country("5.1.2.3")
    assert isinstance(found, EnrichFailed)
    assert found.step == "country"
    assert "5.1.2.3" in found.detail
    assert places.country("81.2.69.142") == "GB"


def test_after_closing_what_is_new_fails_as_a_value(path: Path) -> None:
    places = GeoipDatabase(path)
    assert places.country("81.2.69.142") == "GB"
    places.close()
    assert places.country("81.2.69.142") == "GB"
    assert isinstance(places.country("5.1.2.3"), EnrichFailed)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(GeoipError, match=r"does not exist: check the path"):
        GeoipDatabase(tmp_path / "none.mmdb")


@pytest.mark.parametrize("content", [b"", b"no database", os.urandom(5_000)], ids=["empty", "text", "noise"])
def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.mmdb"
    file.write_bytes(content)
    with pytest.raises(GeoipError, match=r"cannot be read"):
        GeoipDatabase(file)


def test_a_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(GeoipError, match=r"cannot be read"):
        GeoipDatabase(tmp_path)


def test_a_database_without_countries_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "asn.mmdb"
    file.write_bytes(database({"5.1.0.0/16": encoded({"autonomous_system_number": 1})}, kind="GeoLite2-ASN"))
    with pytest.raises(GeoipError, match=r"GeoLite2-ASN, without countries"):
        GeoipDatabase(file)
