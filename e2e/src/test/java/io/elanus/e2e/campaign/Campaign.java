package io.elanus.e2e.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The campaign's command line; see {@code e2e/campaign/run --help}. */
public final class Campaign {
  private static final String HELP =
      """
      usage: e2e/campaign/run COMMAND [--option value ...]

        kill      SIGKILL at random moments; a ledger outside the server judges after each restart
                  --kills 2000 --full-every 20 --minutes 600
        io        the n-th call of a kind fails, by strace; for growing n until none is reached
                  --calls fsync,pwrite64,write,rename,ftruncate,unlink,pread64,fdatasync --last 100000
        disk-full the data folder on a small file system of its own (root; unshare -m)
                  --cycles 10 (48 MiB)
        pause     SIGSTOP and SIGCONT under load          --cycles 10
        clock     restarts with the clock hours and years ahead and behind
        memory    under a limit of a cgroup (root, version 1)  --mebibytes 512 --minutes 2
        recovery  time of a restart over the size of the data, with one and the same log tail
                  --rows 20000,200000,1000000 --tail 2000 --rounds 5
        soak      mixed load; slopes of memory, descriptors, threads, disk
                  --minutes 60 --pause-millis 5 (between two writes of a writer)
      Options of all: --seed 4711 --folder DIR (default: a new temporary folder, removed at success)
      """;

  private Campaign() {}

  public static void main(String[] words) throws Exception {
    if (words.length == 0 || words[0].contains("help")) {
      System.out.print(HELP);
      return;
    }
    Map<String, String> options = options(words);
    long seed = Long.parseLong(options.getOrDefault("seed", "4711"));
    boolean temporary = !options.containsKey("folder");
    Path folder =
        temporary
            ? Files.createTempDirectory("elanus-campaign")
            : Files.createDirectories(Path.of(options.get("folder")));
    System.out.println("folder " + folder);
    switch (words[0]) {
      case "kill" ->
          new KillLoop(
                  folder,
                  number(options, "kills", 2_000),
                  number(options, "full-every", 20),
                  seed,
                  Duration.ofMinutes(number(options, "minutes", 600)))
              .run();
      case "io" ->
          InputOutputFaults.all(
                  folder,
                  seed,
                  Pattern.compile(",")
                      .splitAsStream(options.getOrDefault("calls", ""))
                      .filter(call -> !call.isEmpty())
                      .toList(),
                  number(options, "last", 100_000))
              .run();
      case "disk-full" -> new DiskFull(folder, seed, number(options, "cycles", 10)).run();
      case "pause" -> new Hardships(folder, seed).pause(number(options, "cycles", 10));
      case "clock" -> new Hardships(folder, seed).clock();
      case "memory" ->
          new Hardships(folder, seed)
              .memory(number(options, "mebibytes", 512), number(options, "minutes", 2));
      case "recovery" ->
          new RecoveryTime(
                  folder,
                  options.getOrDefault("rows", "20000,200000,1000000"),
                  number(options, "tail", 2_000),
                  number(options, "rounds", 5))
              .run();
      case "soak" ->
          new Soak(
                  folder,
                  Duration.ofMinutes(number(options, "minutes", 60)),
                  number(options, "pause-millis", 5),
                  seed)
              .run();
      default -> throw new IllegalArgumentException("unknown command " + words[0] + "\n" + HELP);
    }
    if (temporary) {
      Folders.delete(folder);
    }
  }

  private static Map<String, String> options(String[] words) {
    Map<String, String> options = new HashMap<>();
    for (int i = 1; i + 1 < words.length; i += 2) {
      if (!words[i].startsWith("--")) {
        throw new IllegalArgumentException("not an option: " + words[i] + "\n" + HELP);
      }
      options.put(words[i].substring(2), words[i + 1]);
    }
    return options;
  }

  private static int number(Map<String, String> options, String name, int otherwise) {
    return Integer.parseInt(options.getOrDefault(name, "" + otherwise));
  }

  /** Folders as a whole. */
  static final class Folders {
    private Folders() {}

    static void delete(Path folder) throws IOException {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }

    static void copy(Path from, Path to) throws IOException {
      try (var files = Files.walk(from)) {
        for (Path file : files.toList()) {
          Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
      }
    }
  }
}
