/** Immutable objects: how do segments, indexes and manifests reach the disk whole or not at all? */
@NullMarked
package io.elanus.store.object;

import org.jspecify.annotations.NullMarked;
