/// The doors through which a running Fairlead is seen and changed: the console's interface, the
/// control interface, and their client for the command line.
@NullMarked
package dev.fairlead.app.control;

import org.jspecify.annotations.NullMarked;
