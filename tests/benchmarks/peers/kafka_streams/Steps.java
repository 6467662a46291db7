import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** The two steps of the job. */
final class Steps {
    static final String SEEN = "seen", PROFILES = "profiles";
    private static final byte[] KNOWN = {1};

    private Steps() { }

    /** Decodes and validates a message, and sends the touch on under its owner. */
    static final class Read extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
        private final Map<String, Contract> contracts;
        private final Ledger ledger;

        Read(Map<String, Contract> contracts, Ledger ledger) {
            this.contracts = contracts;
            this.ledger = ledger;
        }

        @Override
        public void process(Record<byte[], byte[]> message) {
            ledger.handle();
            var place = context().recordMetadata().orElseThrow();
            Touch touch = contracts.get(place.topic())
                .read(message.value(), place.topic(), place.partition(), place.offset(), message.timestamp());
            if (touch == null) {
                ledger.rejected.incrementAndGet();
            } else {
                byte[] owner = touch.owner().getBytes(StandardCharsets.UTF_8);
                context().forward(new Record<>(owner, touch.encode(), message.timestamp()));
            }
        }
    }

    /** Drops repeats, counts and scores, and sends the finished row on. */
    static final class Fold extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
        private final Ledger ledger;
        private KeyValueStore<byte[], byte[]> seen, profiles;

        Fold(Ledger ledger) {
            this.ledger = ledger;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> context) {
            super.init(context);
            seen = context.getStateStore(SEEN);
            profiles = context.getStateStore(PROFILES);
        }

        @Override
        public void process(Record<byte[], byte[]> touch) {
            ByteBuffer in = ByteBuffer.wrap(touch.value());
            double points = in.getDouble();
            byte[] id = new byte[in.getInt()];
            in.get(id);
            if (seen.putIfAbsent(Touch.owned(touch.key(), id), KNOWN) != null) {
                ledger.duplicates.incrementAndGet();
                return;
            }
            byte[] state = profiles.get(touch.key());
            ByteBuffer old = state == null ? ByteBuffer.allocate(16) : ByteBuffer.wrap(state);
            long touches = old.getLong() + 1;
            double score = old.getDouble() + points;
            profiles.put(touch.key(), ByteBuffer.allocate(16).putLong(touches).putDouble(score).array());
            context().forward(touch.withValue(Row.finish(touch.value(), in.position(), touches, score)));
        }
    }
}
