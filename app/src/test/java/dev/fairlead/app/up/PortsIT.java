package dev.fairlead.app.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PortsIT {
  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_536, 99_999})
  void aNumberThatIsNoPortIsSaidToBeNone(int port) {
    assertThatThrownBy(() -> Ports.check("127.0.0.1", port))
        .isInstanceOfSatisfying(
            StartException.class, refused -> assertThat(refused.exitCode()).isEqualTo(2))
        .hasMessageContaining("--port " + port);
  }

  @Test
  void aPortInUseIsSaidToBeSo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Ports.check("127.0.0.1", taken.getLocalPort()))
          .hasMessageContaining("choose another one with --port");
      assertThat(Ports.free(taken.getLocalPort())).isNotEqualTo(taken.getLocalPort());
    }
  }

  @Test
  void besideTheHighestPortThereIsAnotherOne() {
    assertThat(Ports.free(65_536)).isPositive();
  }
}
