package io.elanus.server.wire.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpResponse;
import io.elanus.model.query.Consistency;
import io.elanus.server.Mount;
import io.elanus.server.fixture.EchoDatabase;
import io.elanus.server.fixture.Requests;
import io.elanus.server.fixture.RunningServer;
import io.elanus.server.guard.OpenGuard;
import io.elanus.server.wire.calls.SystemCalls;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.milvus.grpc.ConnectRequest;
import io.milvus.grpc.ConnectResponse;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.MilvusServiceGrpc;
import java.io.DataInputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients rely on before and between their calls. */
class ConnectionsTest {
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int SETTINGS = 4;
  private static final int ACK = 1;

  private static final EchoDatabase database = new EchoDatabase();
  private static RunningServer server;

  @BeforeAll
  static void start() {
    Mount rest = builder -> builder.service("/mounted", (c, r) -> HttpResponse.of("beside gRPC"));
    server = new RunningServer(database, new OpenGuard(), rest);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void connectAnswersAUniqueIdentifierAndTheVersion() {
    ConnectResponse first = server.stub().connect(ConnectRequest.getDefaultInstance());
    ConnectResponse second = server.stub().connect(ConnectRequest.getDefaultInstance());
    assertThat(first.getIdentifier()).isPositive().isNotEqualTo(second.getIdentifier());
    assertThat(first.getServerInfo().getBuildTags()).isEqualTo(SystemCalls.COMPATIBLE_VERSION);
    assertThat(first.getServerInfo().getDeployMode()).isEqualTo("STANDALONE");
    assertThat(server.stub().getVersion(GetVersionRequest.getDefaultInstance()).getVersion())
        .matches("\\d+\\.\\d+\\.\\d+");
  }

  @Test
  void databaseOfTheConnectionGivesWayToTheRequests() {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("dbname", Metadata.ASCII_STRING_MARSHALLER), "books");
    headers.put(Metadata.Key.of("identifier", Metadata.ASCII_STRING_MARSHALLER), "12");
    var stub =
        MilvusServiceGrpc.newBlockingStub(
            ClientInterceptors.intercept(
                server.channel(), MetadataUtils.newAttachHeadersInterceptor(headers)));
    DescribeCollectionRequest request =
        DescribeCollectionRequest.newBuilder().setCollectionName("c").build();
    assertThat(stub.describeCollection(request).getStatus().getReason())
        .isEqualTo("collection not found[database=books][collection=c]");
    assertThat(database.lastCaller.database()).isEqualTo("books");
    stub.describeCollection(request.toBuilder().setDbName("films").build());
    assertThat(database.lastCaller.database()).isEqualTo("films");
    server.stub().describeCollection(request);
    assertThat(database.lastCaller.database()).isEqualTo("default");
  }

  @Test
  void largeInsertsPass() {
    server.stub().createCollection(Requests.createCollection("large"));
    int rows = 700_000;
    var insert = Requests.insert("large", rows);
    assertThat(insert.getSerializedSize()).isGreaterThan(12 << 20);
    var answer = server.stub().insert(insert);
    assertThat(answer.getStatus().getReason()).isEmpty();
    assertThat(answer.getInsertCnt()).isEqualTo(rows);
  }

  @Test
  void levelLeftOpenIsTheCollections() {
    server
        .stub()
        .createCollection(
            Requests.createCollection("c").toBuilder()
                .setConsistencyLevel(io.milvus.grpc.ConsistencyLevel.Bounded)
                .build());
    server.stub().insert(Requests.insert("c", 2));
    server
        .stub()
        .search(
            Requests.search("c", 1, 10).toBuilder()
                .setUseDefaultConsistency(true)
                .setGuaranteeTimestamp(1)
                .build());
    assertThat(((io.elanus.model.query.SearchRequest) database.lastRequest).consistency())
        .isEqualTo(Consistency.BOUNDED);
  }

  @Test
  void healthAndOtherProtocolsShareThePort() throws Exception {
    assertThat(
            HealthGrpc.newBlockingStub(server.channel())
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/mounted");
      var response =
          http.send(
              HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).build(),
              java.net.http.HttpResponse.BodyHandlers.ofString());
      assertThat(response.body()).isEqualTo("beside gRPC");
    }
  }

  /**
   * A client may ping as often as it likes without a call: every ping is answered, none punished.
   */
  @Test
  void pingsWithoutCallsAreAnswered() throws Exception {
    int pings = 200;
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.write(frame(SETTINGS, 0, 0));
      out.write(frame(SETTINGS, ACK, 0));
      for (int i = 0; i < pings; i++) {
        out.write(frame(PING, 0, 8));
      }
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int answered = 0;
      while (answered < pings) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        in.readInt();
        in.skipNBytes(length);
        assertThat(type).as("no GOAWAY").isNotEqualTo(GOAWAY);
        answered += type == PING && (flags & ACK) != 0 ? 1 : 0;
      }
      assertThat(answered).isEqualTo(pings);
    }
  }

  private static byte[] frame(int type, int flags, int length) {
    byte[] frame = new byte[9 + length];
    frame[2] = (byte) length;
    frame[3] = (byte) type;
    frame[4] = (byte) flags;
    return frame;
  }
}
