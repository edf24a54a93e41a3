package io.elanus.server.reply;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.milvus.grpc.Status;
import java.util.List;

/** Says success and errors as Milvus's {@link Status}. */
public final class Statuses {
  public static final Status SUCCESS = Status.getDefaultInstance();

  private static final List<String> COLLECTION_FIELDS =
      List.of("collection_name", "collectionName", "oldName");

  private Statuses() {}

  /** Milvus's code, legacy code, reason and whether a retry helps. */
  public static Status of(ElanusException error) {
    return of(error, reason(error));
  }

  /**
   * The same, where the request is known: a missing collection is then named as Milvus does.
   *
   * @param database the database the request's names were looked up in
   */
  public static Status of(ElanusException error, Message request, String database) {
    if (error.code() == ErrorCode.COLLECTION_NOT_FOUND) {
      String collection = collection(request);
      if (!collection.isEmpty()) {
        return of(
            error,
            "collection not found[database=%s][collection=%s]".formatted(database, collection));
      }
    }
    return of(error);
  }

  private static Status of(ElanusException error, String reason) {
    MilvusCode code = MilvusCode.of(error.code());
    Status.Builder status =
        Status.newBuilder()
            .setCode(code.number())
            .setErrorCode(code.legacy())
            .setReason(reason)
            .setDetail(reason)
            .setRetriable(code.retriable());
    if (error.code().kind() == ErrorCode.Kind.USER) {
      status.putExtraInfo("is_input_error", "true");
    }
    return status.build();
  }

  /** The error's own sentence, behind Milvus's phrase for it where it does not say that itself. */
  static String reason(ElanusException error) {
    String phrase = MilvusCode.of(error.code()).phrase();
    String sentence = error.getMessage();
    if (phrase.isEmpty() || sentence.contains(phrase)) {
      return sentence;
    }
    return phrase + ": " + sentence;
  }

  private static String collection(Message request) {
    for (String name : COLLECTION_FIELDS) {
      FieldDescriptor field = request.getDescriptorForType().findFieldByName(name);
      if (field != null
          && !field.isRepeated()
          && field.getJavaType() == FieldDescriptor.JavaType.STRING) {
        return (String) request.getField(field);
      }
    }
    return "";
  }
}
