from dashboards.api.etag import etag_of, is_known


def test_a_tag_names_one_body() -> None:
    assert etag_of(b"a") == etag_of(b"a") != etag_of(b"b")
    assert etag_of(b"").startswith('W/"')


def test_headers_that_name_the_tag() -> None:
    tag = etag_of(b"a")
    assert is_known(tag, tag)
    assert is_known(tag, f'"x", {tag.removeprefix("W/")}')
    assert is_known(tag, "*")
    assert not is_known(tag, None)
    assert not is_known(tag, etag_of(b"b"))
