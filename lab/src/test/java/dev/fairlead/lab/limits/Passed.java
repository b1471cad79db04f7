package dev.fairlead.lab.limits;

import java.time.Instant;

/// A request that a limit let through.
///
/// @param tenant whose it was
/// @param gateway that let it through, from 0
/// @param at when the gateway knew
/// @param tokens that it took in the end
record Passed(String tenant, int gateway, Instant at, long tokens) {}
