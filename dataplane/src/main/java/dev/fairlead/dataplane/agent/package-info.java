/// The agent: what stands before one engine and is the truth about it. It admits what the engine
/// can run at once and little more, normalises every answer, drains, measures, and tells gateways
/// on a state stream whether, and how much, this replica can take. All of one agent happens on one
/// event loop, so that nothing in here needs a lock.
@NullMarked
package dev.fairlead.dataplane.agent;

import org.jspecify.annotations.NullMarked;
