"""Importers of mailboxes: mbox files and Maildir folders, whose mails become touches of the channel `emails`.

raw_mail.py       a mail's header and size while its lines are read, so that a mail of any size takes little memory
mbox.py           the mails of an mbox file
maildir.py        the mails of a folder in Maildir format, and of its subfolders
headers.py        header fields (RFC 5322): unfolding, 8-bit text, encoded words, lists of addresses
mail_times.py     when a mail was sent
own_addresses.py  which addresses are ours, which decides the direction of a mail
body_text.py      the plain text of a mail, only for those who ask for it
mail_touches.py   a mail becomes touches, one for each customer
"""
