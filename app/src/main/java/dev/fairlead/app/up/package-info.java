/// `fairlead up`: from nothing to an answering model in one command, and back to nothing.
@NullMarked
package dev.fairlead.app.up;

import org.jspecify.annotations.NullMarked;
