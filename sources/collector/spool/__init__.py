"""The spool: records that are durable on disk while Kafka is away, and sent to it later.

    frame.py         a record as bytes with a checksum, and reading them back around damage; pure
    segment.py       one append-only file of frames
    spool.py         the folder: appends of all requests in one write and one fsync, the size limit, the lock
    drain.py         sends the segments to Kafka, oldest first, and deletes each when Kafka has all of it
    spooled_sink.py  Kafka while it answers, otherwise the spool

No position is stored. A segment is deleted once Kafka has acknowledged all of it, so a crash during a drain sends at
most one segment again, and the pipeline counts each event id once. A process writes only to segments that it created:
what a crash left at the end of a segment needs no repair.
"""
