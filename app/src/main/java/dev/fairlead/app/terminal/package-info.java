/// What the commands share of the terminal they run on.
@NullMarked
package dev.fairlead.app.terminal;

import org.jspecify.annotations.NullMarked;
