package io.elanus.sim.run;

import io.elanus.engine.database.FolderLogs;
import io.elanus.engine.database.LocalDatabase;
import io.elanus.engine.database.Stores;
import io.elanus.engine.read.SameThread;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.sim.disk.SimulatedCatalog;
import io.elanus.sim.disk.SimulatedDisk;
import io.elanus.sim.disk.SimulatedFileSystem;
import io.elanus.sim.disk.SimulatedLogFiles;
import io.elanus.sim.schedule.Scheduler;
import io.elanus.sim.schedule.UnhurriedLogs;
import io.elanus.store.object.LocalFolders;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.time.HybridTimestamps;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One life of the process: a database with all it stands on, from its start to its end or death.
 * What stands in the product's own wiring is wired here the same way.
 */
final class Incarnation {
  private final Configuration configuration;
  private final InstantSource clock;
  final SimulatedDisk disk;
  final SimulatedCatalog catalog;
  final Scheduler scheduler;
  final Faults faults;
  private final Random idling;

  private @Nullable LocalDatabase database;
  private boolean stopping;
  private boolean over;

  Incarnation(
      Configuration configuration,
      InstantSource clock,
      SimulatedDisk disk,
      SimulatedCatalog catalog,
      Scheduler scheduler,
      Faults faults,
      Random idling) {
    this.configuration = configuration;
    this.clock = clock;
    this.disk = disk;
    this.catalog = catalog;
    this.scheduler = scheduler;
    this.faults = faults;
    this.idling = idling;
    disk.watch(faults);
    catalog.watch(faults);
  }

  /** Called in a thread of this process. */
  void open() {
    SimulatedFileSystem system = new SimulatedFileSystem(disk);
    Path data = system.getPath("/data");
    try {
      // As the lock of the data folder does, which is not simulated.
      LocalFolders.createRoot(data);
    } catch (IOException e) {
      throw new ElanusException(ErrorCode.INTERNAL, "the data folder cannot be used", e);
    }
    Stores stores =
        new Stores(
            catalog,
            new LocalObjects(data.resolve("objects")),
            new UnhurriedLogs(
                new FolderLogs(
                    data.resolve("log"),
                    configuration.logFileBytes(),
                    folder -> new SimulatedLogFiles(system, folder)),
                configuration.idlePercent(),
                idling),
            new HybridTimestamps(clock, catalog));
    database =
        LocalDatabase.open(
            stores,
            new LocalDatabase.Setup(
                new CallersThread(),
                new Background(scheduler, configuration.backgroundThreads()),
                clock,
                configuration.writes()));
  }

  LocalDatabase database() {
    LocalDatabase present = database;
    if (present == null) {
      throw new IllegalStateException("the process is not open");
    }
    return present;
  }

  boolean isOpen() {
    return database != null;
  }

  /** Clients end after what they are doing. */
  void stop() {
    stopping = true;
  }

  boolean stopping() {
    return stopping;
  }

  /** What threads of a dead process still find out is nobody's business. */
  static final class Over extends RuntimeException {}

  void refuseOver() {
    if (over) {
      throw new Over();
    }
  }

  /** After death: lets what is left of it run out, on a disk that nobody will see. */
  void bury() {
    over = true;
    stopping = true;
    faults.turnOff();
    scheduler.runInOrder();
    scheduler.start(
        "burial",
        false,
        () -> {
          if (isOpen()) {
            database().close();
          }
        });
    scheduler.run(() -> false, 100_000);
  }

  /** So many threads, each taking one task after the other. */
  private static final class Background implements Executor {
    private final Scheduler scheduler;
    private final int threadsMax;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int threads;

    Background(Scheduler scheduler, int threadsMax) {
      this.scheduler = scheduler;
      this.threadsMax = threadsMax;
    }

    @Override
    public void execute(Runnable task) {
      waiting.add(task);
      if (threads < threadsMax) {
        threads++;
        scheduler.start("background", true, this::work);
      }
    }

    private void work() {
      for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
        Thread.yield();
        task.run();
      }
      threads--;
    }
  }

  /** Searches run in the thread of who asks, which others interrupt between two segments. */
  private static final class CallersThread extends SameThread {
    @Override
    public void execute(Runnable task) {
      Thread.yield();
      super.execute(task);
      Thread.yield();
    }
  }
}
