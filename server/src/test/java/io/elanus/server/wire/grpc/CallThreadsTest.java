package io.elanus.server.wire.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.server.fixture.EchoDatabase;
import io.elanus.server.fixture.Requests;
import io.elanus.server.fixture.RunningServer;
import io.elanus.server.guard.OpenGuard;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.SearchResults;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Which thread answers a search: the event loop's where it is short, another one where it is not.
 */
class CallThreadsTest {
  private static final int CALLS_MAX = 20_000;

  private final EchoDatabase database = new EchoDatabase();
  private RunningServer server;

  @BeforeEach
  void start() {
    server = new RunningServer(database, new OpenGuard());
    server.stub().createCollection(Requests.createCollection("c"));
    server.stub().insert(Requests.insert("c", 2));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shapesNeverMetGoToTheExecutor() {
    search(1);
    assertThat(database.lastSearchThread.isVirtual()).isTrue();
  }

  @Test
  void shortSearchesStayOnTheLoop() {
    int calls = 0;
    do {
      search(1);
    } while (database.lastSearchThread.isVirtual() && ++calls < CALLS_MAX);
    assertThat(database.lastSearchThread).isInstanceOf(FastThreadLocalThread.class);
  }

  @Test
  void longSearchesLeaveTheLoop() {
    database.beforeRows =
        () -> {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
          return null;
        };
    for (int i = 0; i < 20; i++) {
      search(1);
      assertThat(database.lastSearchThread.isVirtual()).isTrue();
    }
  }

  @Test
  void searchesThatArriveTogetherAreAllAnswered() throws Exception {
    shortSearchesStayOnTheLoop();
    var stub = MilvusServiceGrpc.newFutureStub(server.channel());
    List<Future<SearchResults>> answers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      answers.add(stub.search(Requests.search("c", 1, 10)));
    }
    for (Future<SearchResults> answer : answers) {
      assertThat(answer.get(20, TimeUnit.SECONDS).getResults().getTopks(0)).isEqualTo(2);
    }
  }

  private void search(int queries) {
    assertThat(server.stub().search(Requests.search("c", queries, 10)).getStatus().getReason())
        .isEmpty();
  }
}
