package io.elanus.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import io.elanus.app.hostile.Messages.Sent;
import io.elanus.testkit.damage.Edits;
import io.grpc.Status;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.PlaceholderGroup;
import io.milvus.grpc.PlaceholderType;
import io.milvus.grpc.PlaceholderValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Whatever arrives at the doors: an answer or an error that says what is wrong, never the
 * confession of a bug. Each input has a database of its own with one small collection.
 */
class WireFuzzTest {
  private static final List<String> METHODS =
      MilvusServiceGrpc.getServiceDescriptor().getMethods().stream()
          .map(method -> String.valueOf(method.getBareMethodName()))
          .sorted()
          .toList();

  private static final String[][] POSTS = {
    {
      "/collections/create",
      "{\"collectionName\":\"n\",\"dimension\":4,\"metricType\":\"L2\",\"params\":{\"ttlSeconds\":5}}"
    },
    {
      "/collections/create",
      "{\"collectionName\":\"n\",\"schema\":{\"fields\":[{\"fieldName\":\"id\",\"dataType\":\"Int64\","
          + "\"isPrimary\":true},{\"fieldName\":\"v\",\"dataType\":\"FloatVector\","
          + "\"elementTypeParams\":{\"dim\":\"4\"}}]},\"indexParams\":[{\"fieldName\":\"v\","
          + "\"indexName\":\"v\",\"metricType\":\"L2\",\"params\":{\"index_type\":\"HNSW\",\"M\":8}}]}"
    },
    {
      "/entities/insert",
      "{\"collectionName\":\"c\",\"data\":[{\"id\":5,\"s\":\"x\",\"j\":{\"a\":[1]},\"v\":[1,2.5],"
          + "\"p\":{\"1\":0.5},\"more\":{\"k\":[null,true]}}]}"
    },
    {
      "/entities/search",
      "{\"collectionName\":\"c\",\"data\":[[1,2]],\"annsField\":\"v\",\"limit\":3,\"offset\":0,"
          + "\"filter\":\"id > {low}\",\"exprParams\":{\"low\":0},\"outputFields\":[\"*\"],"
          + "\"searchParams\":{\"metricType\":\"L2\",\"params\":{\"ef\":20,\"radius\":90}}}"
    },
    {
      "/entities/hybrid_search",
      "{\"collectionName\":\"c\",\"search\":[{\"data\":[[1,2]],\"annsField\":\"v\",\"limit\":3},"
          + "{\"data\":[{\"1\":0.5}],\"annsField\":\"p\",\"limit\":3}],"
          + "\"rerank\":{\"strategy\":\"weighted\",\"params\":{\"weights\":[0.5,0.5]}},\"limit\":3}"
    },
    {"/entities/query", "{\"collectionName\":\"c\",\"filter\":\"id in [1,2]\",\"limit\":5}"},
    {"/entities/get", "{\"collectionName\":\"c\",\"id\":[1,2],\"outputFields\":[\"s\"]}"},
    {"/entities/delete", "{\"collectionName\":\"c\",\"filter\":\"id > 1\"}"},
    {
      "/indexes/create",
      "{\"collectionName\":\"c\",\"indexParams\":[{\"fieldName\":\"s\",\"indexName\":\"s\","
          + "\"params\":{\"index_type\":\"INVERTED\"}}]}"
    },
    {
      "/partitions/create",
      "{\"collectionName\":\"c\",\"partitionName\":\"q\",\"dbName\":\"default\"}"
    },
  };

  private static int first(byte[] input) {
    return input.length == 0 ? 0 : Byte.toUnsignedInt(input[0]);
  }

  private static byte[] rest(byte[] input) {
    return Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
  }

  private static MemoryServer filled() {
    MemoryServer server = new MemoryServer();
    for (Sent sent : Messages.FILL) {
      check(sent.method(), server.call(sent.method(), sent.message().toByteArray()));
    }
    return server;
  }

  private static void check(String method, MemoryServer.Answer answer) {
    assertThat(answer.status().getCode())
        .as(method)
        .isIn(
            Status.Code.OK,
            Status.Code.UNIMPLEMENTED,
            Status.Code.INVALID_ARGUMENT,
            Status.Code.UNAUTHENTICATED,
            Status.Code.PERMISSION_DENIED);
    for (Object message : answer.messages()) {
      MemoryServer.assertNoBug(method, message.toString());
    }
  }

  /** A message that was good; the first byte says which. */
  @FuzzTest
  void editedMessage(byte[] input) {
    Sent sent = Messages.ALL.get(first(input) % Messages.ALL.size());
    byte[] message = Edits.apply(sent.message().toByteArray(), rest(input));
    try (MemoryServer server = filled()) {
      check(sent.method(), server.call(sent.method(), message));
    }
  }

  /** Any bytes to any method; the first one says which. */
  @FuzzTest
  void anyMessage(byte[] input) {
    String method = METHODS.get(first(input) % METHODS.size());
    try (MemoryServer server = filled()) {
      check(method, server.call(method, rest(input)));
    }
  }

  /** Any bytes in place of the placeholder group. */
  @FuzzTest
  void placeholder(byte[] input) {
    boolean sparse = (first(input) & 1) == 1;
    search(sparse, ByteString.copyFrom(rest(input)));
  }

  /** Any bytes in place of a vector, of any type. */
  @FuzzTest
  void vectorBytes(byte[] input) {
    int how = first(input);
    PlaceholderType[] types = PlaceholderType.values();
    PlaceholderType type = types[(how >> 1) % (types.length - 1)];
    PlaceholderValue.Builder value = PlaceholderValue.newBuilder().setType(type);
    value.addValues(ByteString.copyFrom(rest(input)));
    search(
        (how & 1) == 1,
        PlaceholderGroup.newBuilder().addPlaceholders(value).build().toByteString());
  }

  private static void search(boolean sparse, ByteString group) {
    var request = Messages.search(sparse ? "p" : "v", group, sparse ? "IP" : "L2");
    try (MemoryServer server = filled()) {
      check("Search", server.call("Search", request.toByteArray()));
    }
  }

  /** A body that was good; the first byte says which. */
  @FuzzTest
  void editedBody(byte[] input) {
    String[] post = POSTS[first(input) % POSTS.length];
    byte[] body = Edits.apply(post[1].getBytes(StandardCharsets.UTF_8), rest(input));
    try (MemoryServer server = filled()) {
      MemoryServer.assertNoBug(post[0], server.post(post[0], body));
    }
  }

  /** Any bytes as a body. */
  @FuzzTest
  void anyBody(byte[] input) {
    String[] post = POSTS[first(input) % POSTS.length];
    try (MemoryServer server = filled()) {
      MemoryServer.assertNoBug(post[0], server.post(post[0], rest(input)));
    }
  }
}
