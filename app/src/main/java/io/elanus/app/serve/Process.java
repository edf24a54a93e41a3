package io.elanus.app.serve;

import io.elanus.app.rag.DocumentStates;
import io.elanus.app.rag.Rag;
import io.elanus.app.telemetry.Tracing;
import io.elanus.engine.database.FolderLogs;
import io.elanus.engine.database.LocalDatabase;
import io.elanus.engine.database.Stores;
import io.elanus.engine.write.Limits;
import io.elanus.engine.write.WriteConfig;
import io.elanus.server.ElanusServer;
import io.elanus.server.ServerConfig;
import io.elanus.server.admin.AdminConfig;
import io.elanus.server.admin.AdminServer;
import io.elanus.server.admin.CallMetrics;
import io.elanus.server.admin.Readiness;
import io.elanus.server.admin.ResidentMemory;
import io.elanus.server.admin.ServerMeters;
import io.elanus.server.guard.Guard;
import io.elanus.server.guard.OpenGuard;
import io.elanus.server.guard.PasswordGuard;
import io.elanus.server.guard.Secret;
import io.elanus.server.wire.backup.BackupMount;
import io.elanus.server.wire.calls.MilvusCalls;
import io.elanus.server.wire.grpc.GrpcMount;
import io.elanus.server.wire.grpc.MilvusService;
import io.elanus.server.wire.rest.RestConfig;
import io.elanus.server.wire.rest.RestMount;
import io.elanus.server.wire.rest.RestService;
import io.elanus.store.backup.HeldObjects;
import io.elanus.store.catalog.SqliteCatalog;
import io.elanus.store.log.LocalLogFiles;
import io.elanus.store.object.DataFolderLock;
import io.elanus.store.object.LocalObjects;
import io.elanus.store.time.HybridTimestamps;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Everything embedded, wired on one screen: stores, database, guard, the two ports. What was
 * started last is stopped first.
 */
final class Process implements AutoCloseable {
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final ElanusServer server;
  private final AdminServer admin;
  private final LocalDatabase database;

  /** Ready to serve when this returns; stops what it started when it fails. */
  static Process start(Settings settings) {
    Deque<AutoCloseable> started = new ArrayDeque<>();
    try {
      return new Process(settings, started);
    } catch (RuntimeException e) {
      closeAll(started);
      throw e;
    }
  }

  private Process(Settings settings, Deque<AutoCloseable> begun) {
    InstantSource clock =
        InstantSource.offset(InstantSource.system(), settings.sizes().clockOffset());
    Path data = settings.data().toAbsolutePath().normalize();
    Readiness readiness = Readiness.notYet("starting");
    begun.push(DataFolderLock.take(data));
    RestoreMark.refuse(data);
    Thread.ofPlatform().daemon().name("prepare").start(GrpcMount::prepare);

    ExecutorService calls = begin(begun, Executors.newVirtualThreadPerTaskExecutor());
    Limits limits = ProcessLimits.of(settings.sizes(), data);
    LocalObjects objects = new LocalObjects(data.resolve(FolderDatabase.OBJECTS));
    HeldObjects documents = new HeldObjects(objects);
    Stores stores = stores(settings.sizes(), objects, data, clock, begun);
    database = database(settings.sizes(), limits, stores, documents, clock, begun);
    ServerMeters meters =
        begin(begun, ServerMeters.start(new ResidentMemory(Path.of("/proc/self/status"))));
    meters.watch(database, clock);
    Ticks.watch(database, meters.registry());
    ProcessLimits.watch(limits, meters.registry());
    begin(begun, Ticks.start(database, threads("tick")));

    Guard guard = guard(settings);
    ServerConfig config = config(settings);
    MilvusCalls milvus = MilvusCalls.over(database, clock);
    CallMetrics metrics = new CallMetrics(meters.registry());
    Tracing tracing =
        begin(begun, Tracing.start(settings.telemetry(), System.getenv(), meters.registry()));
    Rag rag =
        begin(
            begun,
            Rag.start(
                settings.rag(),
                database,
                documents,
                data,
                guard,
                tracing,
                calls,
                clock,
                meters.registry()));
    MilvusService service =
        new MilvusService(milvus, calls, clock, config.responseBytesMax(), metrics);
    RestService rest = new RestService(milvus, guard, calls, clock, RestConfig.defaults(), metrics);
    admin =
        begin(
            begun,
            AdminServer.start(
                new AdminConfig("127.0.0.1", settings.adminPort()),
                readiness,
                meters.registry(),
                calls,
                List.of()));
    server =
        begin(
            begun,
            ElanusServer.start(
                config,
                List.of(
                    tracing,
                    new GrpcMount(service, guard, config),
                    new RestMount(rest),
                    backups(documents, guard, calls),
                    rag)));
    readiness.setReady();
    begun.push(() -> readiness.setNotReady("stopping"));
    started.addAll(begun);
  }

  private BackupMount backups(HeldObjects documents, Guard guard, ExecutorService calls) {
    return new BackupMount(
        (caller, of, names) -> DocumentStates.cut(documents, database, caller, of, names),
        guard,
        calls);
  }

  private static Stores stores(
      Settings.Sizes sizes,
      LocalObjects objects,
      Path data,
      InstantSource clock,
      Deque<AutoCloseable> begun) {
    SqliteCatalog catalog = begin(begun, SqliteCatalog.open(data.resolve(FolderDatabase.CATALOG)));
    return new Stores(
        catalog,
        objects,
        new FolderLogs(data.resolve(FolderDatabase.LOG), sizes.logFileBytes(), LocalLogFiles::new),
        new HybridTimestamps(clock, catalog));
  }

  /** With the threads that it runs on. */
  private static LocalDatabase database(
      Settings.Sizes sizes,
      Limits limits,
      Stores stores,
      HeldObjects documents,
      InstantSource clock,
      Deque<AutoCloseable> begun) {
    int cores = Runtime.getRuntime().availableProcessors();
    ExecutorService search = begin(begun, Executors.newFixedThreadPool(cores, threads("search")));
    int backgroundThreads = Math.max(1, cores / 2);
    ExecutorService background =
        begin(
            begun,
            Executors.newFixedThreadPool(
                backgroundThreads, LowPriority.threads(threads("background"))));
    WriteConfig writes = sizes.writes().withBuildHelpersMax(backgroundThreads - 1);
    return begin(
        begun,
        LocalDatabase.open(
            stores,
            new LocalDatabase.Setup(
                search,
                background,
                clock,
                writes,
                limits,
                Optional.of(DocumentStates.leftovers(documents)))));
  }

  private static Guard guard(Settings settings) {
    return settings
        .rootPassword()
        .<Guard>map(password -> new PasswordGuard(new Secret(password)))
        .orElseGet(OpenGuard::new);
  }

  private static ServerConfig config(Settings settings) {
    ServerConfig config = ServerConfig.at(settings.host(), settings.port());
    return settings.tlsCertificate().isPresent() && settings.tlsKey().isPresent()
        ? config.withTls(
            new ServerConfig.Tls(settings.tlsCertificate().get(), settings.tlsKey().get()))
        : config;
  }

  private static <T extends AutoCloseable> T begin(Deque<AutoCloseable> begun, T part) {
    begun.push(part);
    return part;
  }

  private static java.util.concurrent.ThreadFactory threads(String name) {
    return Thread.ofPlatform().name(name + "-", 0).daemon(true).factory();
  }

  int port() {
    return server.port();
  }

  int adminPort() {
    return admin.port();
  }

  /** Collections set aside because their data is damaged. */
  List<String> damaged() {
    return database.damaged();
  }

  int collectionCount() {
    return database.collectionCount();
  }

  @Override
  public void close() {
    closeAll(started);
  }

  private static void closeAll(Deque<AutoCloseable> started) {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        if (part instanceof ExecutorService executor) {
          executor.shutdownNow();
        } else {
          part.close();
        }
      } catch (Exception e) {
        System.getLogger(Process.class.getName())
            .log(System.Logger.Level.WARNING, "a part did not stop cleanly", e);
      }
    }
  }
}
