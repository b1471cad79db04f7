/// Tells the outside what became of requests: the access log and the spans. Event loops only hand
/// their records over; a thread of each does the rest, and what it cannot keep up with is dropped
/// and counted.
@NullMarked
package dev.fairlead.dataplane.telemetry;

import org.jspecify.annotations.NullMarked;
