/** The catalog: where is kept what everybody must agree on? */
@NullMarked
package io.elanus.store.catalog;

import org.jspecify.annotations.NullMarked;
