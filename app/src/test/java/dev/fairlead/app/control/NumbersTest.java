package dev.fairlead.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void onlyWholeNumbersThatAreNotNegativeAreNumbers() {
    assertThat(Numbers.natural("200")).hasValue(200);
    assertThat(Numbers.natural("0")).hasValue(0);
    assertThat(Numbers.natural("-1")).isEmpty();
    assertThat(Numbers.natural("1e3")).isEmpty();
    assertThat(Numbers.natural("99999999999")).isEmpty();
    assertThat(Numbers.natural("")).isEmpty();
  }
}
