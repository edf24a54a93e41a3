package io.elanus.sim.run;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.info.IndexInfo;
import io.elanus.model.info.SegmentInfo;
import io.elanus.sim.disk.SimulatedDisk;
import io.elanus.sim.model.Contents;
import java.util.List;
import java.util.function.Consumer;

/**
 * After the last operation every fault is healed, and the database must come to rest: background
 * work ends, indexes are complete, compactions end, writes work, and nothing is left behind on the
 * disk. Looked at twice, the second time after another start.
 */
final class Peace {
  private static final int COMPACTIONS_MAX = 20;
  private static final int TURNS_MAX = 400_000;

  private final Simulation simulation;
  private final World world;
  private final List<Client> clients;

  Peace(Simulation simulation, World world, List<Client> clients) {
    this.simulation = simulation;
    this.world = world;
    this.clients = clients;
  }

  void rest() {
    Incarnation process = simulation.open();
    process.faults.heal();
    process.faults.pause(true);
    simulation.observe(process);
    process.faults.pause(true);
    inThread(process, "settling", this::settle);
    come(process);
    inThread(process, "looking", this::indexed);
    simulation.observe(process);
    process.faults.pause(true);
    end(process);
    simulation.succeed(process);

    Incarnation again = simulation.open();
    again.faults.heal();
    simulation.observe(again);
    again.faults.pause(true);
    come(again);
    inThread(again, "looking", p -> leftovers(p, again.disk));
    end(again);
    again.bury();
  }

  private void inThread(Incarnation process, String what, Consumer<Incarnation> body) {
    boolean[] done = {false};
    process.scheduler.start(
        what,
        false,
        () -> {
          try {
            body.accept(process);
          } catch (ElanusException e) {
            throw new Broken("no peace", what, e);
          }
          done[0] = true;
        });
    simulation.runUntil(process, () -> done[0]);
  }

  /** Until the background has nothing to do. */
  private void come(Incarnation process) {
    simulation.runUntil(process, process.scheduler::idle);
  }

  private void end(Incarnation process) {
    simulation.close(process);
    if (process.disk.openFiles() != 0) {
      throw new Broken("files left open", process.disk.openFiles() + " after the end");
    }
  }

  /** Everything is sealed and merged as far as it goes. */
  private void settle(Incarnation process) {
    Database database = process.database();
    boolean byKey = !world.configuration.clusteringKey().isEmpty();
    for (Client client : clients) {
      if (!client.possible.any().exists()) {
        continue;
      }
      database.jobs().flush(Caller.SYSTEM, client.name);
      for (int i = 0; ; i++) {
        long id =
            byKey
                ? database.jobs().cluster(Caller.SYSTEM, client.name)
                : database.jobs().compact(Caller.SYSTEM, client.name);
        if (id < 0) {
          break;
        }
        if (i == COMPACTIONS_MAX) {
          throw new Broken("compactions without end", client.name);
        }
        for (int turn = 0; turn < TURNS_MAX; turn++) {
          if (database.jobs().compaction(Caller.SYSTEM, id).state()
              == io.elanus.model.info.CompactionInfo.State.COMPLETED) {
            break;
          }
          Thread.yield();
        }
      }
    }
  }

  private void indexed(Incarnation process) {
    Database database = process.database();
    long disordered = process.database().backlog().unclusteredRows();
    if (disordered > 0) {
      throw new Broken("rows are out of order", disordered + " after clustering was asked for");
    }
    for (Client client : clients) {
      Contents contents = client.possible.any();
      if (!contents.exists()) {
        continue;
      }
      for (IndexInfo index : database.indexes().describe(Caller.SYSTEM, client.name, "")) {
        if (index.pendingRows() != 0 || !index.failure().isEmpty()) {
          throw new Broken("an index is not complete", client.name + " " + index);
        }
      }
      for (SegmentInfo segment : database.collections().segments(Caller.SYSTEM, client.name)) {
        if (segment.state() == SegmentInfo.State.GROWING || segment.deletedRowCount() > 0) {
          throw new Broken("a segment is not at rest", client.name + " " + segment);
        }
      }
    }
  }

  /**
   * Files that belong to nothing. What was sealed may grow again: a power cut undoes the renaming
   * of a manifest whose folder could not be forced, and the one of before relies on the log.
   */
  private void leftovers(Incarnation process, SimulatedDisk disk) {
    Database database = process.database();
    long segments = 0;
    int collections = 0;
    for (Client client : clients) {
      if (client.possible.any().exists()) {
        collections++;
        segments +=
            database.collections().segments(Caller.SYSTEM, client.name).stream()
                .filter(segment -> segment.state() != SegmentInfo.State.GROWING)
                .count();
      }
    }
    List<String> objects = disk.files("/data/objects");
    long rows = objects.stream().filter(path -> path.endsWith("/data.arrow")).count();
    long unfinished = objects.stream().filter(path -> path.endsWith(".unfinished")).count();
    long manifests = objects.stream().filter(path -> path.endsWith("/manifest")).count();
    long logs = disk.files("/data/log").stream().map(path -> path.split("/")[3]).distinct().count();
    if (rows != segments || unfinished > 0 || manifests > collections || logs > collections) {
      throw new Broken(
          "files left behind",
          "%d segments of %d collections, %d logs: %s"
              .formatted(segments, collections, logs, objects));
    }
    world.sightings.saw("peace with segments", segments > 0 ? 1 : 0);
    boolean byKey = !world.configuration.clusteringKey().isEmpty();
    world.sightings.saw("peace with clustered segments", byKey && segments > 2 ? 1 : 0);
  }
}
