package io.elanus.engine.write;

import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;

/** An index that every sealed segment shall have. */
public record IndexTarget(long indexId, Field field, IndexSpec spec) {}
