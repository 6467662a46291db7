import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Counts of one run, and the CPU time of this process since the first record: all its threads, compiler included. */
final class Ledger {
    final AtomicLong handled = new AtomicLong(), duplicates = new AtomicLong(), rejected = new AtomicLong();
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final long touches;
    private long cpuNs = -1, wallNs;

    Ledger(long touches) {
        this.touches = touches;
    }

    void handle() {
        if (cpuNs < 0) {
            cpuNs = system.getProcessCpuTime();
            wallNs = System.nanoTime();
        }
        handled.incrementAndGet();
    }

    /** Whether so many inserted rows are all that the messages make. */
    boolean done(long rows) {
        return handled.get() >= touches && rows == handled.get() - rejected.get() - duplicates.get();
    }

    String line() {
        return String.format("{\"handled\": %d, \"duplicates\": %d, \"rejected\": %d, \"cpu_s\": %.3f, \"wall_s\": %.3f}",
            handled.get(), duplicates.get(), rejected.get(), (system.getProcessCpuTime() - cpuNs) / 1e9,
            (System.nanoTime() - wallNs) / 1e9);
    }
}
