/**
 * What does a filter in Mongo's words mean?
 *
 * <p>Between the request and the search: JSON becomes a bounded tree, the tree an expression of the
 * database with every value bound. The same tree is asked of one document in memory, where a policy
 * says what may be written. Bad at: arrays of objects, which no path reaches into.
 */
@NullMarked
package io.elanus.rag.filter;

import org.jspecify.annotations.NullMarked;
