/**
 * Which rows may this caller see?
 *
 * <p>Every path that reads asks here before it looks anything up: searches, answers, caches, lists.
 */
@NullMarked
package io.elanus.rag.policy;

import org.jspecify.annotations.NullMarked;
