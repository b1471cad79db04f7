package dev.fairlead.lab.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.util.Optional;

/// A whole answer.
public record Answer(int status, HttpHeaders headers, String body) {
  /// The body as JSON; an {@link AssertionError} shows one that is not.
  public JsonNode json() {
    return Json.parse(body);
  }

  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /// The text of a chat's answer.
  public String text() {
    return json().at("/choices/0/message/content").asText();
  }

  /// The message of an OpenAI error.
  public String errorMessage() {
    return json().at("/error/message").asText();
  }

  public String errorCode() {
    return json().at("/error/code").asText();
  }
}
