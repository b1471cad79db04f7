package dev.fairlead.engines.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.engines.fake.Fault.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// An engine without a model, for tests of whatever stands before one: llama-server's routes on
/// loopback, with faults on demand (see {@link Fault}), whose errors repeat the question. As a
/// program it takes llama-server's arguments and those of {@link FakeOptions}. Any thread; closing
/// it ends its connections and threads.
public final class FakeEngine implements AutoCloseable {
  static final String JSON_TYPE = "application/json; charset=utf-8";

  /// What a request needs of the engine around it.
  record Context(FakeOptions options, IntConsumer exit) {}

  /// What the engine has seen. `deferred` wait for a slot now; `cancelled` are those whose client
  /// left.
  public record Counters(int running, int deferred, int mostRunning, int finished, int cancelled) {}

  private final FakeOptions options;
  private final Context context;
  private final Consumer<String> output;
  private final ServerSocket socket;
  private final Slots slots;
  private final Map<HttpConnection, Thread> connections = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Fault> planned = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> bodies = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch loaded = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  private FakeEngine(FakeOptions options, IntConsumer exit, Consumer<String> output)
      throws IOException {
    this.options = options;
    this.output = output;
    slots = new Slots(options.slots());
    context =
        new Context(
            options,
            code -> {
              resetAll();
              exit.accept(code);
            });
    socket = new ServerSocket();
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()), 128);
  }

  /// One that lives in the test; a crash closes it.
  public static FakeEngine start(FakeOptions options) {
    try {
      var closer = new ArrayList<FakeEngine>();
      var engine = new FakeEngine(options, _ -> closer.forEach(FakeEngine::close), _ -> {});
      closer.add(engine);
      engine.serve();
      return engine;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The program. SIGTERM ends it at once with code 0 and cuts its streams, as it does
  /// llama-server.
  public static void main(String[] arguments) throws InterruptedException {
    FakeOptions options;
    try {
      options = FakeOptions.parse(List.of(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(1);
      return;
    }
    options
        .exit()
        .ifPresent(message -> {
          System.err.println(message);
          System.exit(1);
        });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
    Consumer<String> console = System.out::println;
    try (var engine = new FakeEngine(options, Runtime.getRuntime()::halt, console)) {
      engine.serve();
      engine.closed.await();
    } catch (IOException e) {
      System.err.printf(
          "0.00.002.529 E srv         start: couldn't bind HTTP server socket, hostname: 127.0.0.1,"
              + " port: %d%n",
          options.port());
      System.exit(1);
    }
  }

  private void serve() {
    Thread.ofVirtual().name("fake-engine-accept").start(this::accept);
    if (options.earlyLine()) {
      sayListening();
    }
    say("I srv    load_model: loading model '%s'".formatted(options.model()));
    if (options.load().isZero()) {
      finishLoad();
    } else {
      Thread.ofVirtual().name("fake-engine-load").start(this::load);
    }
  }

  private void load() {
    try {
      if (!closed.await(options.load().toMillis(), TimeUnit.MILLISECONDS)) {
        finishLoad();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void finishLoad() {
    loaded.countDown();
    say("I srv          init: model loaded");
    if (!options.earlyLine()) {
      sayListening();
    }
  }

  private void sayListening() {
    say("I srv          init: listening on http://127.0.0.1:" + port());
  }

  private void say(String text) {
    output.accept("0.00.000.001 " + text);
  }

  private void accept() {
    try {
      while (true) {
        var connection = new HttpConnection(socket.accept(), options.idle());
        var thread =
            Thread.ofVirtual().name("fake-engine-connection").unstarted(() -> serve(connection));
        connections.put(connection, thread);
        thread.start();
      }
    } catch (IOException e) {
      // The socket was closed: that is how it ends.
      closed.countDown();
    }
  }

  private void serve(HttpConnection connection) {
    try (connection) {
      for (var request = connection.next();
          request != null && closed.getCount() > 0;
          request = connection.open() ? connection.next() : null) {
        answer(request, connection);
      }
    } catch (IOException e) {
      // The client left, or paused for too long; llama.cpp says nothing about it either.
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(connection);
    }
  }

  private void answer(HttpConnection.Request request, HttpConnection connection)
      throws IOException, InterruptedException {
    if (loaded.getCount() > 0) {
      json(connection, 503, Answers.error(503, "Loading model", "unavailable_error"));
      return;
    }
    int query = request.path().indexOf('?');
    var path = query < 0 ? request.path() : request.path().substring(0, query);
    switch (request.method() + " " + path) {
      case "GET /health", "GET /v1/health" ->
          json(connection, 200, Answers.JSON.createObjectNode().put("status", "ok"));
      case "GET /metrics" ->
          connection.answer(200, "text/plain; version=0.0.4", Answers.metrics(slots));
      case "GET /slots" -> json(connection, 200, describeSlots());
      case "GET /v1/models" -> json(connection, 200, describeModels());
      case "POST /v1/chat/completions", "POST /v1/completions", "POST /v1/embeddings" ->
          post(path, request.body(), connection);
      default -> json(connection, 404, Answers.error(404, "File Not Found", "not_found_error"));
    }
  }

  private void post(String path, String text, HttpConnection connection)
      throws IOException, InterruptedException {
    bodies.add(text);
    try {
      JsonNode body = Answers.JSON.readTree(text);
      switch (path) {
        case "/v1/embeddings" -> embed(body, connection);
        case "/v1/completions" -> generate(Ask.completion(body), connection);
        default -> generate(Ask.chat(body), connection);
      }
    } catch (JsonProcessingException e) {
      json(connection, 400, invalid("[json.exception.parse_error.101] " + e.getOriginalMessage()));
    } catch (Ask.Refused e) {
      json(connection, 400, invalid(String.valueOf(e.getMessage())));
    }
  }

  private static JsonNode invalid(String message) {
    return Answers.error(400, message, "invalid_request_error");
  }

  private void generate(Ask ask, HttpConnection connection)
      throws IOException, InterruptedException {
    int number = requests.incrementAndGet();
    var fault = Optional.ofNullable(planned.poll()).or(() -> Fault.in(ask.question()));
    var kind = fault.map(Fault::kind);
    if (options.embedding()) {
      json(connection, 500, Answers.error(500, "the model cannot generate", "server_error"));
    } else if (kind.filter(Kind.HTML500::equals).isPresent()) {
      connection.answer(
          500,
          "text/html",
          "<html><body><h1>500 Internal Server Error</h1>%s</body></html>"
              .formatted(ask.question()));
    } else if (kind.filter(Kind.STATUS::equals).isPresent()) {
      int status = fault.map(Fault::number).orElse(503);
      json(
          connection,
          status,
          Answers.error(status, "told to refuse " + ask.question(), "server_error"));
    } else if (ask.prompt().size() > options.contextLength()) {
      json(connection, 400, Answers.tooLong(ask.prompt().size(), options.contextLength()));
    } else {
      var answers = Answers.of(options.model(), ask.chat(), number, InstantSource.system());
      new Generation(ask, fault, context, answers, connection).run(slots);
    }
  }

  private void embed(JsonNode body, HttpConnection connection) throws IOException {
    var inputs = new ArrayList<String>();
    var input = body.path("input");
    if (input.isArray()) {
      input.forEach(item -> inputs.add(item.asText()));
    } else {
      inputs.add(input.asText());
    }
    int longest = inputs.stream().mapToInt(i -> Answers.tokensOf(i).size()).max().orElse(0);
    if (!options.embedding()) {
      var message = "This server does not support embeddings. Start it with `--embeddings`";
      json(connection, 501, Answers.error(501, message, "not_supported_error"));
    } else if (longest > options.physicalBatch()) {
      var message =
          "input (%d tokens) is too large to process. increase the physical batch size (current batch size: %d)"
              .formatted(longest, options.physicalBatch());
      json(connection, 500, Answers.error(500, message, "server_error"));
    } else {
      boolean told =
          Fault.in(inputs.getFirst()).map(Fault::kind).filter(Kind.BASE64::equals).isPresent();
      boolean base64 = told || body.path("encoding_format").asText().equals("base64");
      var model = body.path("model").asText(options.model());
      json(connection, 200, Answers.embeddings(model, inputs, base64));
    }
  }

  private JsonNode describeSlots() {
    var all = Answers.JSON.createArrayNode();
    for (var slot : slots.all()) {
      all.addObject()
          .put("id", slot.id())
          .put("n_ctx", options.contextLength())
          .put("speculative", false)
          .put("is_processing", slot.processing())
          .put("n_prompt_tokens", slot.promptTokens())
          .putArray("next_token")
          .addObject()
          .put("n_decoded", slot.decoded());
    }
    return all;
  }

  private JsonNode describeModels() {
    var answer = Answers.JSON.createObjectNode().put("object", "list");
    answer
        .putArray("data")
        .addObject()
        .put("id", options.model())
        .put("object", "model")
        .put("owned_by", "llamacpp")
        .putObject("meta")
        .put("n_ctx", options.contextLength());
    return answer;
  }

  private static void json(HttpConnection connection, int status, JsonNode body)
      throws IOException {
    connection.answer(status, JSON_TYPE, body.toString());
  }

  /// Where it listens, before it is ready as well.
  public int port() {
    return socket.getLocalPort();
  }

  /// Plans a fault for the next chat or completion request that has none planned yet.
  public void fail(Kind kind, int number) {
    planned.add(new Fault(kind, number));
  }

  public Counters counters() {
    return new Counters(
        slots.running(),
        slots.deferred(),
        slots.mostRunning(),
        slots.finished.get(),
        slots.cancelled.get());
  }

  /// The bodies of all POST requests so far, oldest first.
  public List<String> bodies() {
    return List.copyOf(bodies);
  }

  private void resetAll() {
    connections.keySet().forEach(HttpConnection::reset);
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    resetAll();
    connections.values().forEach(Thread::interrupt);
  }
}
