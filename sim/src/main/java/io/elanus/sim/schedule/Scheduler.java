package io.elanus.sim.schedule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs threads of one simulated process, one at a time, on the thread that calls {@link #run}. They
 * give way at {@link Thread#yield} and wherever they wait for a lock.
 */
public final class Scheduler {
  /** Told who goes on. */
  public interface Listener {
    void picked(String thread);
  }

  /**
   * How threads are picked, by chance.
   *
   * @param samePercent whoever gave way goes on
   * @param backgroundWaitsPercent another is picked instead of one of the background
   * @param stallsPermille whoever gives way is not picked for long, as behind a slow disk
   * @param wakesLatePercent whoever waited for another is not picked for long after it was woken
   */
  public record Manner(
      int samePercent, int backgroundWaitsPercent, int stallsPermille, int wakesLatePercent) {}

  private static final int STALL_TURNS_MAX = 400;
  private static final long OUTSIDE_NANOS_MAX = 5_000_000_000L;

  private final Random chance;
  private final Manner manner;
  private final Listener listener;
  private final List<Task> ready = new ArrayList<>();
  private final List<Task> stalled = new ArrayList<>();
  private final Map<String, Thread> threads = new LinkedHashMap<>();
  private @Nullable Throwable failure;
  private @Nullable Task last;

  /** Whose turn it is; whoever goes on without having had it was woken. */
  private @Nullable Task running;

  private boolean inOrder;
  private int started;

  /** Threads that the JVM's own let go on. */
  private final Queue<Task> fromOutside = new ConcurrentLinkedQueue<>();

  private final Thread driver = Thread.currentThread();
  private int turn;

  /** One thread, and the piece of it that can go on. */
  private static final class Task implements Executor {
    final Scheduler scheduler;
    final String name;
    final boolean background;
    @Nullable Runnable piece;
    int stalledUntil;

    Task(Scheduler scheduler, String name, boolean background) {
      this.scheduler = scheduler;
      this.name = name;
      this.background = background;
    }

    @Override
    public void execute(Runnable next) {
      if (piece != null) {
        // Asking for a waiting thread's stack submits it again.
        return;
      }
      piece = next;
      if (Thread.currentThread() == scheduler.driver || Thread.currentThread().isVirtual()) {
        scheduler.goesOn(this);
      } else {
        scheduler.fromOutside.add(this);
      }
    }
  }

  public Scheduler(Random chance, Manner manner, Listener listener) {
    this.chance = chance;
    this.manner = manner;
    this.listener = listener;
  }

  /** Starts a thread; what it throws ends the run. */
  public void start(String kind, boolean background, Runnable body) {
    String name = kind + "-" + started++;
    Task task = new Task(this, name, background);
    Thread thread =
        VirtualThreads.create(
            task,
            name,
            () -> {
              try {
                body.run();
              } catch (Throwable e) {
                failure = failure == null && !inOrder ? e : failure;
              } finally {
                threads.remove(name);
              }
            });
    threads.put(name, thread);
    thread.start();
  }

  /** What a thread died of. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Threads that have not ended. */
  public List<Thread> living() {
    return List.copyOf(threads.values());
  }

  /** Whether nobody can go on. */
  public boolean idle() {
    takeFromOutside();
    long deadline = System.nanoTime() + OUTSIDE_NANOS_MAX;
    while (ready.isEmpty() && stalled.isEmpty() && isHeldFromOutside()) {
      if (System.nanoTime() > deadline) {
        return true;
      }
      LockSupport.parkNanos(100_000);
      takeFromOutside();
    }
    return ready.isEmpty() && stalled.isEmpty();
  }

  /**
   * Whether a thread waits for a monitor rather than for one of the others: the JVM's own threads,
   * its cleaner say, take some as well, and let it go on from a thread of theirs.
   */
  private boolean isHeldFromOutside() {
    return threads.values().stream()
        .map(Thread::getState)
        .anyMatch(state -> state == Thread.State.BLOCKED || state == Thread.State.RUNNABLE);
  }

  private void takeFromOutside() {
    for (Task task = fromOutside.poll(); task != null; task = fromOutside.poll()) {
      goesOn(task);
    }
  }

  private void goesOn(Task task) {
    boolean stalls =
        !inOrder
            && (stalls(manner.stallsPermille, 1_000)
                || (task != running && stalls(manner.wakesLatePercent, 100)));
    if (stalls) {
      task.stalledUntil = turn + chance.nextInt(STALL_TURNS_MAX);
      stalled.add(task);
    } else {
      ready.add(task);
    }
  }

  private boolean stalls(int share, int of) {
    return share > 0 && chance.nextInt(of) < share;
  }

  /** Those whose time has come, or all where nobody else can go on. */
  private void wakeStalled() {
    boolean all = ready.isEmpty() || inOrder;
    for (int i = 0; i < stalled.size(); ) {
      if (all || stalled.get(i).stalledUntil <= turn) {
        ready.add(stalled.remove(i));
      } else {
        i++;
      }
    }
  }

  /** From now on whoever waits longest goes on, and nobody is told. */
  public void runInOrder() {
    inOrder = true;
  }

  /**
   * Lets threads go on until the condition holds, nobody can go on, a thread failed, or so many
   * turns were taken; answers how many were.
   */
  public int run(BooleanSupplier until, int turnsMax) {
    int turns = 0;
    while (turns < turnsMax && (failure == null || inOrder) && !idle() && !until.getAsBoolean()) {
      turn++;
      takeFromOutside();
      if (!stalled.isEmpty()) {
        wakeStalled();
      }
      Task task = ready.remove(pick());
      Runnable piece = task.piece;
      if (piece == null) {
        throw new IllegalStateException(task.name + " has nothing to go on with");
      }
      task.piece = null;
      last = task;
      if (!inOrder) {
        listener.picked(task.name);
      }
      running = task;
      piece.run();
      running = null;
      turns++;
    }
    return turns;
  }

  private int pick() {
    int count = ready.size();
    if (inOrder || count == 1) {
      return 0;
    }
    if (ready.getLast() == last && chance.nextInt(100) < manner.samePercent) {
      return count - 1;
    }
    int index = chance.nextInt(count);
    if (ready.get(index).background && chance.nextInt(100) < manner.backgroundWaitsPercent) {
      index = chance.nextInt(count);
    }
    return index;
  }
}
