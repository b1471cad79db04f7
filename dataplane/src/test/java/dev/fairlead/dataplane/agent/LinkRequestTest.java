package dev.fairlead.dataplane.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.dataplane.link.LinkHeaders;
import dev.fairlead.dataplane.openai.EndpointKind;
import dev.fairlead.dataplane.openai.ScannedRequest.Encoding;
import dev.fairlead.dataplane.openai.StreamNormaliser.Form;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import org.junit.jupiter.api.Test;

class LinkRequestTest {
  private final DefaultHttpHeaders headers = new DefaultHttpHeaders();

  @Test
  void aStreamWithoutUsageIsWhatNobodySpecified() {
    LinkRequest request = read();
    assertThat(request.form()).isEqualTo(Form.EVENTS);
    assertThat(request.encoding()).isEqualTo(Encoding.FLOAT);
    assertThat(request.promptTokens()).isZero();
    assertThat(request.model()).isEqualTo("version-name");
  }

  @Test
  void theHeadersSayWhatTheGatewayWants() {
    headers.set("fairlead-answer", "events");
    headers.set("fairlead-usage", "asked");
    headers.set("fairlead-model", "gpt-x");
    headers.set("fairlead-prompt-tokens", "1234");
    headers.set("fairlead-encoding", "base64");
    assertThat(read())
        .isEqualTo(
            new LinkRequest(
                EndpointKind.CHAT, "gpt-x", Form.EVENTS_WITH_USAGE, Encoding.BASE64, 1234));
  }

  @Test
  void aWholeAnswerIsWholeWhateverIsSaidOfUsage() {
    headers.set("fairlead-answer", "whole");
    headers.set("fairlead-usage", "asked");
    assertThat(read().form()).isEqualTo(Form.WHOLE);
  }

  @Test
  void aModelsNameMayHaveAnyCharacters() {
    for (String name : new String[] {"模型", "a b+c%d", "org/model:7b"}) {
      headers.set("fairlead-model", LinkHeaders.encoded(name));
      assertThat(read().model()).isEqualTo(name);
    }
    headers.set("fairlead-model", "100%");
    assertThat(read().model()).isEqualTo("100%");
  }

  @Test
  void aNumberThatIsNoneIsNoEstimate() {
    for (String value : new String[] {"-3", "1e9", "", "99999999999999999999", "x"}) {
      headers.set("fairlead-prompt-tokens", value);
      assertThat(read().promptTokens()).as(value).isZero();
    }
  }

  private LinkRequest read() {
    return LinkRequest.read(EndpointKind.CHAT, headers, "version-name");
  }
}
