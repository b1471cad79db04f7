/// A TCP proxy that breaks answers of HTTP in named ways at named places, for tests of what lies on
/// either side of it.
@NullMarked
package dev.fairlead.testkit.fault;

import org.jspecify.annotations.NullMarked;
