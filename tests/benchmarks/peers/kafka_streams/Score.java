import java.util.Map;

/** The decayed score, as in score.py: relative to a fixed day, so that it does not change without touches. */
final class Score {
    private static final double HALF_LIFE_MS = 7 * 86_400_000.0;
    private static final long LANDMARK_MS = 1_767_225_600_000L;
    private static final Map<String, Double> WEIGHTS = Map.ofEntries(
        Map.entry("visits.form", 50.0), Map.entry("visits.download", 3.0), Map.entry("visits.click", 3.0),
        Map.entry("visits.search", 1.0), Map.entry("visits.page", 1.0), Map.entry("emails.clicked", 10.0),
        Map.entry("emails.opened", 5.0), Map.entry("emails.replied", 20.0), Map.entry("emails.received", 20.0),
        Map.entry("emails.bounced", -10.0), Map.entry("emails.unsubscribed", -50.0),
        Map.entry("emails.complained", -100.0), Map.entry("calls.answered", 8.0), Map.entry("calls.missed", 4.0),
        Map.entry("calls.abandoned", 4.0), Map.entry("calls.voicemail", 4.0));

    private Score() { }

    static double points(String kind, long occurredAtMs) {
        Double weight = WEIGHTS.get(kind);
        return weight == null ? 0.0 : weight * Math.pow(2.0, (occurredAtMs - LANDMARK_MS) / HALF_LIFE_MS);
    }
}
