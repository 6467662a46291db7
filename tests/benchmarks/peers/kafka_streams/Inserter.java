import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed rows and inserts them at intervals, before their offsets are committed; as a connector would. */
final class Inserter {
    private final URI address;
    private final HttpClient client = HttpClient.newHttpClient();

    Inserter(URI address) {
        this.address = address;
    }

    /** Returns when all rows are inserted and committed. */
    void run(String kafka, String topic, String group, double everyS, Ledger ledger)
        throws IOException, InterruptedException {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka);
        settings.put("group.id", group);
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        settings.put("max.poll.records", "50000");
        settings.put("max.partition.fetch.bytes", String.valueOf(4 << 20));
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            ByteArrayOutputStream rows = new ByteArrayOutputStream();
            long count = 0, due = System.nanoTime();
            while (true) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    rows.writeBytes(record.value());
                    count++;
                }
                boolean isLast = ledger.done(count);
                if (isLast || System.nanoTime() - due > everyS * 1e9) {
                    insert(rows.toByteArray());
                    consumer.commitSync();
                    rows.reset();
                    due = System.nanoTime();
                }
                if (isLast) {
                    return;
                }
            }
        }
    }

    private void insert(byte[] rows) throws IOException, InterruptedException {
        if (rows.length == 0) {
            return;
        }
        String database = address.getPath().substring(1);
        String query = URLEncoder.encode("INSERT INTO `" + database + "`.touches FORMAT MsgPack", StandardCharsets.UTF_8);
        String user = Base64.getEncoder().encodeToString(address.getUserInfo().getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder()
            .uri(URI.create("http://" + address.getHost() + ":" + address.getPort() + "/?query=" + query))
            .header("Authorization", "Basic " + user)
            .version(HttpClient.Version.HTTP_1_1)
            .POST(HttpRequest.BodyPublishers.ofByteArray(rows)).build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("The engine refused rows: " + answer.body());
        }
    }
}
