/// Tests of what is told of requests, with collectors that are not there or are fakes.
@NullMarked
package dev.fairlead.app.telemetry;

import org.jspecify.annotations.NullMarked;
