"""Values that stand for nobody: refused as identifiers, never an error. The one list of them.

An identifier that many people share joins strangers, so a value that a form, an export or a program puts in when it
knows nothing is no identifier. Four kinds: words for "nothing" (Segment refuses zeroes, dashes, `-1`, `null` and
`anonymous`; the others are what JavaScript, Python, SQL, spreadsheets and analytics tools write), blanks (nothing
but zeroes and punctuation, so the zero UUID too), mailboxes of a function instead of a person (RFC 2142, and the
usual desks and automatic senders), and telephone numbers typed to get past a form.
"""

from typing import Final

_WORDS: Final = r"""
    -1 null none nil undefined nan unknown anonymous anon guest n/a na n.a. n.a (null) (none) (empty) (blank)
    (unknown) (not_set) (notset) not_set notset not_available not_provided no_value novalue missing empty blank
    false true void default test tbd [object_object] #n/a #null! #ref! #value! \n
"""
WORDS: Final = frozenset(_WORDS.split())
"""Compared in lower case, with `_` for spaces and without quotes around them."""

_LONGEST_WORD: Final = max(map(len, WORDS)) + 2  # and a quote on each side

_BLANK: Final = "0-_.,:;+/*?#{}()[] '\"\u2010\u2011\u2012\u2013\u2014"  # also the dashes of word processors

# RFC 2142, sections 3 to 5: business, network operations, services.
_STANDARD: Final = """
    info marketing sales support abuse noc security postmaster hostmaster usenet news webmaster www uucp ftp
"""
# Whom nobody is.
_AUTOMATIC: Final = """
    noreply no-reply no_reply no.reply donotreply do-not-reply do_not_reply mailer-daemon mailerdaemon daemon
    nobody bounce bounces notification notifications notify newsletter alerts autoreply auto-reply
"""
# With several people behind them.
_DESKS: Final = """
    admin administrator root sysadmin contact contactus contact-us kontakt contacto contato office service
    services customerservice customer-service customercare help helpdesk servicedesk billing invoice invoices
    accounts accounting orders order booking bookings reservations jobs careers hr press media privacy legal
    compliance feedback enquiries enquiry inquiries inquiry reception
"""
ROLES: Final = frozenset((_STANDARD + _AUTOMATIC + _DESKS).split())
"""Local parts, lower case, before a `+`."""

TYPED_PHONES: Final = frozenset(
    {"123456", "1234567", "12345678", "123456789", "1234567890", "0123456789", "987654321", "9876543210"}
)


def is_junk(value: str) -> bool:
    """Whether a trimmed value stands for nobody, whatever its namespace."""
    if not value.strip(_BLANK):
        return True
    return len(value) <= _LONGEST_WORD and value.lower().strip("'\"").replace(" ", "_") in WORDS


def is_role(local: str) -> bool:
    """Whether the local part of an address (lower case) is a function's or a placeholder, `no-reply+81@` too."""
    name = local.partition("+")[0]
    return name in ROLES or name in WORDS


def is_typed(digits: str) -> bool:
    """Whether the digits of a telephone number, as typed, are one digit over and over or a run along the keys."""
    return len(set(digits)) == 1 or digits in TYPED_PHONES
