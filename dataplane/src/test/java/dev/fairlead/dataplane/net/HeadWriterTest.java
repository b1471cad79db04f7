package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadWriterTest {
  @Test
  void aHeadIsItsLines() {
    String head =
        written(out -> {
          HeadWriter.status(out, 429);
          HeadWriter.headers(out, headers().set("retry-after", "3"));
          HeadWriter.contentLength(out, 1_205);
          HeadWriter.close(out);
          HeadWriter.end(out);
        });

    assertThat(head)
        .isEqualTo(
            String.join(
                "\r\n",
                "HTTP/1.1 429 Too Many Requests",
                "retry-after: 3",
                "content-length: 1205",
                "connection: close",
                "",
                ""));
  }

  @Test
  void whatBelongsToOneConnectionStaysBehind() {
    HttpHeaders headers =
        headers()
            .set("connection", "keep-alive, x-mine")
            .set("x-mine", "1")
            .set("transfer-encoding", "chunked")
            .set("content-length", "7")
            .set("x-yours", "2");

    assertThat(written(out -> HeadWriter.headers(out, headers))).isEqualTo("x-yours: 2\r\n");
  }

  /// Else who chooses a value could write the next header, or the next answer.
  @ParameterizedTest
  @ValueSource(strings = {"a\r\nx-admin: 1", "a\nb", "a\rb", "\0", "a\u007f", "\u001b[0m"})
  void noValueBreaksOutOfItsLine(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> written(out -> HeadWriter.header(out, "x-user", value)))
        .withMessageStartingWith("a header has the control character ");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            written(out -> HeadWriter.header(out, AsciiString.of(value), AsciiString.of("v"))))
        .withMessageStartingWith("a header has the control character ");
  }

  @Test
  void aTabAndLettersOfLatin1AreText() {
    assertThat(written(out -> HeadWriter.header(out, "x-user", "a\tMüller")))
        .isEqualTo("x-user: a\tMüller\r\n");
  }

  /// U+560D ends in the byte of a carriage return, U+560A in that of a line feed.
  @Test
  void aLetterBeyondAByteDoesNotBecomeALineEnd() {
    assertThat(written(out -> HeadWriter.header(out, "x-user", "\u560d\u560a")))
        .isEqualTo("x-user: ??\r\n");
  }

  private static HttpHeaders headers() {
    return new DefaultHttpHeaders();
  }

  private static String written(Consumer<ByteBuf> writes) {
    ByteBuf out = Unpooled.buffer();
    writes.accept(out);
    return out.toString(ISO_8859_1);
  }
}
