package dev.fairlead.dataplane.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One request and its answer. Every method is for the thread of `loop()` only; code on another
/// thread comes back with `exchange.loop().execute(…)`. An exchange ends once: by `respond`,
/// `refuse`, `finish` or `abort` of its handler, or by the client, a limit or the server, which is
/// told to `onClientGone`. After that, writes are dropped (and their buffers released), so that a
/// handler need not ask before each of them.
public interface ServerExchange {
  /// The method as sent, such as `POST`.
  String method();

  /// The target as sent, with the query: `/v1/models?limit=3`.
  String target();

  /// The target's path, decoded, without the query. `%2F` is a `/` here.
  String path();

  /// The first value of a query parameter, decoded; null when it was not sent.
  @Nullable String query(String name);

  /// The first value of a header; null when it was not sent.
  @Nullable String header(CharSequence name);

  /// The headers as sent, except that `Host` is the authority of an absolute-form target.
  HttpHeaders headers();

  /// Where the connection comes from.
  InetSocketAddress remoteAddress();

  /// The address of the listener's side of the connection.
  InetSocketAddress localAddress();

  /// The event loop on which everything of this exchange happens.
  EventLoop loop();

  /// How long ago its head was complete.
  Duration age();

  /// Sets a header that the answer will carry whatever it is, refusals and errors included. Without
  /// effect once the answer has begun.
  void answerWith(CharSequence name, String value);

  /// Gives the whole answer, with its Content-Length. Takes over `body`.
  void respond(int status, HttpHeaders headers, ByteBuf body);

  /// Gives the listener's error answer. Ignored once the answer has begun or the exchange is over.
  default void refuse(Refusal refusal) {
    refuse(refusal, List.of());
  }

  /// As `refuse`, with more headers, such as `Retry-After`.
  void refuse(Refusal refusal, List<Header> headers);

  /// Tells the client, before the answer has begun, that the request is still worked on: by an
  /// interim answer (102 Processing, RFC 2518, section 10.1). Only for peers that know it; ignored
  /// for one of HTTP/1.0, and once the answer has begun or the exchange is over.
  void processing();

  /// Begins an answer of unknown length: chunked, or until the close for a client of HTTP/1.0. Sent
  /// at once, so that the client can see it before the first part.
  void start(int status, HttpHeaders headers);

  /// Sends the next part. Takes over `part`. What is written in one turn of the loop leaves in one
  /// piece. Writing is never refused: look at `writable` to bound what waits.
  void write(ByteBuf part);

  /// Ends an answer that was begun by `start`.
  void finish();

  /// Ends the exchange so that every client sees a failure: what was written is sent, the end is
  /// not, and the connection closes.
  void abort();

  /// Whether an answer has begun.
  boolean started();

  /// The status of the answer, 0 before it has begun.
  int status();

  /// What it was refused with, by `refuse` or by the server; empty for every other answer.
  Optional<Refusal> refusal();

  /// Whether the exchange is over.
  boolean finished();

  /// Whether the client takes more at present: at most 32 KiB wait for it (and are below 16 KiB
  /// again before this turns true again), and what comes of one read of an upstream.
  boolean writable();

  /// Sets what runs each time the client takes more again.
  void onWritable(Runnable action);

  /// Sets what runs when the exchange ends other than by its handler: the client left, also while
  /// both sides are silent, or broke a limit or a time-out, or the server was closed. Runs at most
  /// once, never after `respond`, `refuse`, `finish` or `abort`; at once when it has already
  /// happened.
  void onClientGone(Runnable action);

  /// A header of an answer.
  record Header(CharSequence name, String value) {}
}
