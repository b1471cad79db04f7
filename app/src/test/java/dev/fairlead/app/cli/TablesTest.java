package dev.fairlead.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TablesTest {
  private final Overview overview = Overviews.three();

  @Test
  void modelsAreListedWithWhatIsReadyOfWhatIsWanted() {
    assertThat(Tables.models(overview, overview.models()).text())
        .isEqualTo(
            """
            NAME          SERVED AS     STATE        READY  VERSION         MESSAGE
            chat          team/chat     Ready        1/2    chat-1
            qwen2.5-0.5b  qwen2.5-0.5b  Idle         0/0    qwen2.5-0.5b-7  No request for 5 min.
            big           big           Progressing  0/1    -
            """);
  }

  @Test
  void versionsAreListedWithTheirFilesAndHowFarTheyAreFetched() {
    assertThat(Tables.versions(overview.versions()).text())
        .isEqualTo(
            """
            NAME            MODEL         STATE      READY  ALLOWED     ENGINE     PARAMETERS     SIZE  CONTEXT  MESSAGE
            chat-1          chat          Ready      1/2    2 (pinned)  llama.cpp        135M   94 MiB     8192
            qwen2.5-0.5b-7  qwen2.5-0.5b  Idle       0/0    0-1         llama.cpp        494M  469 MiB    32768
            big-1           big           Preparing  0/1    1-1         -                   -        -        -  Fetching: 381 MiB of 1.9 GiB, 19 %
            """);
  }

  @Test
  void topShowsTheLoad() {
    assertThat(Tables.top(overview.versions().subList(0, 2)).text())
        .isEqualTo(
            """
            MODEL         VERSION         STATE  REPLICAS  RUNNING  WAITING  TOKENS/S  PROMPT/S  TTFT P50  TTFT P95
            chat          chat-1          Ready       1/2      3/8        1      61.2      10.0    210 ms     1.5 s
            qwen2.5-0.5b  qwen2.5-0.5b-7  Idle        0/0      0/0        0         -         -         -         -
            """);
  }

  @Test
  void replicasAreListedWithTheirAge() {
    assertThat(Tables.replicas(overview.versions().getFirst(), overview.time()).text())
        .isEqualTo(
            """
            REPLICA  PHASE    FOR   PID  RUNNING  WAITING  RESTARTS  MESSAGE
            r1       Ready    10m  4001      3/4        1         0
            r2       Loading   2s  4002      0/4        0         1  after a crash
            """);
  }

  @Test
  void onlyChangedRowsArePrintedAgain() {
    Map<String, List<String>> seen = new HashMap<>();
    var before = new Table(Table.Column.text("NAME"), Table.Column.text("STATE"));
    before.row("a", "Idle").row("b", "Idle");
    var after = new Table(Table.Column.text("NAME"), Table.Column.text("STATE"));
    after.row("a", "Ready").row("b", "Idle");

    assertThat(before.changed(seen)).containsExactly("NAME  STATE", "a     Idle", "b     Idle");
    assertThat(after.changed(seen)).containsExactly("a     Ready");
    assertThat(before.changed(seen)).containsExactly("a     Idle");
  }

  @Test
  void anOldCommandReadsWhatItDoesNotKnow() {
    assertThat(Overview.of(Overviews.tree().path("host")).versions()).isEmpty();
  }
}
