package dev.fairlead.lab.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/// Whether one answer is what was asked for: the status; of a stream the number of its events and
/// the last one; of a whole answer its text. Comments do not count. Confined to one thread.
final class AnswerCheck {
  private static final String DONE = "data: [DONE]\n\n";

  private final Ask ask;
  private final StringBuilder whole = new StringBuilder();
  private final byte[] tail = new byte[DONE.length()];
  private int status;
  private int events;
  private boolean atLineStart = true;

  private AnswerCheck(Ask ask) {
    this.ask = ask;
  }

  static AnswerCheck of(Ask ask) {
    return new AnswerCheck(ask);
  }

  void status(int code) {
    status = code;
  }

  void data(ByteBuf part) {
    if (!ask.stream() || status != 200) {
      whole.append(part.toString(UTF_8));
      return;
    }
    keepTail(part);
    int at = part.readerIndex();
    while (at < part.writerIndex()) {
      if (atLineStart && part.getByte(at) == 'd') {
        events++;
      }
      int newLine = ByteBufUtil.indexOf(part, at, part.writerIndex(), (byte) '\n');
      atLineStart = newLine >= 0;
      at = newLine < 0 ? part.writerIndex() : newLine + 1;
    }
  }

  private void keepTail(ByteBuf part) {
    int length = Math.min(tail.length, part.readableBytes());
    System.arraycopy(tail, length, tail, 0, tail.length - length);
    part.getBytes(part.writerIndex() - length, tail, tail.length - length, length);
  }

  /// What is wrong with it; empty when nothing is.
  String problem() {
    if (status != 200) {
      return "status %d: %s".formatted(status, whole);
    }
    if (!ask.stream()) {
      boolean right = whole.indexOf(PreparedAnswers.content(ask.tokens())) >= 0;
      return right ? "" : "not the text that was asked for: " + whole;
    }
    if (!new String(tail, US_ASCII).equals(DONE)) {
      return "it ends with " + new String(tail, US_ASCII);
    }
    return events == ask.events() ? "" : "%d events, not %d".formatted(events, ask.events());
  }
}
