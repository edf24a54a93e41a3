package io.elanus.sim.run;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.sim.disk.SimulatedDisk;
import io.elanus.sim.model.Contents;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * What a disk does to bytes at rest: a bit turns, or a sector is lost, in one file, on a copy that
 * nobody goes on with. A process that starts over it must open; whatever it answers must be right,
 * before its background has been over the files and after; what it cannot answer it must call
 * damage, in one collection alone.
 */
final class Rot {
  private static final int TURNS_MAX = 400_000;
  private static final int QUESTIONS = 3;

  private final World world;
  private final List<Client> clients;
  private final Random chance;

  /** Of the collection whose file is damaged, as far as anybody was told. */
  private String damaged = "";

  private int told;

  Rot(World world, List<Client> clients, Random chance) {
    this.world = world;
    this.clients = clients;
    this.chance = chance;
  }

  /**
   * Damages one file, and answers its path; empty where there is none.
   *
   * @param logs those as well: the process before closed them, so that nothing is taken for torn
   */
  String damage(SimulatedDisk disk, boolean logs) {
    List<String> files = new ArrayList<>(disk.files("/data/objects"));
    if (logs) {
      files.addAll(disk.files("/data/log"));
    }
    files.removeIf(file -> file.endsWith(".unfinished") || disk.peek(file).length == 0);
    if (files.isEmpty()) {
      return "";
    }
    String file = files.get(chance.nextInt(files.size()));
    int at = chance.nextInt(disk.peek(file).length);
    if (chance.nextInt(4) == 0) {
      disk.lose(file, at);
    } else {
      disk.flip(file, 8L * at + chance.nextInt(8));
    }
    world.trace.note("ROT", file, at);
    return file;
  }

  /** Opens over the damage, asks, lets the background work, asks again, and ends. */
  void look(Incarnation process, String file) {
    process.faults.pause(true);
    inThread(process, process::open, "does not open with damage in " + file);
    if (!process.isOpen()) {
      throw new Broken("does not open", "with damage in " + file);
    }
    inThread(process, () -> clients.forEach(client -> ask(process, client, file)), file);
    process.scheduler.run(process.scheduler::idle, TURNS_MAX);
    inThread(process, () -> clients.forEach(client -> ask(process, client, file)), file);
    inThread(process, process.database()::close, "a stop with damage in " + file);
    process.bury();
    UnexpectedErrors.forget();
    String kind = Faults.kindOf(file);
    world.sightings.saw(told > 0 ? "rot of " + kind + " told" : "rot of " + kind + " harmless");
  }

  private static void inThread(Incarnation process, Runnable body, String what) {
    boolean[] done = {false};
    process.scheduler.start(
        "rot",
        false,
        () -> {
          body.run();
          done[0] = true;
        });
    BooleanSupplier until = () -> done[0];
    process.scheduler.run(until, TURNS_MAX);
    Throwable failure = process.scheduler.failure();
    if (failure instanceof Broken broken) {
      throw broken;
    }
    if (failure != null) {
      throw new Broken("damage makes it fail", what + ": " + failure, failure);
    }
    if (!done[0]) {
      throw new Broken("damage makes it stop", what);
    }
  }

  private void ask(Incarnation process, Client client, String file) {
    List<Contents> could = client.possible.all();
    if (could.stream().noneMatch(Contents::exists)) {
      return;
    }
    ask(process, client, new Question.Rows(Set.of(), Long.MAX_VALUE), file);
    List<Step.Kind> kinds = List.of(Step.Kind.QUERY, Step.Kind.COUNT, Step.Kind.SEARCH);
    for (int i = 0; i < QUESTIONS; i++) {
      ask(process, client, Question.draw(chance, could.getFirst(), kinds.get(i)), file);
    }
  }

  private void ask(Incarnation process, Client client, Question question, String file) {
    List<Contents> could = client.possible.all();
    Object answer;
    try {
      answer = question.ask(process.database(), client.name);
    } catch (ElanusException e) {
      refused(client, question, e, file);
      return;
    }
    if (could.stream().noneMatch(c -> question.allowed(c) && question.fits(answer, c))) {
      throw new Broken(
          "a wrong answer after damage",
          file + ": " + Differences.tell(question, answer, could, client.name));
    }
  }

  private void refused(Client client, Question question, ElanusException e, String file) {
    if (e.code() == ErrorCode.DATA_CORRUPT) {
      told++;
      if (!damaged.isEmpty() && !damaged.equals(client.name)) {
        throw new Broken("damage in one collection is told of another", file, e);
      }
      damaged = client.name;
      return;
    }
    boolean allowed =
        e.code().kind() == ErrorCode.Kind.USER
            && client.possible.all().stream().anyMatch(contents -> !question.allowed(contents));
    if (!allowed) {
      throw new Broken("damage is told as something else", file + ": " + question, e);
    }
  }
}
