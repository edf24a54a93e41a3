package io.elanus.rag.reembed.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.ToDoubleFunction;

/** What the newest questions showed, asked of both collections: numbers, no words. */
public final class Tally {
  private static final int KEPT_MAX = 2_000;
  private static final int DEPTH = 10;
  private static final double NANOS_PER_MILLI = 1e6;

  private final Deque<Pair> pairs = new ArrayDeque<>();
  private long asked;

  /** One question; durations in nanoseconds. */
  private record Pair(double overlap, double rankBiased, boolean sameFirst, long from, long to) {}

  synchronized void add(Both both) {
    asked++;
    boolean sameFirst =
        both.from().isEmpty()
            ? both.to().isEmpty()
            : !both.to().isEmpty() && both.from().getFirst().equals(both.to().getFirst());
    pairs.add(
        new Pair(
            Agreement.overlap(both.from(), both.to(), DEPTH),
            Agreement.rankBiased(both.from(), both.to()),
            sameFirst,
            both.fromNanos(),
            both.toNanos()));
    if (pairs.size() > KEPT_MAX) {
      pairs.remove();
    }
  }

  /** How much alike, and how long both took. */
  public synchronized ObjectNode report() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("questions", asked).put("measured", pairs.size());
    if (pairs.isEmpty()) {
      return json;
    }
    json.set("overlap@" + DEPTH, Interval.of(all(Pair::overlap)).json());
    json.set("rbo", Interval.of(all(Pair::rankBiased)).json());
    json.put("rbo_persistence", Agreement.PERSISTENCE);
    json.set("same_first", Interval.of(all(pair -> pair.sameFirst() ? 1 : 0)).json());
    double[] ratios = all(pair -> Math.log((double) pair.to() / pair.from()));
    json.set("latency_ratio", Interval.of(ratios).exponential().json());
    json.putObject("median_ms")
        .put("from", median(all(Pair::from)) / NANOS_PER_MILLI)
        .put("to", median(all(Pair::to)) / NANOS_PER_MILLI);
    return json;
  }

  private double[] all(ToDoubleFunction<Pair> of) {
    return pairs.stream().mapToDouble(of).toArray();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  public synchronized ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("asked", asked);
    ArrayNode all = json.putArray("pairs");
    for (Pair pair : pairs) {
      all.addArray()
          .add(pair.overlap())
          .add(pair.rankBiased())
          .add(pair.sameFirst())
          .add(pair.from())
          .add(pair.to());
    }
    return json;
  }

  /** What {@link #toJson} wrote. */
  public synchronized void read(JsonNode json) {
    asked = json.path("asked").asLong();
    pairs.clear();
    for (JsonNode one : json.path("pairs")) {
      pairs.add(
          new Pair(
              one.path(0).asDouble(),
              one.path(1).asDouble(),
              one.path(2).asBoolean(),
              one.path(3).asLong(),
              one.path(4).asLong()));
    }
  }
}
