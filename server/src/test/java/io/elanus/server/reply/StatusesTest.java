package io.elanus.server.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.GetQuerySegmentInfoRequest;
import io.milvus.grpc.Status;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The codes that clients compare with. */
class StatusesTest {
  @Test
  void codesOfMilvus() {
    Map<ErrorCode, Integer> expected =
        Map.ofEntries(
            Map.entry(ErrorCode.COLLECTION_NOT_FOUND, 100),
            Map.entry(ErrorCode.COLLECTION_NOT_LOADED, 101),
            Map.entry(ErrorCode.SCHEMA_STALE, 109),
            Map.entry(ErrorCode.PARTITION_NOT_FOUND, 200),
            Map.entry(ErrorCode.INDEX_NOT_FOUND, 700),
            Map.entry(ErrorCode.DATABASE_NOT_FOUND, 800),
            Map.entry(ErrorCode.INVALID_ARGUMENT, 1100),
            Map.entry(ErrorCode.INVALID_EXPRESSION, 1100),
            Map.entry(ErrorCode.INVALID_SCHEMA, 1100),
            Map.entry(ErrorCode.MISSING_ARGUMENT, 1101),
            Map.entry(ErrorCode.NOT_AUTHENTICATED, 1400),
            Map.entry(ErrorCode.NOT_PERMITTED, 1401),
            Map.entry(ErrorCode.ALIAS_NOT_FOUND, 1600),
            Map.entry(ErrorCode.ALIAS_CONFLICT, 1601),
            Map.entry(ErrorCode.ALIAS_EXISTS, 1602),
            Map.entry(ErrorCode.FIELD_NOT_FOUND, 1700),
            Map.entry(ErrorCode.BUSY, 8),
            Map.entry(ErrorCode.NOT_READY, 1),
            Map.entry(ErrorCode.MEMORY_LIMIT, 3),
            Map.entry(ErrorCode.DISK_LIMIT, 7));
    expected.forEach((code, number) -> assertThat(status(code).getCode()).isEqualTo(number));
    assertThat(status(ErrorCode.SCHEMA_STALE).getErrorCodeValue()).isEqualTo(62);
    assertThat(status(ErrorCode.COLLECTION_NOT_FOUND).getErrorCodeValue()).isEqualTo(4);
    assertThat(status(ErrorCode.INDEX_NOT_FOUND).getErrorCodeValue()).isEqualTo(25);
    assertThat(status(ErrorCode.BUSY).getErrorCodeValue()).isEqualTo(49);
    assertThat(status(ErrorCode.INVALID_ARGUMENT).getErrorCodeValue()).isEqualTo(5);
  }

  @Test
  void everyErrorSetsAllThatClientsLookAt() {
    for (ErrorCode code : ErrorCode.values()) {
      Status status = status(code);
      assertThat(status.getCode()).as(code.name()).isNotZero();
      assertThat(status.getErrorCodeValue()).as(code.name()).isNotZero();
      assertThat(status.getReason()).endsWith("the sentence");
      assertThat(status.containsExtraInfo("is_input_error"))
          .isEqualTo(code.kind() == ErrorCode.Kind.USER);
    }
    EnumSet<ErrorCode> retriable = EnumSet.noneOf(ErrorCode.class);
    for (ErrorCode code : ErrorCode.values()) {
      if (status(code).getRetriable()) {
        retriable.add(code);
      }
    }
    assertThat(retriable).containsExactly(ErrorCode.NOT_READY, ErrorCode.BUSY);
  }

  @Test
  void phraseIsNotSaidTwice() {
    assertThat(status(ErrorCode.INDEX_NOT_FOUND).getReason())
        .isEqualTo("index not found: the sentence");
    assertThat(
            Statuses.of(
                    new ElanusException(ErrorCode.INDEX_NOT_FOUND, "index not found[collection=c]"))
                .getReason())
        .isEqualTo("index not found[collection=c]");
  }

  @Test
  void missingCollectionIsNamedWhateverTheRequestCallsIt() {
    ElanusException missing = new ElanusException(ErrorCode.COLLECTION_NOT_FOUND, "no such thing");
    assertThat(
            Statuses.of(
                    missing, DropCollectionRequest.newBuilder().setCollectionName("c").build(), "d")
                .getReason())
        .isEqualTo("collection not found[database=d][collection=c]");
    assertThat(
            Statuses.of(
                    missing,
                    GetQuerySegmentInfoRequest.newBuilder().setCollectionName("c").build(),
                    "d")
                .getReason())
        .isEqualTo("collection not found[database=d][collection=c]");
    assertThat(Statuses.of(missing, DropCollectionRequest.getDefaultInstance(), "d").getReason())
        .isEqualTo("collection not found: no such thing");
  }

  private static Status status(ErrorCode code) {
    return Statuses.of(new ElanusException(code, "the sentence"));
  }
}
