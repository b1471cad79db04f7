package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.link.LinkHeaders;
import dev.fairlead.dataplane.openai.EndpointKind;
import dev.fairlead.dataplane.openai.ScannedRequest.Encoding;
import dev.fairlead.dataplane.openai.StreamNormaliser.Form;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a gateway says about its request in the headers of {@link LinkHeaders}. What is missing or
/// of a later version has its most harmless meaning, so that both may be of different versions.
///
/// @param model the name that the answer carries
/// @param form of a chat's or completion's answer
/// @param encoding of vectors
/// @param promptTokens the gateway's estimate, 0 when it has none
record LinkRequest(
    EndpointKind kind, String model, Form form, Encoding encoding, long promptTokens) {
  LinkRequest {
    requireNonNull(kind, "kind is null");
    requireNonNull(model, "model is null");
    requireNonNull(form, "form is null");
    requireNonNull(encoding, "encoding is null");
    if (promptTokens < 0) {
      throw new IllegalArgumentException("promptTokens is negative: " + promptTokens);
    }
  }

  /// `defaultModel` is the name for an answer whose request names none.
  static LinkRequest read(EndpointKind kind, HttpHeaders headers, String defaultModel) {
    return new LinkRequest(
        kind,
        Optional.ofNullable(headers.get(LinkHeaders.MODEL))
            .map(LinkHeaders::decoded)
            .orElse(defaultModel),
        form(headers.get(LinkHeaders.ANSWER), headers.get(LinkHeaders.USAGE)),
        "base64".equals(headers.get(LinkHeaders.ENCODING)) ? Encoding.BASE64 : Encoding.FLOAT,
        count(headers.get(LinkHeaders.PROMPT_TOKENS)));
  }

  private static Form form(@Nullable String answer, @Nullable String usage) {
    if ("whole".equals(answer)) {
      return Form.WHOLE;
    }
    return "asked".equals(usage) ? Form.EVENTS_WITH_USAGE : Form.EVENTS;
  }

  private static long count(@Nullable String digits) {
    if (digits == null || !digits.matches("[0-9]{1,12}")) {
      return 0;
    }
    return Long.parseLong(digits);
  }
}
