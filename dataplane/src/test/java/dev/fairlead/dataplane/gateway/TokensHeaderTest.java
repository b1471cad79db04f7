package dev.fairlead.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.dataplane.openai.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensHeaderTest {
  @Test
  void whatAnAgentWritesIsRead() {
    assertThat(TokensHeader.parse("prompt=12, completion=5, cached=0"))
        .hasValue(new Usage(12, 5, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "prompt=",
        "prompt=1",
        "prompt=1, completion=2",
        "prompt=, completion=2, cached=3",
        "prompt=1, completion=-2, cached=3",
        "prompt=1, completion=2, cached=x",
        "prompt=1, cached=3, completion=2",
        "prompt=1, completion=2, cached=3 ",
        "prompt=1234567890123456789, completion=2, cached=3",
      })
  void anythingElseIsNoUsage(String header) {
    assertThat(TokensHeader.parse(header)).isEmpty();
  }
}
