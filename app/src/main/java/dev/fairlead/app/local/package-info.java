/// The control loop of one machine: it observes, asks `core.plan` what to do, and does it with
/// child processes. Nothing in here decides.
@NullMarked
package dev.fairlead.app.local;

import org.jspecify.annotations.NullMarked;
