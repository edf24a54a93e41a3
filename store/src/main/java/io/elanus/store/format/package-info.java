/** What all files share: a header that names their kind and version, and checksums. */
@NullMarked
package io.elanus.store.format;

import org.jspecify.annotations.NullMarked;
