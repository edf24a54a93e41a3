/** How many texts does the model in this process embed in a second of a core? */
@NullMarked
package io.elanus.bench.embed;

import org.jspecify.annotations.NullMarked;
