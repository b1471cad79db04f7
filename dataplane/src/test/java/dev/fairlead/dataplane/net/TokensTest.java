package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
  private final Tokens tokens = Tokens.of(List.of("first", "second"));

  @ParameterizedTest
  @CsvSource({
    "Bearer first, true",
    "bearer second, true",
    "Bearer third, false",
    "Bearer firs, false",
    "Bearer firstx, false",
    "Bearer , false",
    "first, false",
    "Basic first, false",
    "'', false",
  })
  void onlyAWholeTokenIsAccepted(String authorization, boolean accepted) {
    assertThat(tokens.accepts(authorization)).isEqualTo(accepted);
  }

  @Test
  void aGuardedHandlerIsNotReachedWithoutAToken() {
    Handler guarded =
        tokens.guard(exchange -> {
          exchange.respond(200, Handlers.plain(), Handlers.text("in"));
          return BodyReceiver.ignore();
        });
    var without = new FakeExchange("GET", "/");
    guarded.accept(without);
    assertThat(without.status()).isEqualTo(401);
    assertThat(without.answerHeaders().get("www-authenticate")).isEqualTo("Bearer");
    var with = new FakeExchange("GET", "/").with("authorization", "Bearer first");
    guarded.accept(with);
    assertThat(with.body()).isEqualTo("in");
  }

  @Test
  void noTokenAcceptsNothingAndABlankOneIsAMistake() {
    assertThat(Tokens.of(List.of()).accepts("Bearer ")).isFalse();
    assertThatThrownBy(() -> Tokens.of(List.of(" "))).hasMessage("token is blank");
  }
}
