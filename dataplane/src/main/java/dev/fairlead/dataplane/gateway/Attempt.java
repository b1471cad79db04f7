package dev.fairlead.dataplane.gateway;

/// Which start of a replica a request was sent to. A request is never sent to the same one again
/// after it failed there; the replica that its supervisor started anew is another one.
///
/// @param start how often the replica had become ready before, as this gateway saw it
record Attempt(String replica, int start) {}
