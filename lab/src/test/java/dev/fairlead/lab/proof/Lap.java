package dev.fairlead.lab.proof;

import java.time.Duration;

/// A part of a proof, and what was held after it, with nothing running.
///
/// @param requests sent until its end, all laps together
record Lap(String name, long requests, Duration took, Footprint footprint) {}
