/// The front door: keys, the choice of version and replica, the one queue, cold starts, relaying
/// and re-placement.
@NullMarked
package dev.fairlead.dataplane.gateway;

import org.jspecify.annotations.NullMarked;
