package io.elanus.rag.generate;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response for a thread that takes it piece by piece and may stop waiting at any
 * time. No more than one piece is asked of the connection ahead of its use: who sends a gigabyte
 * fills the sockets, not the heap.
 */
final class ResponseBytes implements HttpResponse.BodySubscriber<ResponseBytes>, AutoCloseable {
  /** What the connection brought. */
  sealed interface Piece {}

  record Bytes(List<ByteBuffer> buffers) implements Piece {}

  record End() implements Piece {}

  record Broken(String reason) implements Piece {}

  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private Flow.@Nullable Subscription subscription;
  private boolean closed;

  @Override
  public CompletionStage<ResponseBytes> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    if (closed) {
      given.cancel();
      return;
    }
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    pieces.add(new Bytes(buffers));
  }

  @Override
  public void onError(Throwable error) {
    pieces.add(new Broken(String.valueOf(error.getMessage())));
  }

  @Override
  public void onComplete() {
    pieces.add(new End());
  }

  /** The next piece; null where none came in that time. */
  @Nullable Piece next(long nanos) throws InterruptedException {
    Piece piece = pieces.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    if (piece instanceof Bytes) {
      askForMore();
    }
    return piece;
  }

  private synchronized void askForMore() {
    if (subscription != null && !closed) {
      subscription.request(1);
    }
  }

  /** Gives up the connection; a thread that waits is told that it is broken. */
  @Override
  public synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
    pieces.add(new Broken("given up"));
  }
}
