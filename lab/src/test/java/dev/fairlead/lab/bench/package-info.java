/// The data plane beside its rivals: the gateway beside nginx, HAProxy, Envoy, vLLM Router and
/// LiteLLM, then the built Fairlead beside nginx, each in front of one upstream, under one load, in
/// turns, as ratios of processor time. `make bench` runs it; no other suite does.
@NullMarked
package dev.fairlead.lab.bench;

import org.jspecify.annotations.NullMarked;
