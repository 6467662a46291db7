"""The lists of junk values: words for "no value" and "unknown user", mailboxes of functions, ids of many devices.

Words are in lower case with `_` between their parts. `schemas.identifiers.junk_values` compares them without quotes,
brackets and accents, and with or without the `_`.
"""

from typing import Final

# No value, as JavaScript, Python, SQL, Go, spreadsheets and analytics tools write it.
_NO_VALUE: Final = r"""
    -1 null none nil undefined nan inf infinity -inf -infinity n/a na n.a not_set not_available not_provided not_given
    not_specified not_applicable no_value no_data missing empty blank false true void default test tbd object_object
    object_undefined object_null #n/a #null! #ref! #value! #name? #div/0! \n <nil> no_email no_name no_id no_phone
    none_provided no_email_provided noemail nomail dummy placeholder
"""
# An unknown user, as programs and people write it.
_NOBODY: Final = """
    unknown unknown_user anonymous anon anonymous_user anonymous_visitor anonymous_customer anonymized anonymised
    guest guest_user guest_customer unauthenticated unauthenticated_user not_authenticated not_logged_in
    not_signed_in logged_out signed_out unregistered unidentified no_user no_user_id no_customer deleted_user redacted
    unassigned cookieless opt_out opted_out not_consented consent_denied denied withheld suppressed masked
    unbekannt anonym anonyme anonymer_benutzer inconnu utilisateur_anonyme desconocido anonimo usuario_anonimo
    desconhecido sconosciuto onbekend anoniem okand ukendt ukjent tuntematon nieznany anonimowy neznamy anonymni
    ismeretlen necunoscut neizvestno bilinmeyen bilinmiyor anonim неизвестно неизвестный аноним невідомо неизвестен
    αγνωστος ανωνυμος 不明 匿名 未知 未登録 未设置 알수없음 익명 מוסתר אנונימי لاأحد مجهول ไม่ทราบ không_rõ ẩn_danh
"""
# Names of a field in place of its value, and default users: as a whole id only, `user@` may be a mailbox.
_FIELDS: Final = """
    id user_id userid uid customer_id client_id clientid email e_mail mail username user_name distinct_id
    anonymous_id visitor_id member_id contact_id account_id phone phone_number user visitor customer default_user
    current_user test_user testuser example sample string your_user_id your_id user_id_here gast invite invitado
    convidado ospite visiteur besucher
"""
NOTHING: Final = tuple((_NO_VALUE + _NOBODY).split())
FIELDS: Final = tuple(_FIELDS.split())

# RFC 2142, sections 3 to 5: business, network operations, services.
_STANDARD: Final = """
    info marketing sales support abuse noc security postmaster hostmaster usenet news webmaster www uucp ftp
"""
# Automatic senders.
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
# Typed to get past a form, or left from its example.
_TYPED: Final = """
    no-email no.email no_email noemail nomail no-mail noemailaddress donthaveone noone no-one youremail your-email
    your.email your_email yourname your-name your.name firstname.lastname vorname.nachname prenom.nom nombre.apellido
    asdf asdfasdf asdfgh qwerty qwertz azerty fake notmyemail
"""
MAILBOXES: Final = tuple((_STANDARD + _AUTOMATIC + _DESKS + _TYPED).split())

_EXAMPLE_NAMES: Final = "user username user.name you name email e-mail mail someone somebody your yourname none"
_EXAMPLE_DOMAINS: Final = """
    example.com domain.com domain.tld yourdomain.com mydomain.com email.com test.com company.com yourcompany.com
    none.com noemail.com
"""
_TYPED_ADDRESSES: Final = "a@a.com aa@aa.com a@b.com a@b.co x@x.com abc@abc.com abc@xyz.com asdf@asdf.com 123@123.com"
EXAMPLES: Final = frozenset(
    [f"{name}@{domain}" for name in _EXAMPLE_NAMES.split() for domain in _EXAMPLE_DOMAINS.split()]
    + _TYPED_ADDRESSES.split()
)
"""Addresses that forms show as an example or that people type to get past one.

The list is closed: `ada@example.com` is a person.
"""

_SHARED_IDS: Final = """
    9774d56d682e549c 02:00:00:00:00:00 020000000000 ff:ff:ff:ff:ff:ff
    123e4567-e89b-12d3-a456-426614174000 123e4567-e89b-12d3-a456-426655440000 550e8400-e29b-41d4-a716-446655440000
    f81d4fae-7dec-11d0-a765-00a0c91e6bf6 xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx
"""
SHARED_IDS: Final = frozenset((_SHARED_IDS + _SHARED_IDS.upper()).split())
"""Ids of no single device.

Android's faulty ANDROID_ID, the hardware address that Android and iOS show instead of the real one, the UUIDs of
textbooks and of generators' patterns.
"""
