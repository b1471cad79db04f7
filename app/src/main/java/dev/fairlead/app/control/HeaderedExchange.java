package dev.fairlead.app.control;

import dev.fairlead.dataplane.net.Refusal;
import dev.fairlead.dataplane.net.ServerExchange;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Adds headers to whatever an exchange is answered, refusals included. Confined to its loop.
final class HeaderedExchange implements ServerExchange {
  private final ServerExchange exchange;
  private final List<Header> added;

  HeaderedExchange(ServerExchange exchange, List<Header> added) {
    this.exchange = exchange;
    this.added = List.copyOf(added);
  }

  private HttpHeaders with(HttpHeaders headers) {
    HttpHeaders all = headers.copy();
    added.forEach(header -> all.add(header.name(), header.value()));
    return all;
  }

  @Override
  public void answerWith(CharSequence name, String value) {
    exchange.answerWith(name, value);
  }

  @Override
  public void respond(int status, HttpHeaders headers, ByteBuf body) {
    exchange.respond(status, with(headers), body);
  }

  @Override
  public void refuse(Refusal refusal, List<Header> headers) {
    var all = new ArrayList<>(headers);
    all.addAll(added);
    exchange.refuse(refusal, all);
  }

  @Override
  public void start(int status, HttpHeaders headers) {
    exchange.start(status, with(headers));
  }

  @Override
  public String method() {
    return exchange.method();
  }

  @Override
  public String target() {
    return exchange.target();
  }

  @Override
  public String path() {
    return exchange.path();
  }

  @Override
  public @Nullable String query(String name) {
    return exchange.query(name);
  }

  @Override
  public @Nullable String header(CharSequence name) {
    return exchange.header(name);
  }

  @Override
  public HttpHeaders headers() {
    return exchange.headers();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return exchange.remoteAddress();
  }

  @Override
  public InetSocketAddress localAddress() {
    return exchange.localAddress();
  }

  @Override
  public Duration age() {
    return exchange.age();
  }

  @Override
  public EventLoop loop() {
    return exchange.loop();
  }

  @Override
  public void processing() {
    exchange.processing();
  }

  @Override
  public void write(ByteBuf part) {
    exchange.write(part);
  }

  @Override
  public void finish() {
    exchange.finish();
  }

  @Override
  public void abort() {
    exchange.abort();
  }

  @Override
  public boolean started() {
    return exchange.started();
  }

  @Override
  public int status() {
    return exchange.status();
  }

  @Override
  public Optional<Refusal> refusal() {
    return exchange.refusal();
  }

  @Override
  public boolean finished() {
    return exchange.finished();
  }

  @Override
  public boolean writable() {
    return exchange.writable();
  }

  @Override
  public void onWritable(Runnable action) {
    exchange.onWritable(action);
  }

  @Override
  public void onClientGone(Runnable action) {
    exchange.onClientGone(action);
  }
}
