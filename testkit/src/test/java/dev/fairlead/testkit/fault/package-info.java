/// Shows that the fault proxy does what its faults say.
@NullMarked
package dev.fairlead.testkit.fault;

import org.jspecify.annotations.NullMarked;
