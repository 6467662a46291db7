import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A row of the peers' table in MsgPack, in the order of row.py. */
final class Row {
    private static final byte UINT8_TEXT = (byte) 0xd9, UINT16_TEXT = (byte) 0xda, UINT32_TEXT = (byte) 0xdb;
    private static final byte UINT64 = (byte) 0xcf, INT64 = (byte) 0xd3, FLOAT64 = (byte) 0xcb;

    private Row() { }

    static byte[] encode(Map<String, String> fields, String tenant, String eventId, String channel, String type,
        long atMs, long receivedAtMs, String customer, String email, String phone, String topic, int partition,
        long offset) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        for (String text : new String[] {tenant, eventId, channel, type}) {
            text(out, text);
        }
        number(out, INT64, atMs);
        number(out, INT64, receivedAtMs);
        text(out, customer);
        text(out, fields.get("customer_id"));
        text(out, email);
        text(out, phone);
        for (String name : new String[] {"anonymous_id", "source", "direction", "url", "referrer", "title", "user_agent",
            "ip", "screen"}) {
            text(out, fields.get(name));
        }
        amount(out, fields.get("engaged_ms"));
        for (String name : new String[] {"message_id", "subject", "campaign", "link_url"}) {
            text(out, fields.get(name));
        }
        amount(out, fields.get("duration_s"));
        amount(out, fields.get("wait_s"));
        for (String name : new String[] {"outcome", "agent", "queue"}) {
            text(out, fields.get(name));
        }
        text(out, topic);
        number(out, UINT64, partition);
        number(out, UINT64, offset);
        return out.toByteArray();
    }

    /** Appends the customer's count and score to the columns of a row, from `at` on in `touch`. */
    static byte[] finish(byte[] touch, int at, long touches, double score) {
        return ByteBuffer.allocate(touch.length - at + 18).put(touch, at, touch.length - at).put(UINT64).putLong(touches)
            .put(FLOAT64).putDouble(score).array();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        int size = bytes.length;
        if (size < 32) {
            out.write(0xa0 | size);
        } else if (size < 1 << 8) {
            out.write(UINT8_TEXT);
            out.write(size);
        } else if (size < 1 << 16) {
            out.write(UINT16_TEXT);
            out.write(size >> 8);
            out.write(size);
        } else {
            out.write(UINT32_TEXT);
            out.writeBytes(ByteBuffer.allocate(4).putInt(size).array());
        }
        out.writeBytes(bytes);
    }

    private static void amount(ByteArrayOutputStream out, String text) {
        number(out, FLOAT64, Double.doubleToRawLongBits(text == null ? 0.0 : Double.parseDouble(text)));
    }

    private static void number(ByteArrayOutputStream out, byte kind, long value) {
        out.write(kind);
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.write((int) (value >> shift));
        }
    }
}
