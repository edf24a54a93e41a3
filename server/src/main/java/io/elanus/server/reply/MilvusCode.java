package io.elanus.server.reply;

import static io.milvus.grpc.ErrorCode.CollectionNotExists;
import static io.milvus.grpc.ErrorCode.DiskQuotaExhausted;
import static io.milvus.grpc.ErrorCode.IllegalArgument;
import static io.milvus.grpc.ErrorCode.IndexNotExist;
import static io.milvus.grpc.ErrorCode.InsufficientMemoryToLoad;
import static io.milvus.grpc.ErrorCode.MetaFailed;
import static io.milvus.grpc.ErrorCode.NotReadyServe;
import static io.milvus.grpc.ErrorCode.RateLimit;
import static io.milvus.grpc.ErrorCode.SchemaMismatch;
import static io.milvus.grpc.ErrorCode.UnexpectedError;

import io.elanus.model.error.ErrorCode;

/**
 * What Milvus calls an error.
 *
 * @param number what clients of today look at
 * @param legacy what older clients look at
 * @param retriable whether clients may send the same request again by themselves
 * @param phrase how Milvus's reason begins; clients and their tests look for it. Empty where it has
 *     no fixed beginning.
 */
public record MilvusCode(
    int number, io.milvus.grpc.ErrorCode legacy, boolean retriable, String phrase) {
  private static final int UNEXPECTED = 65535;

  /** The table: every error that can leave the server. */
  public static MilvusCode of(ErrorCode code) {
    return switch (code) {
      case DATABASE_NOT_FOUND -> code(800, "database not found");
      case DATABASE_EXISTS -> code(UNEXPECTED, "database already exist");
      case DATABASE_NOT_EMPTY -> code(UNEXPECTED, "");
      case DATABASE_LIMIT -> code(801, "");
      case INVALID_DATABASE_NAME -> code(802, "");
      case COLLECTION_NOT_FOUND -> code(100, CollectionNotExists, "collection not found");
      case COLLECTION_EXISTS ->
          code(UNEXPECTED, "create duplicate collection with different parameters");
      case COLLECTION_NOT_LOADED -> code(101, "collection not loaded");
      case COLLECTION_LIMIT -> code(102, "exceeded the limit number of collections");
      case INVALID_SCHEMA -> code(1100, IllegalArgument, "");
      case SCHEMA_STALE -> code(109, SchemaMismatch, "collection schema mismatch");
      case PARTITION_NOT_FOUND -> code(200, MetaFailed, "partition not found");
      case PARTITION_NOT_LOADED -> code(201, "partition not loaded");
      case PARTITION_LIMIT -> code(250, "");
      case INDEX_NOT_FOUND -> code(700, IndexNotExist, "index not found");
      case INDEX_NOT_SUPPORTED -> code(1100, IllegalArgument, "");
      case INDEX_CONFLICT ->
          code(UNEXPECTED, "CreateIndex failed: at most one distinct index is allowed per field");
      case ALIAS_NOT_FOUND -> code(1600, "alias not found");
      case ALIAS_CONFLICT -> code(1601, "alias and collection name conflict");
      case ALIAS_EXISTS -> code(1602, "alias already exist");
      case FIELD_NOT_FOUND -> code(1700, "field not found");
      case INVALID_ARGUMENT, INVALID_NAME, INVALID_EXPRESSION, INVALID_ROWS ->
          code(1100, IllegalArgument, "");
      case MISSING_ARGUMENT -> code(1101, "");
      case TOO_LARGE -> code(1102, "");
      case UNSUPPORTED -> code(3000, "");
      case NOT_AUTHENTICATED -> code(1400, "");
      case NOT_PERMITTED -> code(1401, "");
      case NOT_READY -> new MilvusCode(1, NotReadyServe, true, "service not ready");
      case BUSY -> new MilvusCode(8, RateLimit, true, "request is rejected by limiter");
      // Not retriable though it may pass: whether a write happened is for the caller to find out.
      case TIMEOUT -> code(10001, "");
      case CANCELED -> code(10000, "");
      case MEMORY_LIMIT -> code(3, InsufficientMemoryToLoad, "memory limit exceeded");
      case DISK_LIMIT -> code(7, DiskQuotaExhausted, "disk quota exceeded");
      case DATA_CORRUPT, LOG_FAILED -> code(1001, "");
      case INTERNAL -> code(UNEXPECTED, "");
    };
  }

  private static MilvusCode code(int number, String phrase) {
    return code(number, UnexpectedError, phrase);
  }

  private static MilvusCode code(int number, io.milvus.grpc.ErrorCode legacy, String phrase) {
    return new MilvusCode(number, legacy, false, phrase);
  }
}
