package io.elanus.rag.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.document.Documents;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All jobs: the queue of their documents, and their records.
 *
 * <p>A job is durable before it is accepted. What became of its documents is written at its end,
 * and at most once a second before: after a crash a document may be ingested again, which does no
 * harm. Bytes of documents are let go only when the record that says they are not needed is
 * durable.
 */
final class JobBoard implements WorkQueue {
  private static final Logger LOG = LoggerFactory.getLogger(JobBoard.class);
  private static final Duration SAVE_EVERY = Duration.ofSeconds(1);
  private static final Duration SAVE_AGAIN = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private final Documents documents;
  private final IngestLimits limits;
  private final InstantSource clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TreeMap<String, Job> jobs = new TreeMap<>();

  /** Oldest first, also those that are tried again: an older version never comes after a newer. */
  private final TreeSet<Waiting> waiting =
      new TreeSet<>(
          Comparator.comparing((Waiting one) -> one.work.job())
              .thenComparingInt(one -> one.work.number()));

  private final Set<DocumentKey> busy = new HashSet<>();
  private final Map<String, Instant> saved = new HashMap<>();
  private final Map<String, ReentrantLock> saving = new HashMap<>();
  private long waitingBytes;
  private boolean closed;

  /** A document in the queue; one that failed waits until its time. */
  private record Waiting(Work work, DocumentKey document, Instant notBefore, int tries) {
    static Waiting of(Work work, Instant notBefore, int tries) {
      return new Waiting(work, work.document(), notBefore, tries);
    }
  }

  /** Tries so far of what is out. */
  private final Map<Work, Integer> out = new HashMap<>();

  JobBoard(Documents documents, IngestLimits limits, InstantSource clock) {
    this.documents = documents;
    this.limits = limits;
    this.clock = clock;
  }

  /** Reads what there is, and queues what was not done. */
  void load() {
    for (String key : documents.list(Job.FOLDER)) {
      Optional<byte[]> bytes = documents.get(key);
      if (bytes.isEmpty()) {
        continue;
      }
      try {
        Job job = Job.read(bytes.get(), limits.errorsKept());
        lock.lock();
        try {
          // What was handed in before this is known already.
          if (jobs.putIfAbsent(job.head.id(), job) == null) {
            job.open().forEach(work -> enqueue(Waiting.of(work, Instant.MIN, 0)));
            changed.signalAll();
          }
        } finally {
          lock.unlock();
        }
      } catch (ElanusException e) {
        LOG.error("{}: {}", key, e.getMessage());
      }
    }
    forgetOld();
  }

  private void enqueue(Waiting one) {
    waiting.add(one);
    waitingBytes += one.work.bytes();
  }

  /**
   * Refuses what the queue has no room for, before anything of it is written.
   *
   * @throws ElanusException BUSY
   */
  void checkRoom(int documentCount, long bytes) {
    lock.lock();
    try {
      int count = waiting.size() + out.size();
      if (closed) {
        throw new ElanusException(ErrorCode.NOT_READY, "the server is stopping");
      }
      if (count > 0
          && (count + documentCount > limits.waitingDocumentsMax()
              || waitingBytes + bytes > limits.waitingBytesMax())) {
        throw new ElanusException(
            ErrorCode.BUSY,
            ("%d documents (%d MiB) wait to be ingested already, and there is room for %d (%d MiB);"
                    + " send these again when some are done")
                .formatted(
                    count,
                    waitingBytes >> 20,
                    limits.waitingDocumentsMax(),
                    limits.waitingBytesMax() >> 20));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Durable when this returns; its documents are the workers' from then on. */
  void add(Job job) {
    documents.put(Job.FOLDER + job.head.id(), job.toJson());
    lock.lock();
    try {
      if (job.isOver()) {
        job.settle();
      }
      jobs.put(job.head.id(), job);
      saved.put(job.head.id(), clock.instant());
      job.open().forEach(work -> enqueue(Waiting.of(work, Instant.MIN, 0)));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    forgetOld();
  }

  @Override
  public Work take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        if (closed) {
          throw new InterruptedException("closed");
        }
        Instant now = clock.instant();
        Instant next = Instant.MAX;
        Set<DocumentKey> delayed = new HashSet<>();
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
          Waiting one = each.next();
          if (busy.contains(one.document) || delayed.contains(one.document)) {
            continue;
          }
          if (one.notBefore.isAfter(now)) {
            delayed.add(one.document);
            next = one.notBefore.isBefore(next) ? one.notBefore : next;
            continue;
          }
          each.remove();
          busy.add(one.document);
          out.put(one.work, one.tries);
          Job job = jobs.get(one.work.job());
          if (job != null) {
            job.begin();
          }
          return one.work;
        }
        if (next.equals(Instant.MAX)) {
          changed.await();
        } else {
          long millis = Math.max(1, Duration.between(now, next).toMillis());
          boolean unused = changed.await(millis, TimeUnit.MILLISECONDS);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void finish(Work work, Outcome outcome) {
    lock.lock();
    try {
      release(work);
      waitingBytes -= work.bytes();
    } finally {
      lock.unlock();
    }
    settle(work, outcome);
  }

  private void release(Work work) {
    out.remove(work);
    busy.remove(work.document());
    changed.signalAll();
  }

  private void settle(Work work, Outcome outcome) {
    Job job;
    boolean due;
    lock.lock();
    try {
      job = jobs.get(work.job());
      if (job == null || !job.finish(work, outcome, clock.millis())) {
        return;
      }
      changed.signalAll();
      Instant last = saved.getOrDefault(work.job(), Instant.MIN);
      due = job.isOver() || last.plus(SAVE_EVERY).isBefore(clock.instant());
    } finally {
      lock.unlock();
    }
    if (due) {
      saveSurely(job);
    }
  }

  /**
   * A disk that is full is waited for: nobody else would write what became of the last document.
   */
  private void saveSurely(Job job) {
    while (true) {
      try {
        save(job);
        return;
      } catch (ElanusException e) {
        LOG.warn("what became of a job cannot be written yet: {}", e.getMessage());
      }
      lock.lock();
      try {
        if (closed || !job.isOver()) {
          return;
        }
        boolean unused = changed.await(SAVE_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void later(Work work, ElanusException reason) {
    lock.lock();
    try {
      int tries = out.getOrDefault(work, 0) + 1;
      release(work);
      Job job = jobs.get(work.job());
      if (job == null) {
        waitingBytes -= work.bytes();
        return;
      }
      job.waiting(reason.getMessage());
      long pause =
          Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(10, tries - 1));
      waiting.add(Waiting.of(work, clock.instant().plusMillis(pause), tries));
      if (job.isCanceled()) {
        // It was out when its job was canceled.
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    if (isCanceled(work.job())) {
      drop(one -> one.job().equals(work.job()), "the job was canceled");
    }
  }

  @Override
  public boolean isCanceled(String id) {
    lock.lock();
    try {
      Job job = jobs.get(id);
      return job == null || job.isCanceled();
    } finally {
      lock.unlock();
    }
  }

  /** What waits is dropped; what is being worked on stops soon. */
  void cancel(Job job) {
    lock.lock();
    try {
      if (!job.isOver()) {
        job.cancel();
      }
    } finally {
      lock.unlock();
    }
    save(job);
    drop(work -> work.job().equals(job.head.id()), "");
  }

  private void drop(Predicate<Work> which, String message) {
    List<Work> dropped = new ArrayList<>();
    lock.lock();
    try {
      for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
        Waiting one = each.next();
        if (which.test(one.work)) {
          each.remove();
          waitingBytes -= one.work.bytes();
          dropped.add(one.work);
        }
      }
    } finally {
      lock.unlock();
    }
    dropped.forEach(work -> settle(work, Outcome.canceled(message)));
  }

  /** Runs this while no worker has the document; what waits to be ingested into it is dropped. */
  void alone(DocumentKey document, Runnable action) {
    drop(work -> work.document().equals(document), "the document was deleted before its turn came");
    lock.lock();
    try {
      while (busy.contains(document)) {
        changed.awaitUninterruptibly();
      }
      busy.add(document);
    } finally {
      lock.unlock();
    }
    try {
      action.run();
    } finally {
      lock.lock();
      try {
        busy.remove(document);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether a version of this document waits or is being worked on. */
  boolean isPending(DocumentKey document) {
    lock.lock();
    try {
      return busy.contains(document)
          || waiting.stream().anyMatch(one -> one.document.equals(document));
    } finally {
      lock.unlock();
    }
  }

  Optional<Job> job(String id) {
    lock.lock();
    try {
      return Optional.ofNullable(jobs.get(id));
    } finally {
      lock.unlock();
    }
  }

  ObjectNode shown(Job job) {
    lock.lock();
    try {
      return job.shown();
    } finally {
      lock.unlock();
    }
  }

  /** Newest first. */
  List<Job> list() {
    lock.lock();
    try {
      return List.copyOf(jobs.descendingMap().values());
    } finally {
      lock.unlock();
    }
  }

  /** Until the job is over, or the time is. */
  void await(Job job, Instant until) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!job.isSettled() && !closed) {
        long millis = Duration.between(clock.instant(), until).toMillis();
        if (millis <= 0 || !changed.await(millis, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  int waitingDocuments() {
    lock.lock();
    try {
      return waiting.size() + out.size();
    } finally {
      lock.unlock();
    }
  }

  /** One at a time for each job, so that an older state never lands on a newer one. */
  private void save(Job job) {
    ReentrantLock mine;
    lock.lock();
    try {
      mine = saving.computeIfAbsent(job.head.id(), id -> new ReentrantLock());
    } finally {
      lock.unlock();
    }
    List<String> unneeded;
    mine.lock();
    try {
      byte[] json;
      boolean over;
      lock.lock();
      try {
        json = job.toJson();
        unneeded = job.takeDroppable();
        over = job.isOver();
        saved.put(job.head.id(), clock.instant());
      } finally {
        lock.unlock();
      }
      documents.put(Job.FOLDER + job.head.id(), json);
      if (over) {
        lock.lock();
        try {
          job.settle();
          saving.remove(job.head.id());
          saved.remove(job.head.id());
          changed.signalAll();
        } finally {
          lock.unlock();
        }
      }
    } finally {
      mine.unlock();
    }
    unneeded.forEach(documents::delete);
  }

  private void forgetOld() {
    List<String> old = new ArrayList<>();
    lock.lock();
    try {
      int kept = 0;
      Map<String, Job> newestFirst = new LinkedHashMap<>(jobs.descendingMap());
      for (Job job : newestFirst.values()) {
        if (job.isOver() && ++kept > limits.finishedJobsKept()) {
          jobs.remove(job.head.id());
          old.add(job.head.id());
        }
      }
    } finally {
      lock.unlock();
    }
    old.forEach(id -> documents.delete(Job.FOLDER + id));
  }

  /** Nothing is given out any more; what is not done stays for the next start. */
  void close() {
    List<Job> open;
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      open = jobs.values().stream().filter(job -> !job.isOver()).toList();
    } finally {
      lock.unlock();
    }
    for (Job job : open) {
      try {
        save(job);
      } catch (ElanusException e) {
        LOG.warn("what became of a job could not be written: {}", e.getMessage());
      }
    }
  }
}
