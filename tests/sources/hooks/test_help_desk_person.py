"""The customer of a help desk, with what is missing or of the wrong type left out."""

from sources.hooks.help_desk_person import contact_touch, person_of


def test_identifiers() -> None:
    assert person_of("desk", 7, " ada@example.org ", "+49301", "C-1") == {
        "email": "ada@example.org",
        "phone": "+49301",
        "customer_id": "C-1",
        "ids": {"desk": 7},
    }
    assert person_of("desk", None, None, "", {"id": 1}) == {}
    assert person_of("desk", True, ["a@example.org"], 5, 0) == {"customer_id": 0}


def test_a_contact_has_the_traits_that_are_known() -> None:
    channel, touch = contact_touch(person_of("desk", 7), name="Ada ", city=None)
    assert (channel, touch["ids"], touch["properties"]) == ("visits", {"desk": 7}, {"traits": {"name": "Ada"}})
    assert contact_touch({}).touch == {"type": "identify", "properties": {}}
