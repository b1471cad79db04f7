/// What a Fairlead tells of its requests beside metrics, where it was asked to: the access log, and
/// spans to a collector.
@NullMarked
package dev.fairlead.app.telemetry;

import org.jspecify.annotations.NullMarked;
