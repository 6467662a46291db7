"""Presets of telephone systems: Asterisk, FreeSWITCH, Twilio."""

from typing import Final

from sources.tables.preset import LEFT_OUT, POSITIVE, Preset, TypeRule, by_value
from sources.tables.times import RFC_2822

_ASTERISK_HEADER = """accountcode src dst dcontext clid channel dstchannel lastapp lastdata start answer end duration
    billsec disposition amaflags uniqueid userfield peeraccount linkedid sequence"""

ASTERISK: Final = Preset(
    # Call detail records of Asterisk: Master.csv of cdr_csv (no header; cdr/cdr_csv.c), and exports of the database
    # tables that FreePBX and others fill (`calldate`). One call may have several records with one `uniqueid`, which is
    # therefore a property and not the event id. Times are local, or UTC with `usegmtime=yes`.
    name="asterisk",
    channel="calls",
    columns=(("calldate", "occurred_at"), ("start", "occurred_at"), ("billsec", "duration_s")),
    customer={"inbound": "src", "outbound": "dst"},
    type_column="disposition",
    types=(
        TypeRule("voicemail", {"disposition": "ANSWERED", "lastapp": "VoiceMail"}),
        *by_value(
            "disposition",
            {
                "ANSWERED": "answered",
                "NO ANSWER": "missed",
                "BUSY": "missed",
                "FAILED": "missed",
                "CONGESTION": "missed",
            },
        ),
    ),
    header=tuple(_ASTERISK_HEADER.split()),
    widths=(16, 18, 21),  # plain, with uniqueid and userfield, and with newcdrcolumns
)

_FREESWITCH_HEADER = """caller_id_name caller_id_number destination_number context start_stamp answer_stamp end_stamp
    duration billsec hangup_cause uuid bleg_uuid accountcode read_codec write_codec"""

FREESWITCH: Final = Preset(
    # mod_cdr_csv with its default template `example` (no header), and exports with FreeSWITCH's variables as columns.
    # `*_stamp` is local time of the server, `*_epoch` counts seconds and `*_uepoch` microseconds.
    name="freeswitch",
    channel="calls",
    columns=(
        ("uuid", "event_id"),
        ("start_uepoch", "occurred_at"),
        ("start_epoch", "occurred_at"),
        ("start_stamp", "occurred_at"),
        ("billsec", "duration_s"),
        ("direction", "direction"),
    ),
    customer={"inbound": "caller_id_number", "outbound": "destination_number"},
    type_column="hangup_cause",
    types=(
        TypeRule("answered", {"billsec": POSITIVE}),
        TypeRule("abandoned", {"hangup_cause": "ORIGINATOR_CANCEL"}),
        TypeRule("missed", {"hangup_cause": "*"}),
    ),
    values={"direction": {"local": LEFT_OUT}},
    units={"start_uepoch": "us", "start_epoch": "s"},
    header=tuple(_FREESWITCH_HEADER.split()),
    widths=(15,),
)

TWILIO: Final = Preset(
    # The Call resource of Twilio's REST API, as JSON (`start_time`) or with the names of its helper libraries
    # (`startTime`) and of its console (`Start Time`). The number of a leg that <Dial> opened may be an agent's: such
    # rows are skipped, unless `--value direction:outbound-dial=outbound` includes them.
    name="twilio",
    channel="calls",
    columns=(
        ("sid", "event_id"),
        ("Sid", "event_id"),
        ("Call Sid", "event_id"),
        ("start_time", "occurred_at"),
        ("startTime", "occurred_at"),
        ("StartTime", "occurred_at"),
        ("Start Time", "occurred_at"),
        ("duration", "duration_s"),
        ("Duration", "duration_s"),
        ("direction", "direction"),
        ("Direction", "direction"),
    ),
    customer={"inbound": "from|From", "outbound": "to|To"},
    type_column="status|Status",
    types=(
        TypeRule("voicemail", {"status|Status": "completed", "answered_by|answeredBy|AnsweredBy": "machine_*"}),
        *by_value(
            "status|Status",
            {
                "completed": "answered",
                "busy": "missed",
                "no-answer": "missed",
                "failed": "missed",
                "canceled": "missed",
                "queued": LEFT_OUT,
                "initiated": LEFT_OUT,
                "ringing": LEFT_OUT,
                "in-progress": LEFT_OUT,
            },
        ),
    ),
    values={
        name: {
            "inbound": "inbound",
            "outbound-api": "outbound",
            "outbound-dial": LEFT_OUT,
            "trunking-originating": "inbound",
            "trunking-terminating": "outbound",
        }
        for name in ("direction", "Direction")
    },
    time_formats=(RFC_2822,),
)
