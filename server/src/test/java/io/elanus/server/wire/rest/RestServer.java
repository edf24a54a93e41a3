package io.elanus.server.wire.rest;

import io.elanus.model.Database;
import io.elanus.server.ElanusServer;
import io.elanus.server.ServerConfig;
import io.elanus.server.admin.CallMetrics;
import io.elanus.server.fixture.RunningServer;
import io.elanus.server.guard.Guard;
import io.elanus.server.wire.calls.MilvusCalls;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** REST alone on a free port over some database. */
final class RestServer implements AutoCloseable {
  final MeterRegistry meters = new SimpleMeterRegistry();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final ElanusServer server;

  RestServer(Database database, Guard guard, RestConfig config) {
    RestService service =
        new RestService(
            MilvusCalls.over(database, InstantSource.system()),
            guard,
            executor,
            InstantSource.system(),
            config,
            new CallMetrics(meters));
    server =
        ElanusServer.start(
            ServerConfig.at("127.0.0.1", RunningServer.freePort()),
            List.of(new RestMount(service)));
  }

  int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
    executor.close();
  }
}
