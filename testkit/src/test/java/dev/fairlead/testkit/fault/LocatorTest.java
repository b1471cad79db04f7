package dev.fairlead.testkit.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LocatorTest {
  private static final String HEAD = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
  private static final String BODY = "data: 1\n\ndata: 2\n\ndata: 3\n\n";

  static Stream<Arguments> places() {
    return Stream.of(
        Arguments.of(new Position.BeforeHead(), 0),
        Arguments.of(new Position.BeforeBody(), HEAD.length()),
        Arguments.of(new Position.AfterBytes(3), HEAD.length() + 3),
        Arguments.of(new Position.AfterEvents(2), HEAD.length() + BODY.indexOf("data: 3")));
  }

  @ParameterizedTest
  @MethodSource("places")
  void thePlaceIsTheSameHoweverTheAnswerIsCut(Position position, int expected) {
    for (int piece = 1; piece <= HEAD.length() + BODY.length(); piece++) {
      assertThat(found(position, HEAD + BODY, piece))
          .as("in pieces of %d", piece)
          .isEqualTo(expected);
    }
  }

  @Test
  void anInterimAnswerIsNoAnswer() {
    String interim = "HTTP/1.1 102 Processing\r\n\r\n";

    assertThat(found(new Position.BeforeBody(), interim + HEAD + BODY, 7))
        .isEqualTo(interim.length() + HEAD.length());
  }

  @Test
  void aPlaceThatIsNeverReachedIsNotFound() {
    assertThat(found(new Position.AfterEvents(4), HEAD + BODY, 100)).isEqualTo(-1);
  }

  private static int found(Position position, String answer, int piece) {
    var locator = new Locator(position);
    byte[] bytes = answer.getBytes(ISO_8859_1);
    for (int from = 0; from < bytes.length; from += piece) {
      int length = Math.min(piece, bytes.length - from);
      byte[] part = java.util.Arrays.copyOfRange(bytes, from, from + length);
      int at = locator.strikesAt(part, length);
      if (at >= 0) {
        return from + at;
      }
    }
    return -1;
  }
}
