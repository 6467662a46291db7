import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The job in Kafka Streams, exactly once. Arguments: kafka prefix clickhouse touches folder every_s run partitions. */
public final class Peer {
    private static final List<String> CHANNELS = List.of("visits", "emails", "calls");

    private Peer() { }

    public static void main(String[] words) throws Exception {
        String kafka = words[0], prefix = words[1], application = prefix + "streams-" + words[6], rows = application + "-rows";
        Ledger ledger = new Ledger(Long.parseLong(words[3]));
        double everyS = Double.parseDouble(words[5]);
        try (KafkaStreams streams = new KafkaStreams(
            topology(prefix, rows, Integer.parseInt(words[7]), ledger), settings(kafka, application, words[4], everyS))) {
            streams.setUncaughtExceptionHandler(error -> {
                error.printStackTrace();
                Runtime.getRuntime().halt(1);
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            streams.start();
            new Inserter(URI.create(words[2])).run(kafka, rows, application + "-inserter", everyS, ledger);
            System.out.println(ledger.line());
        }
    }

    private static Topology topology(String prefix, String rows, int partitions, Ledger ledger) {
        var bytes = Serdes.ByteArray();
        StreamsBuilder builder = new StreamsBuilder();
        for (String name : List.of(Steps.SEEN, Steps.PROFILES)) {
            StoreBuilder<?> store = Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), bytes, bytes);
            builder.addStateStore(name.equals(Steps.PROFILES) ? store.withCachingEnabled() : store);
        }
        List<String> topics = CHANNELS.stream().map(channel -> prefix + channel).toList();
        builder.stream(topics, Consumed.with(bytes, bytes))
            .process(() -> new Steps.Read(contracts(prefix), ledger))
            .repartition(Repartitioned.with(bytes, bytes).withName("touches").withNumberOfPartitions(partitions))
            .process(() -> new Steps.Fold(ledger), Steps.SEEN, Steps.PROFILES)
            .to(rows, Produced.with(bytes, bytes));
        return builder.build();
    }

    private static Map<String, Contract> contracts(String prefix) {
        Map<String, Contract> contracts = new HashMap<>();
        CHANNELS.forEach(channel -> contracts.put(prefix + channel, new Contract(channel)));
        return contracts;
    }

    private static Properties settings(String kafka, String application, String folder, double everyS) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Math.round(everyS * 1000));
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 64L << 20);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        settings.put(StreamsConfig.consumerPrefix("max.poll.records"), 10_000);
        settings.put(StreamsConfig.producerPrefix("linger.ms"), 100);
        settings.put(StreamsConfig.producerPrefix("batch.size"), 256 << 10);
        return settings;
    }
}
