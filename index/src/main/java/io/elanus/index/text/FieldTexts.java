package io.elanus.index.text;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.model.schema.SchemaFunction;
import java.util.ArrayList;
import java.util.List;

/** Fields whose texts are taken apart, and what functions make of them. */
public final class FieldTexts {
  private FieldTexts() {}

  /** INVALID_SCHEMA where the field's analyzer cannot be made. */
  public static void check(Field field) {
    if (!field.hasAnalyzer()) {
      return;
    }
    try {
      Analyzers.of(field.analyzerParams());
    } catch (ElanusException e) {
      throw new ElanusException(
          ErrorCode.INVALID_SCHEMA, "field %s: %s".formatted(field.name(), e.getMessage()), e);
    }
  }

  /** The batch with a column for everything that functions make. */
  public static RowBatch complete(Schema schema, RowBatch rows) {
    RowBatch complete = rows;
    for (SchemaFunction function : schema.functions()) {
      complete =
          switch (function.type()) {
            case BM25 -> {
              Field input = schema.field(function.inputs().getFirst()).orElseThrow();
              Column.Strings texts = (Column.Strings) rows.require(input.name());
              yield complete.with(function.outputs().getFirst(), counts(input, texts));
            }
          };
    }
    return complete;
  }

  /** How often each token occurs; nothing in a text that is null. */
  private static Column counts(Field input, Column.Strings texts) {
    TextAnalyzer analyzer = Analyzers.of(input.analyzerParams());
    List<SparseVector> counts = new ArrayList<>(texts.size());
    for (String text : texts.values()) {
      counts.add(text == null ? SparseVector.EMPTY : Terms.counts(analyzer.words(text)));
    }
    return Column.SparseVectors.of(counts);
  }
}
