package io.elanus.model.schema;

import java.util.List;
import java.util.Map;

/**
 * A function of a schema, which makes fields of other fields when rows are written. Clients do not
 * send what it makes, and do not get to see it.
 *
 * @param id assigned by the catalog; {@link Schema#FIRST_FUNCTION_ID} and up
 * @param inputs names of the fields it reads
 * @param outputs names of the fields it makes
 * @param params as the user gave them
 */
public record SchemaFunction(
    long id,
    String name,
    String description,
    Type type,
    List<String> inputs,
    List<String> outputs,
    Map<String, String> params) {

  /** What functions do. */
  public enum Type {
    /** Of a text, how often each of its tokens occurs, as a sparse vector searched by texts. */
    BM25
  }

  public SchemaFunction {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    params = Map.copyOf(params);
  }

  public SchemaFunction withId(long newId) {
    return new SchemaFunction(newId, name, description, type, inputs, outputs, params);
  }
}
