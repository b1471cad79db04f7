/// Tests of the agent, and a scripted engine and gateway on loopback for them.
@NullMarked
package dev.fairlead.dataplane.agent;

import org.jspecify.annotations.NullMarked;
