/// Tests of what is told of requests.
@NullMarked
package dev.fairlead.dataplane.telemetry;

import org.jspecify.annotations.NullMarked;
