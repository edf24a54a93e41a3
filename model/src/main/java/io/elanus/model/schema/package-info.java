/**
 * How data is described: types, fields, schemas, metrics, index requests, and the rules that a
 * schema must obey.
 */
@NullMarked
package io.elanus.model.schema;

import org.jspecify.annotations.NullMarked;
