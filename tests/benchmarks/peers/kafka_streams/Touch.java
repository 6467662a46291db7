import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One valid message between the two steps; `row` has the columns that do not depend on other touches. */
record Touch(String owner, String eventId, double points, byte[] row) {
    byte[] encode() {
        byte[] id = eventId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + 4 + id.length + row.length).putDouble(points).putInt(id.length).put(id).put(row)
            .array();
    }

    static byte[] owned(byte[] owner, byte[] id) {
        return ByteBuffer.allocate(owner.length + 1 + id.length).put(owner).put((byte) 0x1f).put(id).array();
    }
}
