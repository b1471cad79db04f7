/// What is counted for tenants, tested.
@NullMarked
package dev.fairlead.dataplane.limits;

import org.jspecify.annotations.NullMarked;
