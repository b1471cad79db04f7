/// The HTTP layer of gateway, agent and control port: a server and a client on Netty that share
/// event loops, so that everything of one exchange, the client's channel and the upstream's,
/// happens on one thread without a lock. Nothing here knows of models, tokens or OpenAI; nothing
/// blocks.
@NullMarked
package dev.fairlead.dataplane.net;

import org.jspecify.annotations.NullMarked;
