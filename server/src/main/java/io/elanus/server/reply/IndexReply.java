package io.elanus.server.reply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.info.IndexInfo;
import io.elanus.model.schema.IndexSpec;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.IndexState;
import io.milvus.grpc.KeyValuePair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Describes indexes. */
public final class IndexReply {
  private static final String AUTOINDEX = "AUTOINDEX";
  private static final Pattern INTEGER = Pattern.compile("-?\\d{1,18}");
  private static final Pattern FRACTION = Pattern.compile("-?\\d{1,18}\\.\\d{1,18}");

  private IndexReply() {}

  public static IndexDescription describe(IndexInfo info) {
    IndexSpec spec = info.spec();
    return IndexDescription.newBuilder()
        .setIndexName(spec.name())
        .setIndexID(info.id())
        .setFieldName(spec.field())
        .addAllParams(params(spec))
        .addAllParams(layout(info))
        .setIndexedRows(info.indexedRows())
        .setTotalRows(info.totalRows())
        .setPendingIndexRows(info.pendingRows())
        .setState(state(info.state()))
        .setIndexStateFailReason(info.failure())
        .build();
  }

  public static IndexState state(IndexInfo.State state) {
    return switch (state) {
      case NONE -> IndexState.IndexStateNone;
      case UNISSUED -> IndexState.Unissued;
      case IN_PROGRESS -> IndexState.InProgress;
      case FINISHED -> IndexState.Finished;
      case FAILED -> IndexState.Failed;
    };
  }

  /** What AUTOINDEX picked, as "QG 98304 rows, FLAT 1696 rows"; others are what their type says. */
  private static List<KeyValuePair> layout(IndexInfo info) {
    if (!info.spec().type().equals(AUTOINDEX) || info.layouts().isEmpty()) {
      return List.of();
    }
    String picked =
        info.layouts().entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(layout -> "%s %d rows".formatted(layout.getKey(), layout.getValue()))
            .collect(Collectors.joining(", "));
    return List.of(KeyValuePairs.of("layout", picked));
  }

  /** Flat, and the build parameters once more as the JSON object {@code params}. */
  private static List<KeyValuePair> params(IndexSpec spec) {
    List<KeyValuePair> pairs = new ArrayList<>();
    pairs.add(KeyValuePairs.of("index_type", spec.type()));
    if (spec.metric() != null) {
      pairs.add(KeyValuePairs.of("metric_type", spec.metric().name()));
    }
    pairs.addAll(KeyValuePairs.of(spec.params()));
    pairs.addAll(KeyValuePairs.of(spec.properties()));
    if (!spec.params().isEmpty()) {
      pairs.add(KeyValuePairs.of("params", json(spec.params())));
    }
    return pairs;
  }

  /** Numbers as numbers, as users wrote them, though here they are kept as text. */
  private static String json(Map<String, String> params) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(params)
        .forEach(
            (key, value) -> {
              if (INTEGER.matcher(value).matches()) {
                object.put(key, Long.parseLong(value));
              } else if (FRACTION.matcher(value).matches()) {
                object.put(key, Double.parseDouble(value));
              } else {
                object.put(key, value);
              }
            });
    return object.toString();
  }
}
