/**
 * What is the fingerprint of these bytes?
 *
 * <p>For keys and versions that must differ wherever their contents do. Not for secrets.
 */
@NullMarked
package io.elanus.rag.hash;

import org.jspecify.annotations.NullMarked;
