/** What is a text made of, said simply enough to be right? For plain texts of English letters. */
@NullMarked
package io.elanus.testkit.text;

import org.jspecify.annotations.NullMarked;
