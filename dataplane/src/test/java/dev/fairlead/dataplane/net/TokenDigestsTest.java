package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenDigestsTest {
  /// The SHA-256 of `abc` (FIPS 180-2, appendix B.1).
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void aTokenIsAcceptedWhenItsDigestIsKnown() {
    Tokens tokens = Tokens.ofDigests(List.of(ABC));

    assertThat(tokens.accepts("Bearer abc")).isTrue();
    assertThat(tokens.accepts("Bearer abd")).isFalse();
    assertThat(tokens.accepts("Bearer " + ABC)).isFalse();
  }

  @Test
  void whatIsNoDigestIsNamed() {
    assertThatThrownBy(() -> Tokens.ofDigests(List.of("abcd")))
        .hasMessage("digest is not a SHA-256: 2 bytes");
  }
}
