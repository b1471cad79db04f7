/// The `fairlead` command: wiring, and nothing that decides.
@NullMarked
package dev.fairlead.app;

import org.jspecify.annotations.NullMarked;
