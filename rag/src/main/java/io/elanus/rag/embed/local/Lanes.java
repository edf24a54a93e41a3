package io.elanus.rag.embed.local;

import io.elanus.rag.embed.Embedder.Purpose;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** Work for the model's threads: a question goes before all documents that wait. */
final class Lanes {
  private final Executor executor;
  private final Queue<Runnable> queries = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> documents = new ConcurrentLinkedQueue<>();

  Lanes(Executor executor) {
    this.executor = executor;
  }

  /**
   * @throws java.util.concurrent.RejectedExecutionException where the executor takes nothing more
   */
  void add(Purpose purpose, Runnable work) {
    Queue<Runnable> lane = purpose == Purpose.QUERY ? queries : documents;
    lane.add(work);
    try {
      executor.execute(this::next);
    } catch (RuntimeException e) {
      lane.remove(work);
      throw e;
    }
  }

  /** As many calls as there was work; not each the work it was asked for. */
  private void next() {
    Runnable work = queries.poll();
    if (work == null) {
      work = documents.poll();
    }
    if (work != null) {
      work.run();
    }
  }
}
