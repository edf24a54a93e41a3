package io.elanus.app.load;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What became of the requests of one kind. Times are of those that were answered, in microseconds,
 * to three digits; failures are counted by what they said. Safe for many threads.
 */
final class Tally {
  private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);
  private static final int DIGITS = 3;
  private static final int KINDS_OF_FAILURES_MAX = 50;

  private final Histogram waited = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
  private final Histogram served = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
  private final LongAdder remembered = new LongAdder();
  private final LongAdder degraded = new LongAdder();
  private final Map<String, LongAdder> failures = new ConcurrentSkipListMap<>();

  /**
   * @param waitedNanos since the request was due
   * @param servedNanos since it was sent
   */
  void answered(long waitedNanos, long servedNanos) {
    waited.recordValue(micros(waitedNanos));
    served.recordValue(micros(servedNanos));
  }

  private static long micros(long nanos) {
    return Math.clamp(nanos / 1_000, 0, LONGEST_MICROS);
  }

  void remembered() {
    remembered.increment();
  }

  void degraded() {
    degraded.increment();
  }

  void failed(String why) {
    boolean room = failures.size() < KINDS_OF_FAILURES_MAX || failures.containsKey(why);
    failures.computeIfAbsent(room ? why : "others", unused -> new LongAdder()).increment();
  }

  long answers() {
    return waited.getTotalCount();
  }

  long failures() {
    return failures.values().stream().mapToLong(LongAdder::sum).sum();
  }

  Map<String, LongAdder> failuresByReason() {
    return failures;
  }

  /** The time that this share of the answers did not exceed; 0 without any. */
  double waitedMillis(double share) {
    return waited.getValueAtPercentile(100 * share) / 1_000.0;
  }

  double servedMillis(double share) {
    return served.getValueAtPercentile(100 * share) / 1_000.0;
  }

  ObjectNode json(double seconds) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("answers", answers()).put("errors", failures());
    json.put("answers_per_second", answers() / seconds);
    json.put("cached", remembered.sum()).put("degraded", degraded.sum());
    times(json.putObject("latency_ms"), waited);
    times(json.putObject("service_ms"), served);
    ObjectNode reasons = json.putObject("error_reasons");
    failures.forEach((why, count) -> reasons.put(why, count.sum()));
    return json;
  }

  private static void times(ObjectNode json, Histogram times) {
    json.put("mean", times.getTotalCount() == 0 ? 0 : times.getMean() / 1_000);
    for (double percentile : new double[] {50, 90, 95, 99, 99.9}) {
      String name = "p" + (percentile == 99.9 ? "99.9" : Integer.toString((int) percentile));
      json.put(name, times.getValueAtPercentile(percentile) / 1_000.0);
    }
    json.put("max", times.getMaxValue() / 1_000.0);
  }
}
