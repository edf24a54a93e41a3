package io.elanus.e2e.campaign;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Mixed load for long: memory, descriptors, threads and disk are sampled, and the slopes of their
 * second half printed; once a minute the load rests and the ledger judges every row.
 */
final class Soak {
  private static final int SAMPLE_SECONDS = 10;

  private final Path folder;
  private final Duration duration;
  private final long pauseMillis;
  private final long seed;
  private final List<Sample> samples = new ArrayList<>();

  /** The process at one moment. */
  record Sample(
      double seconds,
      double residentMiB,
      int descriptors,
      int threads,
      double diskMiB,
      long rows) {}

  Soak(Path folder, Duration duration, long pauseMillis, long seed) {
    this.folder = folder;
    this.duration = duration;
    this.pauseMillis = pauseMillis;
    this.seed = seed;
  }

  List<Sample> run() throws IOException, InterruptedException {
    Random random = new Random(seed);
    try (Load load = new Load(folder, 3_000);
        Node node = new Node(folder, Load.SMALL);
        PrintWriter table =
            new PrintWriter(Files.newBufferedWriter(folder.resolve("samples.csv")))) {
      node.javaOptions = "";
      node.start();
      load.create(node.port());
      table.println("seconds,resident MiB,descriptors,threads,disk MiB,rows");
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < duration.toNanos()) {
        load.start(node.port(), random, pauseMillis);
        for (int i = 0; i < 60 / SAMPLE_SECONDS; i++) {
          Thread.sleep(SAMPLE_SECONDS * 1_000L);
          Sample sample = sample(load, node, (System.nanoTime() - begin) / 1e9);
          samples.add(sample);
          table.println(
              "%.0f,%.1f,%d,%d,%.2f,%d"
                  .formatted(
                      sample.seconds,
                      sample.residentMiB,
                      sample.descriptors,
                      sample.threads,
                      sample.diskMiB,
                      sample.rows));
          table.flush();
        }
        load.stop();
        load.judge(node.port(), random, true);
        if (!load.refusals.isEmpty()) {
          throw new Rows.Violation("refused without a fault: " + load.refusals);
        }
      }
      System.out.println(text(load));
    }
    return samples;
  }

  private static Sample sample(Load load, Node node, double seconds) throws IOException {
    Path process = Path.of("/proc", "" + node.pid());
    double resident = 0;
    int threads = 0;
    for (String line : Files.readAllLines(process.resolve("status"))) {
      String[] words = line.split("\\s+");
      if (line.startsWith("VmRSS:")) {
        resident = Long.parseLong(words[1]) / 1024.0;
      } else if (line.startsWith("Threads:")) {
        threads = Integer.parseInt(words[1]);
      }
    }
    int descriptors;
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      descriptors = (int) open.count();
    }
    long rows = load.ledger.owners().stream().mapToLong(Owner::rowCount).sum();
    return new Sample(
        seconds, resident, descriptors, threads, bytes(node.data()) / 1048576.0, rows);
  }

  /** Bytes of all files; those that go while we look count nothing. */
  private static long bytes(Path folder) throws IOException {
    long[] sum = {0};
    try (Stream<Path> files = Files.walk(folder)) {
      files.forEach(
          file -> {
            try {
              sum[0] += Files.isRegularFile(file) ? Files.size(file) : 0;
            } catch (NoSuchFileException e) {
              // Gone.
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof NoSuchFileException)) {
        throw e;
      }
    }
    return sum[0];
  }

  private String text(Load load) {
    StringBuilder out = new StringBuilder();
    out.append(
        "soak of %d minutes, seed %d: acknowledged calls %d, rows and keys %d%n  %s%n  %s%n"
            .formatted(
                duration.toMinutes(),
                seed,
                load.ledger.calls(),
                load.ledger.rows(),
                load.ledger.summary(),
                load.judge.summary()));
    out.append("  second half of the run: mean, slope per hour\n");
    line(out, "resident MiB", Sample::residentMiB);
    line(out, "descriptors", Sample::descriptors);
    line(out, "threads", Sample::threads);
    line(out, "disk MiB", Sample::diskMiB);
    line(out, "rows", Sample::rows);
    return out.toString();
  }

  private void line(StringBuilder out, String name, ToDoubleFunction<Sample> of) {
    List<Sample> half = samples.subList(samples.size() / 2, samples.size());
    double mean = half.stream().mapToDouble(of).average().orElse(0);
    out.append("  %-14s %10.1f %+10.2f%n".formatted(name, mean, slopePerHour(half, of)));
  }

  /** Least squares. */
  static double slopePerHour(List<Sample> half, ToDoubleFunction<Sample> of) {
    double time = half.stream().mapToDouble(Sample::seconds).average().orElse(0);
    double mean = half.stream().mapToDouble(of).average().orElse(0);
    double up = 0;
    double down = 0;
    for (Sample sample : half) {
      up += (sample.seconds - time) * (of.applyAsDouble(sample) - mean);
      down += (sample.seconds - time) * (sample.seconds - time);
    }
    return down == 0 ? 0 : up / down * 3_600;
  }
}
