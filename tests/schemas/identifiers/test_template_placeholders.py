"""Placeholders of every template language, and ids that only look a little like one."""

import pytest

from schemas.identifiers.template_placeholders import is_placeholder
from tests.tables import table

UNFILLED = """
    {{user.id}} {{contact.email}} {{id}} {{{id}}} {{id|default:""}} {{user.ve u-{{id}} {%id%} {#id#} {{#if}}
    ${id} ${user.id} $!{id} #{id} @{id} %{id} {$id} {!Contact.Id} $id $user.name $!id
    <%=id%> <%id%> <%-id <?=$id?> [%id%] [[id]] [[${id}]] *|EMAIL|* *|EMA %%EMAIL%% %%=v(@id)=%% %%user_id%%
    @@id@@ ::id:: %id% %EMAIL% __ID__ __CALLBACK_PARAM__ {id} {user_id} {user.id} {0} {} [ID] [user_id] <user_id>
    |EMAIL| ##id## #id# ~id~ !id! @project.id@ ^id^ :id :user_id $(id) %(id)s <<id>> «id» ((id))
    ~~email~~ ~~eloqua..type--emailfield..syntax--C_EmailAddress~~ ~Contact.Email~ $first_name$ $$id$$ $[EMAIL]$
    [*data.email*]
    %s %d %1$s %@ %u %!s(<nil>) %!d(string=)
    %7B%7Bid%7D%7D %7Bid%7D %24%7Bid%7D %257B%257Bid%257D%257D %5BID%5D &lt;%=id%&gt; &#123;&#123;id&#125;&#125;
"""


@table("value", [*UNFILLED.split(), "{{ user.id }}", "<%= user.id %>", "{% id %}", "*| EMAIL |*"])
def test_placeholders(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value", ["function () { return 1 }", "function(){}", "async function f() {}", "() => user.id"]
)
def test_program_text_in_place_of_its_result(value: str) -> None:
    assert is_placeholder(value)


SOMEBODY = """
    42 C-1001 ada ada@example.org b7c1f0d2-58a4-4a55-9d0e-0d6f3a1c9e11 {6F9619FF-8B86-D011-B42D-00C04FC964FF}
    {42} [42] <42> $RCAnonymousID:4f3a #42 42% a%b 100%% a&b R&D +4930901820 AAAA== a/b+c= GA1.2.123.456 a_b_c
    __a1b2__ x:y urn:x:1 {"a":{"b":1}} a|b a*b !a ~ada @ada %41da o'hara 0x0a _a_ a#b $ 5$ a$b a@b%c.example @
    App::User::42
"""


@table("value", [*SOMEBODY.split(), "Ada Lovelace", "", "Ada (home)"])
def test_values_that_are_not_placeholders(value: str) -> None:
    assert not is_placeholder(value)
