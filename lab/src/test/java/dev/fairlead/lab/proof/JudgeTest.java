package dev.fairlead.lab.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.lab.proof.Question.Kind;
import dev.fairlead.lab.proof.Verdict.Complete;
import dev.fairlead.lab.proof.Verdict.Failed;
import dev.fairlead.lab.proof.Verdict.Left;
import dev.fairlead.lab.proof.Verdict.Wrong;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The judge of the proofs notices each kind of wrong answer.
class JudgeTest {
  private static final Observed.Stream WELL =
      new Observed.Stream(true, Optional.empty(), false, true);
  private static final Observed.Stream CUT =
      new Observed.Stream(false, Optional.empty(), false, false);
  private static final Observed.Stream ERROR =
      new Observed.Stream(false, Optional.of("replica_lost"), false, false);

  @Test
  void aWholeAnswerIsRightInEveryPoint() {
    assertThat(whole(200, "You said: a", "stop", 3)).isInstanceOf(Complete.class);
    assertThat(whole(200, "You said: b", "stop", 3)).isInstanceOf(Wrong.class);
    assertThat(whole(200, "You said: a", "length", 3)).isInstanceOf(Wrong.class);
    assertThat(whole(200, "You said: a", "stop", 2)).isInstanceOf(Wrong.class);
    assertThat(whole(404, "", "", -1)).isInstanceOf(Wrong.class);
    assertThat(whole(502, "bad_gateway", "", -1)).isInstanceOf(Failed.class);
  }

  @Test
  void aStreamIsCompleteOnlyWithItsEnd() {
    assertThat(stream("You said: a", "stop", WELL)).isInstanceOf(Complete.class);
    assertThat(stream("You said: a", "", WELL)).isInstanceOf(Wrong.class);
    assertThat(
            stream(
                "You said: a", "stop", new Observed.Stream(false, Optional.empty(), false, true)))
        .isInstanceOf(Wrong.class);
    assertThat(stream("You said:", "", CUT)).isInstanceOf(Wrong.class);
    assertThat(stream("You said: a You said: a", "stop", WELL)).isInstanceOf(Wrong.class);
  }

  @Test
  void aFailureIsToldAndIsTheEnd() {
    assertThat(stream("You said:", "", ERROR)).isInstanceOf(Failed.class);
    assertThat(stream("of another", "", ERROR)).isInstanceOf(Wrong.class);
    assertThat(
            stream(
                "You said:",
                "",
                new Observed.Stream(false, Optional.of("replica_lost"), true, false)))
        .isInstanceOf(Wrong.class);
    assertThat(
            stream(
                "You said:",
                "",
                new Observed.Stream(true, Optional.of("replica_lost"), false, false)))
        .isInstanceOf(Wrong.class);
    assertThat(
            stream(
                "You said:",
                "",
                new Observed.Stream(false, Optional.of("replica_lost"), false, true)))
        .isInstanceOf(Wrong.class);
  }

  @Test
  void aStreamHasOneId() {
    Observed two = seen(Kind.STREAM, 200, Set.of("a", "b"), "You said: a", "stop", WELL);

    assertThat(Judge.of(two)).isInstanceOf(Wrong.class);
  }

  @Test
  void whoLeavesHasSeenNothingWrongUntilThen() {
    assertThat(left(0, "")).isInstanceOf(Left.class);
    assertThat(left(200, "You")).isInstanceOf(Left.class);
    assertThat(left(200, "He")).isInstanceOf(Wrong.class);
    assertThat(left(400, "")).isInstanceOf(Wrong.class);
  }

  @Test
  void anUnknownModelIsRefused() {
    Set<String> none = Set.of();
    assertThat(Judge.of(seen(Kind.UNKNOWN, 404, none, "model_not_found", "", CUT)))
        .isInstanceOf(Complete.class);
    assertThat(Judge.of(seen(Kind.UNKNOWN, 200, none, "", "", CUT))).isInstanceOf(Wrong.class);
  }

  private static Verdict whole(int status, String text, String finishReason, int tokens) {
    Observed seen = seen(Kind.WHOLE, status, Set.of(), text, finishReason, CUT);
    return Judge.of(
        new Observed(
            seen.question(),
            status,
            seen.ids(),
            text,
            finishReason,
            tokens,
            seen.stream(),
            Optional.empty(),
            seen.span()));
  }

  private static Verdict stream(String text, String finishReason, Observed.Stream stream) {
    return Judge.of(seen(Kind.STREAM, 200, Set.of("a"), text, finishReason, stream));
  }

  private static Verdict left(int status, String text) {
    return Judge.of(seen(Kind.LEAVES_LATE, status, Set.of(), text, "", CUT));
  }

  private static Observed seen(
      Kind kind,
      int status,
      Set<String> ids,
      String text,
      String finishReason,
      Observed.Stream stream) {
    return new Observed(
        new Question(kind, "", "You said: a", "stop", 3),
        status,
        ids,
        text,
        finishReason,
        3,
        stream,
        Optional.empty(),
        new Observed.Span(0, 1));
  }
}
