/**
 * Which rows may this caller see?
 *
 * <p>Every path that reads asks here before it looks anything up: searches, answers, caches, lists.
 * Every path that writes for a caller stamps and checks here what it writes.
 */
@NullMarked
package io.elanus.rag.policy;

import org.jspecify.annotations.NullMarked;
