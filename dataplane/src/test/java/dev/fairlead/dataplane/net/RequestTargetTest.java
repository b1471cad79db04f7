package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
  @ParameterizedTest
  @CsvSource({
    "/a/b, /a/b, /a/b, -",
    "/a%20b+c?q=%2F, /a%20b+c?q=%2F, /a b+c, -",
    "/v1/models/org%2Fname, /v1/models/org%2Fname, /v1/models/org/name, -",
    "*, *, *, -",
    "http://h:1/a?b, /a?b, /a, h:1",
    "HTTP://h, /, /, h",
    "http://h?b, /?b, /, h",
  })
  void originAndAbsoluteFormsAreRead(String sent, String origin, String path, String authority) {
    RequestTarget target = RequestTarget.parse(sent).orElseThrow();
    assertThat(target.origin()).isEqualTo(origin);
    assertThat(target.path()).isEqualTo(path);
    assertThat(target.authority().orElse("-")).isEqualTo(authority);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "h:80", "ftp://h/", "http:///a", "/%", "/%0", "/%00", "/a#b", "/a b"})
  void othersAreMalformed(String sent) {
    assertThat(RequestTarget.parse(sent)).isEmpty();
  }
}
