package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.fairlead.dataplane.openai.ScannedRequest.Places;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Makes the body for the engine out of the client's by small inserts between slices of it; nothing
/// is parsed or serialised again.
public final class Splice {
  /// Copying so few bytes costs less than the slices that would save it.
  private static final int COPY_BELOW = 4 << 10;

  private static final String TRUE = "true";
  private static final String FLOAT = "\"float\"";
  private static final String STREAM = "\"stream\":true,";
  private static final String STREAM_OPTIONS = "\"stream_options\":{\"include_usage\":true},";
  private static final String OPTIONS = "{\"include_usage\":true}";
  private static final String INCLUDE_USAGE = "\"include_usage\":true";
  private static final String INCLUDE_USAGE_FIRST = "\"include_usage\":true,";

  /// Text that takes the place of a span; an empty span is an insert.
  private record Edit(Span span, String text) {}

  private Splice() {}

  /// The body for an engine that knows the model as `engineModel`: a stream with usage (chat and
  /// completion; the typed ones tell it anyway), or floats (embedding). The result holds own
  /// references to `body`, whose indices and reference stay the caller's; the caller releases both.
  public static ByteBuf forEngine(ByteBuf body, ScannedRequest request, String engineModel) {
    Places places = request.places();
    if (body.readableBytes() != places.bodyBytes()) {
      throw new IllegalArgumentException(
          "body is not the scanned one: %d bytes, scanned %d"
              .formatted(body.readableBytes(), places.bodyBytes()));
    }
    List<Edit> edits = new ArrayList<>(4);
    edits.add(new Edit(places.model(), quoted(engineModel)));
    if (request.kind().whole()) {
      places.encodingFormat().ifPresent(span -> edits.add(new Edit(span, FLOAT)));
    } else {
      Span first = insertAfterBrace(places.root());
      edits.add(
          places.stream()
              .map(span -> new Edit(span, TRUE))
              .orElseGet(() -> new Edit(first, STREAM)));
      if (!request.kind().typed()) {
        edits.add(usage(places, first));
      }
    }
    edits.sort(Comparator.comparingInt(edit -> edit.span().start()));
    return apply(body, edits);
  }

  private static Edit usage(Places places, Span first) {
    if (places.includeUsage().isPresent()) {
      return new Edit(places.includeUsage().get(), TRUE);
    }
    if (places.streamOptions().isEmpty()) {
      return new Edit(first, STREAM_OPTIONS);
    }
    Span options = places.streamOptions().get();
    return switch (places.streamOptionsForm()) {
      case NULL -> new Edit(options, OPTIONS);
      case EMPTY -> new Edit(insertAfterBrace(options), INCLUDE_USAGE);
      case FILLED -> new Edit(insertAfterBrace(options), INCLUDE_USAGE_FIRST);
    };
  }

  private static Span insertAfterBrace(Span object) {
    return new Span(object.start() + 1, object.start() + 1);
  }

  private static ByteBuf apply(ByteBuf body, List<Edit> edits) {
    return body.readableBytes() < COPY_BELOW ? copied(body, edits) : sliced(body, edits);
  }

  private static ByteBuf copied(ByteBuf body, List<Edit> edits) {
    ByteBuf result = body.alloc().buffer(body.readableBytes() + 64 * edits.size());
    int base = body.readerIndex();
    int done = 0;
    for (Edit edit : edits) {
      result.writeBytes(body, base + done, edit.span().start() - done);
      ByteBufUtil.writeUtf8(result, edit.text());
      done = edit.span().end();
    }
    return result.writeBytes(body, base + done, body.readableBytes() - done);
  }

  private static ByteBuf sliced(ByteBuf body, List<Edit> edits) {
    CompositeByteBuf result = body.alloc().compositeBuffer(2 * edits.size() + 1);
    int base = body.readerIndex();
    int done = 0;
    for (Edit edit : edits) {
      keep(result, body, base, new Span(done, edit.span().start()));
      // In the same kind of memory as the rest: a socket copies all of a mixture before it writes.
      result.addComponent(true, ByteBufUtil.writeUtf8(body.alloc(), edit.text()));
      done = edit.span().end();
    }
    keep(result, body, base, new Span(done, body.readableBytes()));
    return result;
  }

  private static void keep(CompositeByteBuf result, ByteBuf body, int base, Span span) {
    int length = span.end() - span.start();
    if (length > 0) {
      result.addComponent(true, body.retainedSlice(base + span.start(), length));
    }
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
