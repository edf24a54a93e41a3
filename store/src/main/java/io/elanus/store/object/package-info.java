/**
 * Immutable objects. Question answered: how do segments, indexes and manifests reach the disk whole
 * or not at all? Last station of a write, first of a search, which maps them. Bad at: small or
 * changing things; those belong into the catalog.
 */
@NullMarked
package io.elanus.store.object;

import org.jspecify.annotations.NullMarked;
