package io.elanus.model.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One field of a schema.
 *
 * @param id assigned by the catalog; user fields start at {@link Schema#FIRST_USER_FIELD_ID}
 * @param elementType the type of an ARRAY's elements, else null
 * @param defaultValue Boolean, Long, Float, Double or String as the type asks, or null for none
 * @param dynamic true only for the hidden JSON field {@link Schema#DYNAMIC_FIELD}
 * @param dim dimension of a vector field, else 0
 * @param maxLength longest VARCHAR value (also of VARCHAR elements) in UTF-8 bytes, else 0
 * @param maxCapacity most elements of an ARRAY, else 0
 * @param typeParams every type parameter as the user gave it (dim, max_length, mmap.enabled …)
 */
public record Field(
    long id,
    String name,
    String description,
    DataType type,
    @Nullable DataType elementType,
    boolean primaryKey,
    boolean autoId,
    boolean nullable,
    @Nullable Object defaultValue,
    boolean partitionKey,
    boolean clusteringKey,
    boolean dynamic,
    int dim,
    int maxLength,
    int maxCapacity,
    Map<String, String> typeParams) {

  public Field {
    typeParams = Map.copyOf(typeParams);
  }

  /** A plain scalar field, for tests and for the builder's start. */
  public static Builder named(String name, DataType type) {
    return new Builder(name, type);
  }

  /** Whether texts of this field are taken apart, by {@link #analyzerParams}. */
  public boolean hasAnalyzer() {
    return flag("enable_analyzer");
  }

  /** Whether filters may match words and phrases of this field. */
  public boolean hasMatch() {
    return flag("enable_match");
  }

  /** The analyzer's parameters as JSON, empty for the standard one. */
  public String analyzerParams() {
    return typeParams.getOrDefault("analyzer_params", "");
  }

  private boolean flag(String param) {
    return typeParams.getOrDefault(param, "false").strip().equalsIgnoreCase("true");
  }

  public Field withId(long newId) {
    return toBuilder().id(newId).build();
  }

  public Builder toBuilder() {
    Builder b = new Builder(name, type);
    b.id = id;
    b.description = description;
    b.elementType = elementType;
    b.primaryKey = primaryKey;
    b.autoId = autoId;
    b.nullable = nullable;
    b.defaultValue = defaultValue;
    b.partitionKey = partitionKey;
    b.clusteringKey = clusteringKey;
    b.dynamic = dynamic;
    b.dim = dim;
    b.maxLength = maxLength;
    b.maxCapacity = maxCapacity;
    b.typeParams = typeParams;
    return b;
  }

  /** Builds a {@link Field}; everything not set is false, 0, empty or null. */
  public static final class Builder {
    private final String name;
    private final DataType type;
    private long id;
    private String description = "";
    private @Nullable DataType elementType;
    private boolean primaryKey;
    private boolean autoId;
    private boolean nullable;
    private @Nullable Object defaultValue;
    private boolean partitionKey;
    private boolean clusteringKey;
    private boolean dynamic;
    private int dim;
    private int maxLength;
    private int maxCapacity;
    private Map<String, String> typeParams = Map.of();

    private Builder(String name, DataType type) {
      this.name = name;
      this.type = type;
    }

    public Builder id(long value) {
      id = value;
      return this;
    }

    public Builder description(String value) {
      description = value;
      return this;
    }

    public Builder elementType(@Nullable DataType value) {
      elementType = value;
      return this;
    }

    public Builder primaryKey(boolean value) {
      primaryKey = value;
      return this;
    }

    public Builder autoId(boolean value) {
      autoId = value;
      return this;
    }

    public Builder nullable(boolean value) {
      nullable = value;
      return this;
    }

    public Builder defaultValue(@Nullable Object value) {
      defaultValue = value;
      return this;
    }

    public Builder partitionKey(boolean value) {
      partitionKey = value;
      return this;
    }

    public Builder clusteringKey(boolean value) {
      clusteringKey = value;
      return this;
    }

    public Builder dynamic(boolean value) {
      dynamic = value;
      return this;
    }

    public Builder dim(int value) {
      dim = value;
      return this;
    }

    public Builder maxLength(int value) {
      maxLength = value;
      return this;
    }

    public Builder maxCapacity(int value) {
      maxCapacity = value;
      return this;
    }

    public Builder typeParams(Map<String, String> value) {
      typeParams = value;
      return this;
    }

    public Field build() {
      return new Field(
          id,
          name,
          description,
          type,
          elementType,
          primaryKey,
          autoId,
          nullable,
          defaultValue,
          partitionKey,
          clusteringKey,
          dynamic,
          dim,
          maxLength,
          maxCapacity,
          typeParams);
    }
  }
}
