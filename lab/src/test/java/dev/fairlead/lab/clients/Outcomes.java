package dev.fairlead.lab.clients;

import dev.fairlead.lab.harness.Json;
import java.io.Serial;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// What a Java client library reports in each situation, in the matrix's words; anything else is
/// said as it is.
final class Outcomes {
  /// An answer as a library gives it.
  record Seen(String text, String finish, long usage, List<Call> calls) {}

  /// A tool call.
  record Call(String id, String name, String arguments) {}

  /// A failure after some text.
  static final class BrokenException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final String text;

    BrokenException(String text, Throwable cause) {
      super(cause);
      this.text = text;
    }
  }

  private static final int REAL_DIMENSIONS = 384;
  private static final int FAKE_DIMENSIONS = 8;

  private final Column real;
  private final Column fake;

  Outcomes(Column real, Column fake) {
    this.real = real;
    this.fake = fake;
  }

  String of(Situation situation) {
    String question = situation.question();
    return switch (situation.kind()) {
      case REAL_STREAM -> answered(real.stream(Served.CHAT, question, false), "Paris");
      case REAL_WHOLE -> answered(real.whole(Served.CHAT, question), "Paris");
      case REAL_VECTORS -> vectors(real.embed(Served.EMBEDDINGS, both(question)), REAL_DIMENSIONS);
      case WAIT -> waited(question);
      case STREAM -> answered(fake.stream(Served.CHAT, question, false), "Paris");
      case BREAK -> broken(question);
      case TOOL -> oneCall(fake.stream(Served.CHAT, question, true));
      case VECTORS -> vectors(fake.embed(Served.EMBEDDINGS, both(question)), FAKE_DIMENSIONS);
      case REFUSE -> refused(question);
    };
  }

  private static List<String> both(String text) {
    return List.of(text, "A boat.");
  }

  private static String answered(Seen seen, String expected) {
    boolean right =
        seen.text().contains(expected) && seen.finish().equals("stop") && seen.usage() > 0;
    return right ? "whole" : seen.toString();
  }

  private String waited(String question) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<String>> all =
          Stream.generate(() ->
                  CompletableFuture.supplyAsync(
                      () -> answered(fake.stream(Served.BUSY, question, false), "fake"), threads))
              .limit(3)
              .toList();
      return all.stream()
          .map(CompletableFuture::join)
          .filter(outcome -> !outcome.equals("whole"))
          .findFirst()
          .orElse("whole");
    }
  }

  private String broken(String question) {
    try {
      return "silent: " + fake.stream(Served.CHAT, question, false);
    } catch (BrokenException e) {
      return e.text.isEmpty() ? "error without the text before it: " + e : "error";
    }
  }

  private static String oneCall(Seen seen) {
    if (seen.calls().size() != 1 || !seen.finish().equals("tool_calls")) {
      return seen.toString();
    }
    Call call = seen.calls().getFirst();
    boolean right =
        call.id().matches("call(?!.*call)\\S+")
            && call.name().equals("weather")
            && Json.parse(call.arguments()).path("city").asText().equals("Paris");
    return right ? "one call" : seen.toString();
  }

  private static String vectors(List<float[]> found, int dimensions) {
    boolean right =
        found.size() == 2
            && found.stream()
                .allMatch(
                    vector -> vector.length == dimensions && Math.abs(length(vector) - 1) < 1e-3);
    return right ? "vectors" : found.stream().map(java.util.Arrays::toString).toList().toString();
  }

  private static double length(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += x * x;
    }
    return Math.sqrt(squares);
  }

  private String refused(String question) {
    try {
      return "silent: " + fake.whole(Served.CHAT, question);
    } catch (RuntimeException e) {
      String message = String.valueOf(e.getMessage());
      boolean inWords = message.matches("[^<]*(engine|replica)[^<]*");
      return inWords ? Integer.toString(fake.status(e)) : e.toString();
    }
  }
}
