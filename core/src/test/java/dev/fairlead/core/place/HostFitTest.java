package dev.fairlead.core.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// What fits into a machine.
final class HostFitTest {
  private static final long GIB = 1L << 30;

  @Test
  void theReserveStaysFree() {
    assertThat(new HostFit(2, 4 * GIB).more(GIB)).isEqualTo(3);
    assertThat(new HostFit(2, 4 * GIB + HostFit.RESERVE_BYTES).more(GIB)).isEqualTo(4);
    assertThat(new HostFit(2, HostFit.RESERVE_BYTES).more(1)).isZero();
    assertThat(new HostFit(2, 0).more(GIB)).isZero();
  }

  @Test
  void aTinyModelOnAHugeMachineIsStillANumber() {
    assertThat(new HostFit(2, Long.MAX_VALUE).more(1)).isEqualTo(1_000);
  }

  @Test
  void whatWasPlacedIsGone() {
    HostFit left = new HostFit(2, 4 * GIB).minus(GIB, 2);

    assertThat(left).isEqualTo(new HostFit(2, 2 * GIB));
    assertThat(left.minus(GIB, 9)).isEqualTo(new HostFit(2, 0));
  }

  @Test
  void coresAreSharedOutAndNobodyGetsNone() {
    HostFit host = new HostFit(8, GIB);

    assertThat(host.threads(0)).isEqualTo(8);
    assertThat(host.threads(3)).isEqualTo(2);
    assertThat(host.threads(20)).isEqualTo(1);
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> new HostFit(0, 1)).hasMessage("cores is not positive: 0");
    assertThatThrownBy(() -> new HostFit(1, -1)).hasMessage("availableBytes is negative: -1");
    assertThatThrownBy(() -> new HostFit(1, 1).more(0)).hasMessage("bytes is not positive: 0");
  }
}
