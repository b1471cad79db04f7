package dev.fairlead.lab.proof;

import dev.fairlead.lab.proof.Question.Kind;
import dev.fairlead.lab.proof.Verdict.Complete;
import dev.fairlead.lab.proof.Verdict.Failed;
import dev.fairlead.lab.proof.Verdict.Left;
import dev.fairlead.lab.proof.Verdict.Wrong;

/// The rules that hold for every single answer. A function.
final class Judge {
  private Judge() {}

  static Verdict of(Observed seen) {
    return switch (seen.question().kind()) {
      case WHOLE, EMBEDDING -> whole(seen);
      case STREAM -> stream(seen);
      case UNKNOWN -> unknown(seen);
      case LEAVES_EARLY, LEAVES_LATE -> leaver(seen);
    };
  }

  private static Verdict unknown(Observed seen) {
    return seen.status() == 404 && seen.text().equals("model_not_found")
        ? new Complete()
        : wrong(seen, "a refusal was due");
  }

  private static Verdict whole(Observed seen) {
    if (seen.failure().isPresent()) {
      return wrong(seen, "the connection broke");
    }
    if (seen.status() >= 500) {
      return new Failed(seen.status() + " " + seen.text());
    }
    if (seen.status() != 200) {
      return wrong(seen, "the status");
    }
    return seen.question().kind() == Kind.EMBEDDING ? new Complete() : content(seen);
  }

  private static Verdict content(Observed seen) {
    Question question = seen.question();
    if (!seen.text().equals(question.text())) {
      return wrong(seen, "the text");
    }
    if (!seen.finishReason().equals(question.finishReason())) {
      return wrong(seen, "the finish reason");
    }
    return seen.tokens() == question.tokens() ? new Complete() : wrong(seen, "the usage");
  }

  private static Verdict stream(Observed seen) {
    if (seen.status() >= 500) {
      return new Failed(seen.status() + " " + seen.text());
    }
    if (seen.status() != 200) {
      return wrong(seen, "the status");
    }
    if (seen.ids().size() > 1) {
      return wrong(seen, "more than one id");
    }
    if (seen.stream().error().isPresent()) {
      return failedStream(seen);
    }
    if (!seen.stream().done() || !seen.stream().cleanEnd()) {
      return wrong(seen, "a cut without an error");
    }
    return content(seen);
  }

  private static Verdict failedStream(Observed seen) {
    Observed.Stream stream = seen.stream();
    if (stream.afterError() || stream.done()) {
      return wrong(seen, "something came after the error");
    }
    if (stream.cleanEnd()) {
      return wrong(seen, "a clean end after the error");
    }
    return seen.question().text().startsWith(seen.text())
        ? new Failed(
            "%s after %d letters".formatted(stream.error().orElseThrow(), seen.text().length()))
        : wrong(seen, "the text before the error");
  }

  private static Verdict leaver(Observed seen) {
    if (seen.status() >= 500) {
      return new Failed(seen.status() + " " + seen.text());
    }
    if (seen.status() != 0 && seen.status() != 200) {
      return wrong(seen, "the status");
    }
    if (seen.stream().error().isPresent()) {
      return failedStream(seen);
    }
    return seen.question().text().startsWith(seen.text())
        ? new Left()
        : wrong(seen, "the text before the client left");
  }

  private static Wrong wrong(Observed seen, String why) {
    return new Wrong(
        "%s: status %d, `%s` instead of `%s`, finish reason `%s`, %d tokens, ids %s, %s, %s"
            .formatted(
                why,
                seen.status(),
                shortened(seen.text()),
                shortened(seen.question().text()),
                seen.finishReason(),
                seen.tokens(),
                seen.ids(),
                seen.stream(),
                seen.failure()));
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
