package io.elanus.engine.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.engine.database.DamagedFolder.Damage;
import io.elanus.engine.database.DamagedFolder.Golden;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of file of a data folder, damaged in every way, then opened: each collection answers
 * the truth, or says that it is damaged while the others serve. Never another answer.
 *
 * <p>A sample of each folder's cases, chosen by the seed; {@code -Dcorruption.cases=100000} runs
 * all.
 */
class CorruptionMatrixTest {
  private static final long SEED = Long.getLong("seed", 4_711);

  /** How many of a folder's cases. */
  private static final int CASES = Integer.getInteger("corruption.cases", 40);

  @TempDir Path folder;

  private enum Outcome {
    /** As before the damage. */
    TRUTH,
    /** The collection, or the whole folder, says that it is damaged. */
    REFUSED,
    /** The end of a killed process's log, which nothing later vouches for, is cut. */
    CUT,
    WRONG
  }

  private final Map<String, Map<Outcome, Integer>> table = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();

  @Test
  void noDamageGivesAnotherAnswer() throws IOException {
    Golden golden = Golden.create(folder);
    for (Path original : List.of(golden.closed(), golden.killed())) {
      // A copy: opening and closing would make a closed folder of a killed one.
      Path work = folder.resolve("work");
      DamagedFolder.copy(original, work);
      assertThat(outcomes(golden, original, work)).containsOnly(Outcome.TRUTH);
      DamagedFolder.delete(work);
    }
    int cases = 0;
    for (Path original : List.of(golden.closed(), golden.killed())) {
      List<Damage> all = DamagedFolder.damages(original, golden.stale());
      Collections.shuffle(all, new Random(SEED));
      for (Damage damage : all.subList(0, Math.min(CASES, all.size()))) {
        cases++;
        Path work = folder.resolve("work");
        DamagedFolder.copy(original, work);
        damage.change().to(work);
        judge(golden, original, work, damage);
        DamagedFolder.delete(work);
      }
    }
    System.out.println(cases + " cases");
    table.forEach((kind, counts) -> System.out.printf("  %-34s %s%n", kind, counts));
    assertThat(wrong).isEmpty();
    assertThat(cases).isGreaterThan(60);
    assertThat(total(Outcome.REFUSED)).as("damage that was noticed").isGreaterThan(cases / 5);
  }

  private int total(Outcome outcome) {
    return table.values().stream().mapToInt(counts -> counts.getOrDefault(outcome, 0)).sum();
  }

  private void judge(Golden golden, Path original, Path work, Damage damage) {
    List<Outcome> outcomes = outcomes(golden, original, work);
    Outcome worst = outcomes.stream().max(Enum::compareTo).orElseThrow();
    table
        .computeIfAbsent(damage.kind(), kind -> new EnumMap<>(Outcome.class))
        .merge(worst, 1, Integer::sum);
    boolean catalog = damage.file().contains("catalog");
    boolean cutAllowed = damage.file().endsWith(".log") && original.equals(golden.killed());
    long touched = outcomes.stream().filter(outcome -> outcome != Outcome.TRUTH).count();
    if (worst == Outcome.WRONG
        || worst == Outcome.CUT && !cutAllowed
        || !catalog && touched > damage.filesTouched()) {
      wrong.add(
          "%n%s of %s (%s): %s %s"
              .formatted(
                  damage.kind(), damage.file(), original.getFileName(), damage.what(), outcomes));
    }
  }

  /** One outcome per collection. */
  private static List<Outcome> outcomes(Golden golden, Path original, Path work) {
    List<Outcome> outcomes = new ArrayList<>();
    FolderDatabase database;
    try {
      database = DamagedFolder.open(work);
    } catch (ElanusException e) {
      boolean refused = e.code().kind() == ErrorCode.Kind.CORRUPT;
      golden.names().forEach(name -> outcomes.add(refused ? Outcome.REFUSED : Outcome.WRONG));
      return outcomes;
    } catch (RuntimeException e) {
      golden.names().forEach(name -> outcomes.add(Outcome.WRONG));
      return outcomes;
    }
    try {
      for (String name : golden.names()) {
        outcomes.add(outcome(golden, name, database));
      }
      return outcomes;
    } finally {
      database.close();
    }
  }

  private static Outcome outcome(Golden golden, String name, FolderDatabase database) {
    try {
      int state = golden.stateOf(name, database);
      return state == 0 ? Outcome.TRUTH : state > 0 ? Outcome.CUT : Outcome.WRONG;
    } catch (ElanusException e) {
      boolean said =
          e.code().kind() == ErrorCode.Kind.CORRUPT
              || e.code() == ErrorCode.COLLECTION_NOT_FOUND
                  && !database.local().damaged().isEmpty();
      return said ? Outcome.REFUSED : Outcome.WRONG;
    } catch (RuntimeException e) {
      return Outcome.WRONG;
    }
  }

  @Test
  void aLostCatalogErasesNothing() throws IOException {
    Golden golden = Golden.create(folder);
    Path work = folder.resolve("work");
    DamagedFolder.copy(golden.closed(), work);
    byte[] catalog = Files.readAllBytes(work.resolve("catalog.db"));
    Files.delete(work.resolve("catalog.db"));
    try (FolderDatabase database = DamagedFolder.open(work)) {
      assertThat(database.local().damaged())
          .hasSize(golden.names().size())
          .allMatch(reason -> reason.contains("restore catalog.db"));
    }
    try (var files = Files.list(work)) {
      for (Path file : files.filter(f -> f.toString().contains("catalog.db")).toList()) {
        Files.delete(file);
      }
    }
    Files.write(work.resolve("catalog.db"), catalog);
    assertThat(outcomes(golden, golden.closed(), work)).containsOnly(Outcome.TRUTH);
  }
}
