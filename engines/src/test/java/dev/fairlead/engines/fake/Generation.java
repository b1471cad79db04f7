package dev.fairlead.engines.fake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.engines.fake.Answers.Work;
import dev.fairlead.engines.fake.Fault.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Runs one request in a slot: prefill, decode, finish, with its fault. One thread.
final class Generation {
  private static final int SEGMENTATION_FAULT = 139;

  /// Thrown where the client left; the slot is then free again.
  private static final class Gone extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final Ask ask;
  private final Optional<Fault> fault;
  private final FakeOptions options;
  private final Answers answers;
  private final HttpConnection connection;
  private final IntConsumer exit;
  private boolean streaming;
  private Consumer<AtomicInteger> release = _ -> {};
  private AtomicInteger finished = new AtomicInteger();

  Generation(
      Ask ask,
      Optional<Fault> fault,
      FakeEngine.Context context,
      Answers answers,
      HttpConnection connection) {
    this.ask = ask;
    this.fault = fault;
    this.options = context.options();
    this.exit = context.exit();
    this.answers = answers;
    this.connection = connection;
  }

  void run(Slots slots) throws IOException, InterruptedException {
    // llama.cpp does not notice that the client of a non-streaming request has left.
    var gone = ask.stream() ? connection.watchForEnd() : new CountDownLatch(1);
    var held = slots.take(ask.prompt());
    var slot = held.slot();
    slots.cachedPromptTokens.addAndGet(held.cachedTokens());
    release =
        counter -> {
          slots.generatedTokens.addAndGet(slot.decoded());
          counter.incrementAndGet();
          slots.release(slot);
        };
    finished = slots.finished;
    try {
      int unread = ask.prompt().size() - held.cachedTokens();
      prefill(unread, gone);
      // As in llama.cpp, a prompt counts when all of it was read.
      slots.promptTokens.addAndGet(unread);
      if (ask.tool().isPresent()) {
        callTool(ask.tool().get(), held.cachedTokens());
      } else {
        decode(slot, held.cachedTokens(), gone);
      }
    } catch (Gone | IOException e) {
      end(slots.cancelled);
      connection.close();
    } finally {
      end(slots.finished);
    }
  }

  /// Frees the slot, once. As in llama.cpp that comes before the last bytes of the answer, so that
  /// a client which has them finds the slot free.
  private void end(AtomicInteger counter) {
    var pending = release;
    release = _ -> {};
    pending.accept(counter);
  }

  private void prefill(int tokens, CountDownLatch gone)
      throws InterruptedException, IOException, Gone {
    long millis = options.prefill().toMillis() * tokens;
    if (has(Kind.PREFILL)) {
      millis = number();
    } else if (has(Kind.HANG)) {
      millis = Long.MAX_VALUE;
    }
    long ping = options.ping().toMillis();
    while (millis > 0) {
      long part = Math.min(millis, ping);
      pause(Duration.ofMillis(part), gone);
      millis -= part;
      if (millis > 0 && ask.stream()) {
        send(":\n\n");
      }
    }
  }

  private void decode(Slots.Slot slot, int cached, CountDownLatch gone)
      throws IOException, InterruptedException, Gone {
    List<String> tokens = ask.answer(fault);
    int count = Math.min(tokens.size(), ask.maxTokens());
    var reason = count < tokens.size() ? "length" : "stop";
    if (ask.stream() && ask.chat()) {
      event(answers.role());
    }
    for (int i = 0; i < count; i++) {
      if (misbehaves(i)) {
        return;
      }
      pause(tokenTime(), gone);
      slot.countToken();
      if (ask.stream()) {
        event(answers.token(tokens.get(i)));
      }
    }
    if (misbehaves(count)) {
      return;
    }
    var work = new Work(ask.prompt().size(), cached, count);
    if (ask.stream()) {
      finish(reason, work);
    } else {
      var text = String.join("", tokens.subList(0, count));
      answer(answers.whole(ask.begun() + text, reason, work));
    }
  }

  /// Whether the fault has ended the answer before its token number `done`.
  private boolean misbehaves(int done) throws IOException {
    if (fault.isEmpty() || number() != done) {
      return false;
    }
    switch (fault.get().kind()) {
      case CRASH -> {
        exit.accept(SEGMENTATION_FAULT);
        connection.reset();
      }
      case CUT -> connection.reset();
      case ERROR, NAMED_ERROR -> {
        var error = Answers.error(500, "told to fail by " + ask.question(), "server_error");
        send((has(Kind.NAMED_ERROR) ? "event: error\n" : "") + Answers.event(error));
        connection.endStream();
      }
      case NO_FINISH -> connection.endStream();
      case GARBAGE -> {
        send("data: {\"choices\":[{\"del\n\n");
        return false;
      }
      case HANG, SLOW, TOKENS, PREFILL, HTML500, STATUS, TOOL_REPEATED, TOOL_NO_INDEX, BASE64 -> {
        return false;
      }
    }
    return true;
  }

  private void callTool(Ask.Tool tool, int cached) throws IOException {
    var arguments = tool.arguments();
    var work = new Work(ask.prompt().size(), cached, 3);
    var id = "call" + answers.id().substring("chatcmpl-".length());
    if (!ask.stream()) {
      answer(answers.wholeToolCall(id, tool.name(), arguments, work));
      return;
    }
    boolean repeated = has(Kind.TOOL_REPEATED);
    Integer index = has(Kind.TOOL_NO_INDEX) ? null : 0;
    int half = arguments.length() / 2;
    event(answers.role());
    event(answers.toolCall(index, id, tool.name(), ""));
    for (var part : List.of(arguments.substring(0, half), arguments.substring(half))) {
      event(answers.toolCall(index, repeated ? id : null, repeated ? tool.name() : null, part));
    }
    finish("tool_calls", work);
  }

  private void finish(String reason, Work work) throws IOException {
    end(finished);
    event(answers.finish(reason, work, ask.usage()));
    if (ask.usage() && ask.chat()) {
      event(answers.usageChunk(work));
    }
    send("data: [DONE]\n\n");
    connection.endStream();
  }

  private Duration tokenTime() {
    return has(Kind.SLOW) ? Duration.ofSeconds(1).dividedBy(number()) : options.decode();
  }

  private static void pause(Duration time, CountDownLatch gone) throws InterruptedException, Gone {
    if (gone.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new Gone();
    }
  }

  private void event(JsonNode json) throws IOException {
    send(Answers.event(json));
  }

  private void send(String text) throws IOException {
    if (!streaming) {
      connection.startStream();
      streaming = true;
    }
    connection.chunk(text);
  }

  private void answer(JsonNode json) throws IOException {
    end(finished);
    connection.answer(200, FakeEngine.JSON_TYPE, json.toString());
  }

  private boolean has(Kind kind) {
    return fault.map(Fault::kind).filter(kind::equals).isPresent();
  }

  private int number() {
    return fault.map(Fault::number).orElse(-1);
  }
}
