/**
 * How is a model value, or an error, said in Milvus's words?
 *
 * <p>The last folder before the wire on the way out. The only place that knows Milvus's error
 * codes.
 */
@NullMarked
package io.elanus.server.reply;

import org.jspecify.annotations.NullMarked;
