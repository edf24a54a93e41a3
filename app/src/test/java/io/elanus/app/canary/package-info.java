/** Does anything of another tenant's ever leave a whole server, by whatever door? */
@NullMarked
package io.elanus.app.canary;

import org.jspecify.annotations.NullMarked;
