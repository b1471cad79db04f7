/// The data plane beside its rival: the built Fairlead and nginx in front of one upstream, under
/// one load, in turns, as ratios of processor time. `make bench` runs it; no other suite does.
@NullMarked
package dev.fairlead.lab.bench;

import org.jspecify.annotations.NullMarked;
