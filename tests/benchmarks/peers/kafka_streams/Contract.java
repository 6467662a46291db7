import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The contract of one raw topic, as in contract.py: from the bytes of a message to a touch, or to a refusal (null). */
final class Contract {
    private enum Kind { TYPE, TIME, ID, TEXT, LABEL, AMOUNT, DIRECTION, TENANT, VERSION, IDS, OBJECT }

    private static final int LARGEST_BYTES = 256 * 1024;
    private static final int LONGEST_ID = 200;
    private static final int LONGEST_TEXT = 8_000;
    private static final Pattern EMAIL = Pattern.compile(
        "[^\\s@\"(),:;<>\\[\\]\\\\]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\\.[a-z][a-z0-9-]*");
    private static final Pattern PHONE = Pattern.compile("\\+?[0-9]{6,15}");
    private static final Pattern URL = Pattern.compile("(?i:https?)://[^/@?#\\s]+(?:[/?#]\\S*)?");
    private static final Pattern TENANT = Pattern.compile("[a-z0-9_-]{1,64}");
    private static final Pattern NAMESPACE = Pattern.compile("[a-z][a-z0-9_]{0,31}");
    private static final Set<String> DIRECTIONS = Set.of("inbound", "outbound");
    private static final Map<String, Set<String>> TYPES = Map.of(
        "visits", Set.of("page", "click", "form", "download", "search", "identify", "custom"),
        "emails", Set.of("sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "received",
            "replied"),
        "calls", Set.of("answered", "missed", "abandoned", "voicemail"));
    private static final Map<String, Kind> COMMON = Map.ofEntries(
        Map.entry("occurred_at", Kind.TIME), Map.entry("sent_at", Kind.TIME), Map.entry("event_id", Kind.ID),
        Map.entry("schema_version", Kind.VERSION), Map.entry("customer_id", Kind.ID), Map.entry("email", Kind.TEXT),
        Map.entry("phone", Kind.TEXT), Map.entry("anonymous_id", Kind.ID), Map.entry("ids", Kind.IDS),
        Map.entry("tenant", Kind.TENANT), Map.entry("source", Kind.LABEL), Map.entry("properties", Kind.OBJECT),
        Map.entry("type", Kind.TYPE));
    private static final Map<String, Map<String, Kind>> OWN = Map.of(
        "visits", Map.of("url", Kind.TEXT, "referrer", Kind.TEXT, "title", Kind.TEXT, "user_agent", Kind.TEXT,
            "ip", Kind.LABEL, "screen", Kind.LABEL, "engaged_ms", Kind.AMOUNT),
        "emails", Map.of("direction", Kind.DIRECTION, "message_id", Kind.ID, "subject", Kind.TEXT,
            "campaign", Kind.LABEL, "link_url", Kind.TEXT, "user_agent", Kind.TEXT, "ip", Kind.LABEL),
        "calls", Map.of("direction", Kind.DIRECTION, "duration_s", Kind.AMOUNT, "wait_s", Kind.AMOUNT,
            "outcome", Kind.LABEL, "agent", Kind.LABEL, "queue", Kind.LABEL));

    private final JsonFactory json = new JsonFactory();
    private final String channel;
    private final Map<String, Kind> kinds;

    Contract(String channel) {
        this.channel = channel;
        kinds = new HashMap<>(COMMON);
        kinds.putAll(OWN.get(channel));
    }

    /** Returns the touch in a message, or null if it is refused. */
    Touch read(byte[] value, String topic, int partition, long offset, long receivedAtMs) {
        if (value == null || value.length == 0 || value.length > LARGEST_BYTES) {
            return null;
        }
        try {
            return touch(fields(value), topic, partition, offset, receivedAtMs);
        } catch (IOException | Refused | DateTimeException refused) {
            return null;
        }
    }

    private Map<String, String> fields(byte[] value) throws IOException, Refused {
        Map<String, String> fields = new HashMap<>(32);
        try (JsonParser parser = json.createParser(value)) {
            require(parser.nextToken() == JsonToken.START_OBJECT);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                Kind kind = kinds.get(name);
                if (kind == null) {
                    parser.skipChildren();
                } else if (token != JsonToken.VALUE_NULL) {
                    field(fields, name, kind, token, parser);
                }
            }
            require(parser.nextToken() == null);
        }
        return fields;
    }

    private void field(Map<String, String> fields, String name, Kind kind, JsonToken token, JsonParser parser)
        throws IOException, Refused {
        boolean isText = token == JsonToken.VALUE_STRING;
        boolean isWhole = token == JsonToken.VALUE_NUMBER_INT;
        switch (kind) {
            case OBJECT -> {
                require(token == JsonToken.START_OBJECT);
                parser.skipChildren();
                return;
            }
            case IDS -> {
                require(token == JsonToken.START_OBJECT);
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String namespace = parser.currentName();
                    require(NAMESPACE.matcher(namespace).matches());
                    JsonToken id = parser.nextToken();
                    require(id == JsonToken.VALUE_STRING || id == JsonToken.VALUE_NUMBER_INT);
                    fields.put("ids." + namespace, parser.getText());
                }
                return;
            }
            case TIME, ID -> require(isText || isWhole);
            case AMOUNT -> require(isWhole || token == JsonToken.VALUE_NUMBER_FLOAT);
            case VERSION -> require(isWhole);
            default -> require(isText);
        }
        String text = parser.getText();
        switch (kind) {
            case TYPE -> require(TYPES.get(channel).contains(text));
            case ID -> require(text.length() <= LONGEST_ID && text.chars().noneMatch(Character::isISOControl));
            case LABEL -> require(text.length() <= LONGEST_ID);
            case TEXT -> require(text.length() <= LONGEST_TEXT);
            case AMOUNT -> require(Double.parseDouble(text) >= 0);
            case DIRECTION -> require(DIRECTIONS.contains(text));
            case TENANT -> require(TENANT.matcher(text).matches());
            case VERSION -> require(text.equals("1"));
            default -> { }
        }
        fields.put(name, text);
    }

    private Touch touch(Map<String, String> fields, String topic, int partition, long offset, long receivedAtMs)
        throws Refused {
        String type = fields.get("type");
        require(type != null && fields.containsKey("occurred_at"));
        require(!channel.equals("visits") || fields.containsKey("url"));
        require(channel.equals("visits") || fields.containsKey("direction"));
        requireUrl(fields.get("url"));
        requireUrl(fields.get("link_url"));
        long atMs = time(fields.get("occurred_at"));
        if (fields.containsKey("sent_at")) {
            time(fields.get("sent_at"));
        }
        String email = email(fields.getOrDefault("email", ""));
        String phone = phone(fields.getOrDefault("phone", ""));
        String tenant = fields.getOrDefault("tenant", "main");
        String strongest = strongest(fields, email, phone);
        String customer = strongest.isEmpty() ? "" : tenant + "|" + strongest;
        String eventId = fields.getOrDefault("event_id", "");
        if (eventId.isEmpty()) {
            eventId = derivedId(fields, topic, partition, offset);
        }
        byte[] row = Row.encode(fields, tenant, eventId, channel, type, atMs, receivedAtMs, customer, email, phone, topic,
            partition, offset);
        return new Touch(customer.isEmpty() ? eventId : customer, eventId, Score.points(channel + "." + type, atMs), row);
    }

    private static long time(String text) {
        char last = text.charAt(text.length() - 1);
        boolean isNumber = text.chars().allMatch(one -> one == '-' || Character.isDigit(one)) && text.indexOf('-', 1) < 0;
        return isNumber && last != 'Z' ? Long.parseLong(text) : OffsetDateTime.parse(text).toInstant().toEpochMilli();
    }

    private static String email(String text) throws Refused {
        if (text.isEmpty()) {
            return text;
        }
        String clean = text.strip().toLowerCase();
        require(clean.length() <= LONGEST_ID && EMAIL.matcher(clean).matches());
        return clean;
    }

    private static String phone(String text) throws Refused {
        if (text.isEmpty()) {
            return text;
        }
        String clean = text.replaceAll("[ ()./\\t\\u00a0-]", "");
        require(PHONE.matcher(clean).matches());
        return clean;
    }

    private static void requireUrl(String url) throws Refused {
        require(url == null || URL.matcher(url).matches());
    }

    private static String strongest(Map<String, String> fields, String email, String phone) {
        String[][] candidates = {
            {"master_id", fields.get("ids.master_id")}, {"customer_id", fields.get("customer_id")},
            {"crm", fields.get("ids.crm")}, {"email", email}, {"phone", phone},
            {"anonymous_id", fields.get("anonymous_id")}};
        for (String[] candidate : candidates) {
            if (candidate[1] != null && !candidate[1].isEmpty()) {
                return candidate[0] + ":" + candidate[1];
            }
        }
        return "";
    }

    private String derivedId(Map<String, String> fields, String topic, int partition, long offset) {
        if (!channel.equals("emails") || !fields.containsKey("message_id")) {
            return topic + "/" + partition + "/" + offset;
        }
        String who = fields.getOrDefault("email", fields.getOrDefault("customer_id", ""));
        return String.join("\u001f", fields.get("type"), fields.get("message_id"), fields.get("occurred_at"), who,
            fields.getOrDefault("link_url", ""));
    }

    private static void require(boolean holds) throws Refused {
        if (!holds) {
            throw Refused.ONLY;
        }
    }

    /** An invalid message; without a stack trace, which would cost more than the check. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        static final Refused ONLY = new Refused();

        private Refused() {
            super(null, null, false, false);
        }
    }
}
