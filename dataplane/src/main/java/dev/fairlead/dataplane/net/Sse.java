package dev.fairlead.dataplane.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/// Writes server-sent events (WHATWG HTML, section 9.2). Every method is a function of its
/// arguments and returns a buffer that the caller owns. Line breaks in a payload become several
/// `data:` lines.
public final class Sse {
  /// The content type of a stream.
  public static final String CONTENT_TYPE = "text/event-stream; charset=utf-8";

  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  private Sse() {}

  /// The headers of a stream, which tell caches and buffering proxies to keep off.
  public static HttpHeaders headers() {
    return NewHeaders.empty()
        .set(HttpHeaderNames.CONTENT_TYPE, CONTENT_TYPE)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, no-transform")
        .set("x-accel-buffering", "no");
  }

  /// An event without a name.
  public static ByteBuf data(ByteBufAllocator allocator, CharSequence payload) {
    ByteBuf out = allocator.buffer(payload.length() + 16);
    lines(out, "data: ", payload);
    return end(out);
  }

  /// An event with a name.
  public static ByteBuf event(ByteBufAllocator allocator, String name, CharSequence payload) {
    if (name.indexOf('\n') >= 0 || name.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("name has a line break: " + name);
    }
    ByteBuf out = allocator.buffer(payload.length() + name.length() + 24);
    ByteBufUtil.writeUtf8(out, "event: " + name + "\n");
    lines(out, "data: ", payload);
    return end(out);
  }

  /// A comment, which every client hears as a sign of life and none shows.
  public static ByteBuf comment(ByteBufAllocator allocator, CharSequence text) {
    ByteBuf out = allocator.buffer(text.length() + 8);
    lines(out, ": ", text);
    return end(out);
  }

  /// The event that ends a stream of the OpenAI API.
  public static ByteBuf done() {
    return Unpooled.wrappedBuffer(DONE);
  }

  private static void lines(ByteBuf out, String prefix, CharSequence text) {
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == '\n' || text.charAt(i) == '\r') {
        ByteBufUtil.writeAscii(out, prefix);
        ByteBufUtil.writeUtf8(out, text, from, i);
        out.writeByte('\n');
        if (i + 1 < text.length() && text.charAt(i) == '\r' && text.charAt(i + 1) == '\n') {
          i++;
        }
        from = i + 1;
      }
    }
  }

  private static ByteBuf end(ByteBuf out) {
    return out.writeByte('\n');
  }
}
