package io.elanus.rag.embed.cache;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Model;
import io.elanus.rag.embed.Tokens;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Questions that come while others are being embedded go together in one call, which is cheaper;
 * nobody ever waits for company.
 *
 * <p>There are as many leaders as calls may run at once. A caller that finds a free place leads: it
 * embeds its own texts with all that queued before it, and when it is through hands its place to
 * the longest waiting, so that nobody works for others after its own answer is there. Documents are
 * batches already and pass by.
 */
public final class GroupedEmbedder implements Embedder {
  private final Embedder inner;
  private final int textsMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private int leadersFree;

  private static final class Waiting {
    final List<String> texts;

    /** The vectors, or empty: lead. */
    final CompletableFuture<List<float[]>> told = new CompletableFuture<>();

    Waiting(List<String> texts) {
      this.texts = texts;
    }
  }

  /**
   * @param callsMax of questions at once
   * @param textsMax in one call
   */
  public GroupedEmbedder(Embedder inner, int callsMax, int textsMax) {
    this.inner = inner;
    this.leadersFree = callsMax;
    this.textsMax = textsMax;
  }

  @Override
  public Model model() {
    return inner.model();
  }

  @Override
  public Tokens tokens() {
    return inner.tokens();
  }

  @Override
  public List<float[]> embed(List<String> texts, Purpose purpose) {
    if (texts.isEmpty()) {
      return List.of();
    }
    if (purpose == Purpose.DOCUMENT || texts.size() >= textsMax) {
      return inner.embed(texts, purpose);
    }
    Waiting own = new Waiting(texts);
    if (!leads(own)) {
      List<float[]> vectors = told(own);
      if (!vectors.isEmpty()) {
        return vectors;
      }
    }
    return lead(own);
  }

  private boolean leads(Waiting own) {
    lock.lock();
    try {
      if (leadersFree > 0) {
        leadersFree--;
        return true;
      }
      queue.add(own);
      return false;
    } finally {
      lock.unlock();
    }
  }

  private List<float[]> told(Waiting own) {
    try {
      return own.told.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ElanusException refused) {
        throw new ElanusException(refused.code(), refused.getMessage(), refused);
      }
      throw new IllegalStateException("the embedder failed by a bug", e.getCause());
    } catch (InterruptedException e) {
      leave(own);
      Thread.currentThread().interrupt();
      throw new ElanusException(ErrorCode.CANCELED, "the wait for embeddings was ended", e);
    }
  }

  /** A leader's place that came just now goes on to the next. */
  private void leave(Waiting own) {
    lock.lock();
    try {
      boolean waited = queue.remove(own);
      if (!waited && own.told.isDone() && !own.told.isCompletedExceptionally()) {
        if (own.told.join().isEmpty()) {
          handOn();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private List<float[]> lead(Waiting own) {
    List<Waiting> group = group(own);
    try {
      if (group.size() == 1) {
        return inner.embed(own.texts, Purpose.QUERY);
      }
      List<String> texts = new ArrayList<>();
      group.forEach(one -> texts.addAll(one.texts));
      List<float[]> vectors;
      try {
        vectors = inner.embed(texts, Purpose.QUERY);
      } catch (ElanusException e) {
        return apart(group, own, e);
      }
      int from = 0;
      List<float[]> answer = List.of();
      for (Waiting one : group) {
        List<float[]> part = List.copyOf(vectors.subList(from, from + one.texts.size()));
        from += part.size();
        one.told.complete(part);
        answer = one == own ? part : answer;
      }
      return answer;
    } catch (RuntimeException | Error e) {
      group.forEach(one -> one.told.completeExceptionally(e));
      throw e;
    } finally {
      lock.lock();
      try {
        handOn();
      } finally {
        lock.unlock();
      }
    }
  }

  /** One caller's bad text is not the others' trouble; a provider that is down is everybody's. */
  private List<float[]> apart(List<Waiting> group, Waiting own, ElanusException together) {
    if (together.code().kind() != ErrorCode.Kind.USER) {
      throw together;
    }
    for (Waiting one : group) {
      if (one != own) {
        try {
          one.told.complete(inner.embed(one.texts, Purpose.QUERY));
        } catch (RuntimeException e) {
          one.told.completeExceptionally(e);
        }
      }
    }
    return inner.embed(own.texts, Purpose.QUERY);
  }

  private List<Waiting> group(Waiting own) {
    List<Waiting> group = new ArrayList<>();
    group.add(own);
    int size = own.texts.size();
    lock.lock();
    try {
      Waiting next = queue.peek();
      while (next != null && size + next.texts.size() <= textsMax) {
        size += next.texts.size();
        group.add(next);
        queue.remove();
        next = queue.peek();
      }
    } finally {
      lock.unlock();
    }
    return group;
  }

  private void handOn() {
    Waiting next = queue.poll();
    if (next == null) {
      leadersFree++;
    } else {
      next.told.complete(List.of());
    }
  }

  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  int leadersFree() {
    lock.lock();
    try {
      return leadersFree;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    inner.close();
  }
}
