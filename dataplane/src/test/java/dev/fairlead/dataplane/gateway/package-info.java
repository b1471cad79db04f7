/// Tests of the gateway.
@NullMarked
package dev.fairlead.dataplane.gateway;

import org.jspecify.annotations.NullMarked;
