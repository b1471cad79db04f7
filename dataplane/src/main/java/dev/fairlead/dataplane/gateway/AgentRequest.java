package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.route.Endpoint;
import dev.fairlead.dataplane.link.LinkHeaders;
import dev.fairlead.dataplane.net.NewHeaders;
import dev.fairlead.dataplane.net.UpstreamRequest;
import dev.fairlead.dataplane.net.UpstreamTimeouts;
import dev.fairlead.dataplane.openai.EndpointKind;
import dev.fairlead.dataplane.openai.ScannedRequest;
import dev.fairlead.dataplane.openai.Splice;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// What a gateway sends to an agent for a client's request: the client's body with its splices, and
/// none of the client's headers.
final class AgentRequest {
  /// An agent is near; one that does not answer a connection by then is gone.
  private static final Duration CONNECT = Duration.ofSeconds(2);

  private AgentRequest() {}

  static UpstreamRequest of(Endpoint endpoint, ScannedRequest request, ByteBuf body, Asked asked) {
    HttpHeaders headers =
        NewHeaders.empty()
            .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
            .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + asked.agentToken())
            .set(Answers.REQUEST_ID, asked.requestId())
            .set(LinkHeaders.MODEL, LinkHeaders.encoded(asked.model()))
            .set(LinkHeaders.REPLICA, endpoint.replica())
            .set(LinkHeaders.PROMPT_TOKENS, request.estimatedPromptTokens())
            .set(LinkHeaders.ANSWER, request.stream() ? "events" : "whole")
            .set(LinkHeaders.USAGE, asked.usageAtFinish() ? "asked" : "not-asked");
    if (request.kind() == EndpointKind.EMBEDDING) {
      headers.set(LinkHeaders.ENCODING, request.encoding().name().toLowerCase(Locale.ROOT));
    }
    return new UpstreamRequest(
        endpoint.host(),
        endpoint.port(),
        "POST",
        request.kind().path(),
        headers,
        Splice.forEngine(body, request, asked.engineModel().orElse(asked.model())),
        UpstreamTimeouts.connectWithin(CONNECT)
            .withHead(asked.silence())
            .withIdle(asked.silence()));
  }

  /// What the request is called on its way.
  ///
  /// @param engineModel what the engine calls the model, where it matters
  /// @param usageAtFinish whether the finishing chunk carries the usage too; see {@link
  ///   LinkHeaders#USAGE}
  /// @param silence after which the agent is taken for gone
  record Asked(
      String model,
      Optional<String> engineModel,
      String requestId,
      String agentToken,
      boolean usageAtFinish,
      Duration silence) {}
}
