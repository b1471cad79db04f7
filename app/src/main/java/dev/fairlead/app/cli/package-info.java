/// The commands that look at a running Fairlead and change it: each a small class that asks the
/// control port over HTTP and prints. Nothing here runs a model or decides; every error is one line
/// on stderr that names the next step.
@NullMarked
package dev.fairlead.app.cli;

import org.jspecify.annotations.NullMarked;
