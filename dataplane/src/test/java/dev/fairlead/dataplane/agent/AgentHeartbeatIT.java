package dev.fairlead.dataplane.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A gateway can tell an engine that thinks from a replica that is gone.
class AgentHeartbeatIT {
  private static final StateTiming QUICK =
      new StateTiming(Duration.ofMillis(10), Duration.ofMillis(40));
  private static final String INTERIM = "HTTP/1.1 102 Processing\r\n";

  @Test
  void aPrefillIsHeardAndThenTheAnswerIsAsEver() throws Exception {
    try (var test = new AgentUnderTest(1, options -> options.withState(QUICK)).ready();
        var gateway = RawGateway.chat(test.port())) {
      ScriptedEngine.Call call = test.engine.next();
      gateway.until(INTERIM).until(INTERIM + "\r\n" + INTERIM);
      call.startEvents().text("one").complete();

      assertThat(gateway.all())
          .contains("\r\n\r\nHTTP/1.1 200 OK\r\n")
          .contains("one")
          .endsWith("0\r\n\r\n");
    }
  }

  @Test
  void aSilentStreamIsHeardByComments() throws Exception {
    try (var test = new AgentUnderTest(1, options -> options.withState(QUICK)).ready();
        var gateway = RawGateway.chat(test.port())) {
      ScriptedEngine.Call call = test.engine.next();
      call.startEvents().text("one");
      gateway.until("one").until("\r\n:\n\n\r\n");
      call.text("two").complete();

      String all = gateway.all();
      assertThat(all.substring(all.indexOf("one"))).doesNotContain(INTERIM).endsWith("0\r\n\r\n");
    }
  }

  @Test
  void aRequestThatWaitsForASlotIsHeardToo() throws Exception {
    try (var test = new AgentUnderTest(1, options -> options.withState(QUICK)).ready();
        var first = RawGateway.chat(test.port())) {
      ScriptedEngine.Call running = test.engine.next();
      try (var second = RawGateway.chat(test.port())) {
        second.until(INTERIM);
        running.startEvents().text("one").complete();
        assertThat(first.all()).contains("one");
        test.engine.next().startEvents().text("two").complete();
        assertThat(second.all()).contains("two");
      }
    }
  }
}
