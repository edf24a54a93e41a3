/** What a search of growing rows costs, by codes and by measuring all. */
@NullMarked
package io.elanus.bench.chunk;

import org.jspecify.annotations.NullMarked;
