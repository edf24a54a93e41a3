/** What do PDF, office files and the rest say? Apache Tika's parsers, as few of them as harm. */
@NullMarked
package io.elanus.extract.office;

import org.jspecify.annotations.NullMarked;
