package io.elanus.app.rag.embed;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.embed.Embedder;
import io.elanus.rag.embed.Model;
import io.elanus.rag.embed.Tokens;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An embedder that is made when it is first asked something, so that a server starts without. */
final class LazyEmbedder implements Embedder {
  private final Supplier<Embedder> maker;
  // Not a monitor: many virtual threads may wait here while the model is read.
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Embedder made;
  private boolean closed;

  LazyEmbedder(Supplier<Embedder> maker) {
    this.maker = maker;
  }

  private Embedder made() {
    Embedder present = made;
    if (present != null) {
      return present;
    }
    lock.lock();
    try {
      if (closed) {
        throw new ElanusException(ErrorCode.NOT_READY, "the server is stopping");
      }
      Embedder embedder = made;
      if (embedder == null) {
        embedder = maker.get();
        made = embedder;
      }
      return embedder;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Model model() {
    return made().model();
  }

  @Override
  public List<float[]> embed(List<String> texts, Purpose purpose) {
    return made().embed(texts, purpose);
  }

  @Override
  public Tokens tokens() {
    return made().tokens();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      Embedder embedder = made;
      if (embedder != null) {
        embedder.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
