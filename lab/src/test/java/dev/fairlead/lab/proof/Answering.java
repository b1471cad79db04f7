package dev.fairlead.lab.proof;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.lab.harness.Json;
import dev.fairlead.lab.proof.Question.Kind;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks one question on a connection and takes down what comes. Used once, by one thread.
final class Answering {
  /// A client that leaves before the first word has its request read by then.
  private static final Duration EARLY = Duration.ofMillis(150);

  private final Question question;
  private final long from = System.nanoTime();
  private final Set<String> ids = new LinkedHashSet<>();
  private final StringBuilder text = new StringBuilder();
  private String finishReason = "";
  private int status;
  private int tokens = -1;
  private boolean done;
  private @Nullable String error;
  private boolean afterError;
  private boolean cleanEnd;

  Answering(Question question) {
    this.question = question;
  }

  /// The answer to its end, or as far as the client stays.
  Observed on(Wire wire) {
    try {
      wire.post(question.kind().path(), question.body());
      if (question.kind() == Kind.LEAVES_EARLY) {
        wire.patience(EARLY);
      }
      status = wire.status();
      if (status != 200 || !streams()) {
        whole(Json.parse(wire.body()));
      } else {
        stream(wire);
      }
      return seen(null);
    } catch (SocketTimeoutException e) {
      return seen(question.kind() == Kind.LEAVES_EARLY ? null : e);
    } catch (IOException e) {
      return seen(e);
    }
  }

  private boolean streams() {
    return switch (question.kind()) {
      case STREAM, LEAVES_EARLY, LEAVES_LATE -> true;
      case WHOLE, EMBEDDING, UNKNOWN -> false;
    };
  }

  private void whole(JsonNode answer) {
    if (answer.has("error")) {
      text.append(code(answer));
      return;
    }
    text.append(answer.at("/choices/0/message/content").asText());
    finishReason = answer.at("/choices/0/finish_reason").asText();
    tokens = answer.at("/usage/completion_tokens").asInt(-1);
  }

  private static String code(JsonNode answer) {
    return answer.at("/error/code").asText(answer.at("/error/type").asText());
  }

  private void stream(Wire wire) throws IOException {
    for (String line = wire.bodyLine(); line != null; line = wire.bodyLine()) {
      if (line.isEmpty() || line.startsWith(":")) {
        continue;
      }
      event(line);
      if (question.kind() == Kind.LEAVES_LATE && !text.isEmpty()) {
        return;
      }
    }
    cleanEnd = true;
  }

  private void event(String line) {
    afterError |= error != null && !line.startsWith("event:");
    if (line.startsWith("event: error")) {
      return;
    }
    if (line.equals("data: [DONE]")) {
      done = true;
      return;
    }
    JsonNode event = Json.parse(line.substring("data: ".length()));
    if (event.has("error")) {
      error = code(event);
      return;
    }
    ids.add(event.path("id").asText());
    text.append(event.at("/choices/0/delta/content").asText(""));
    String reason = event.at("/choices/0/finish_reason").asText("");
    if (!reason.isEmpty() && !reason.equals("null")) {
      finishReason = reason;
    }
    if (event.path("usage").isObject()) {
      tokens = event.at("/usage/completion_tokens").asInt(-1);
    }
  }

  private Observed seen(@Nullable IOException failure) {
    return new Observed(
        question,
        status,
        Set.copyOf(ids),
        text.toString(),
        finishReason,
        tokens,
        new Observed.Stream(done, Optional.ofNullable(error), afterError, cleanEnd),
        Optional.ofNullable(failure).map(IOException::toString),
        new Observed.Span(from, System.nanoTime()));
  }
}
