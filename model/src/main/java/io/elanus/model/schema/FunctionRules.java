package io.elanus.model.schema;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the functions of a schema, and the texts they read, must obey. */
final class FunctionRules {
  private static final List<String> FLAGS = List.of("enable_analyzer", "enable_match");

  private FunctionRules() {}

  static void check(Schema schema) {
    Set<String> names = new HashSet<>();
    Set<String> made = new HashSet<>();
    for (SchemaFunction function : schema.functions()) {
      Names.check("function", function.name(), ErrorCode.INVALID_NAME);
      if (!names.add(function.name())) {
        throw invalid("duplicate function name: " + function.name());
      }
      switch (function.type()) {
        case BM25 -> checkRelevance(schema, function);
      }
      for (String output : function.outputs()) {
        if (!made.add(output)) {
          throw invalid(
              "function output field %s is used by more than one function".formatted(output));
        }
      }
    }
  }

  private static void checkRelevance(Schema schema, SchemaFunction function) {
    if (function.inputs().size() != 1) {
      throw invalid(
          "BM25 function should have exactly one input field, function %s has %d"
              .formatted(function.name(), function.inputs().size()));
    }
    if (function.outputs().size() != 1) {
      throw invalid(
          "BM25 function should have exactly one output field, function %s has %d"
              .formatted(function.name(), function.outputs().size()));
    }
    if (!function.params().isEmpty()) {
      throw invalid(
          "BM25 function accepts no params, function %s has %s; give bm25_k1 and bm25_b to the index"
              .formatted(function.name(), function.params().keySet()));
    }
    Field input = field(schema, "input", function.inputs().getFirst());
    if (input.type() != DataType.VARCHAR || !input.hasAnalyzer()) {
      throw invalid(
          "BM25 function input field must be a VARCHAR field with analyzer enabled, field %s is not; set enable_analyzer"
              .formatted(input.name()));
    }
    Field output = field(schema, "output", function.outputs().getFirst());
    if (output.type() != DataType.SPARSE_FLOAT_VECTOR) {
      throw invalid(
          "BM25 function output field must be a SparseFloatVector field, but %s is %s"
              .formatted(output.name(), output.type()));
    }
  }

  private static Field field(Schema schema, String role, String name) {
    return schema.fields().stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow(() -> invalid("function %s field not found: %s".formatted(role, name)));
  }

  /**
   * The text parameters of one field; what an analyzer's own parameters mean, the engine checks.
   */
  static void checkTexts(Field field) {
    if (field.typeParams().containsKey("multi_analyzer_params")) {
      throw invalid(
          "multi_analyzer_params of field %s are not offered; use one analyzer, or a field for each language"
              .formatted(field.name()));
    }
    if (field.type() != DataType.VARCHAR && (field.hasAnalyzer() || field.hasMatch())) {
      throw invalid(
          "field %s of type %s has no texts: enable_analyzer and enable_match are for VarChar"
              .formatted(field.name(), field.type()));
    }
    if (field.hasMatch() && !field.hasAnalyzer()) {
      throw invalid(
          "field %s is set to enable match but not enable analyzer; set enable_analyzer as well"
              .formatted(field.name()));
    }
    for (String param : FLAGS) {
      String value = field.typeParams().getOrDefault(param, "false").strip();
      if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
        throw invalid(
            "%s of field %s must be true or false, got %s".formatted(param, field.name(), value));
      }
    }
  }

  private static ElanusException invalid(String message) {
    return new ElanusException(ErrorCode.INVALID_SCHEMA, message);
  }
}
