package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

final class AddressCountsTest {
  @Test
  void nothingIsKeptOfAnAddressThatLeft() throws UnknownHostException {
    var counts = new AddressCounts();
    InetAddress one = InetAddress.getByName("192.0.2.1");
    InetAddress other = InetAddress.getByName("2001:db8::1");

    assertThat(counts.enter(one)).isEqualTo(1);
    assertThat(counts.enter(one)).isEqualTo(2);
    assertThat(counts.enter(other)).isEqualTo(1);
    counts.leave(one);
    assertThat(counts.enter(one)).isEqualTo(2);
    counts.leave(one);
    counts.leave(one);
    counts.leave(other);

    assertThat(counts.addresses()).isZero();
  }
}
