/// Tests of `fairlead up`'s parts.
@NullMarked
package dev.fairlead.app.up;

import org.jspecify.annotations.NullMarked;
