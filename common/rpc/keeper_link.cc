#include "common/rpc/keeper_link.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/client_callback.h>

#include <atomic>
#include <utility>

#include "common/core/random.h"
#include "common/rpc/authentication.h"
#include "common/rpc/keeper_stream.h"
#include "common/rpc/status.h"

namespace escalon::rpc {
namespace {

constexpr char kExecute[] = "/escalon.keeper.v1.KeeperService/Execute";
constexpr size_t kEnoughBytes = 512 * 1024;  ///< a command is at most 256 KiB: stays below 1 MiB
constexpr int kMostAnswerBytes = 16 << 20;
constexpr int kLookaheadBytes = 4 << 20;

grpc::ChannelArguments Arguments(const KeeperClientOptions& options) {
  grpc::ChannelArguments args;
  args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(options.ping_every_ms));
  args.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, static_cast<int>(options.ping_answer_ms));
  args.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, static_cast<int>(options.reconnect.first));
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, static_cast<int>(options.reconnect.most));
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, static_cast<int>(options.reconnect.most));
  args.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  args.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kLookaheadBytes);
  args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  args.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // ours know what is safe
  args.SetMaxReceiveMessageSize(kMostAnswerBytes);
  return args;
}

grpc::ByteBuffer BufferOf(std::string bytes) {
  auto* owned = new std::string(std::move(bytes));
  const grpc::Slice slice(
      owned->data(), owned->size(), [](void* string) { delete static_cast<std::string*>(string); }, owned);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

/// The messages sent are bytes: a command is encoded once, when it comes, however often it is sent.
class KeeperLink::Stream final : public grpc::ClientBidiReactor<grpc::ByteBuffer, keeper::v1::ExecuteResponse> {
 public:
  Stream(KeeperLink& link, const std::string& authorization) : link_(link), loop_(link.loop_), stub_(link.channel_) {
    Attach(context_, authorization, {});
    context_.set_wait_for_ready(true);
    stub_.PrepareBidiStreamingCall(&context_, kExecute, {}, this);
    AddHold();  // for the writes, which start outside reactions
    StartRead(&response_);
    StartCall();
  }
  /// False while one is under way; its end then makes another turn of the loop.
  bool MayWrite() {
    if (!writing_) return true;
    more_ = true;
    return !writing_;
  }
  void Write(grpc::ByteBuffer message) {
    writing_ = true;
    written_ = std::move(message);
    StartWrite(&written_);
  }
  void Cancel() { context_.TryCancel(); }
  /// After Ended: nothing more will be written.
  void Release() { RemoveHold(); }

 private:
  void OnReadInitialMetadataDone(bool ok) override {
    if (!ok || context_.GetServerInitialMetadata().count(kListening) == 0) return;
    loop_.Post([this, &link = link_] { link.Opened(this); });
  }
  void OnReadDone(bool ok) override {
    if (!ok) {
      loop_.Post([this, &link = link_] { link.Ended(this); });
      return;
    }
    auto response = std::make_unique<keeper::v1::ExecuteResponse>();
    response->Swap(&response_);
    StartRead(&response_);
    loop_.Post([this, &link = link_, response = std::move(response)] { link.Answered(this, *response); });
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return;  // the end of the stream follows
    writing_ = false;
    // The loop is woken only for a message that waits: a wake costs more than the message.
    if (more_.exchange(false)) loop_.Post([] {});
  }
  void OnDone(const grpc::Status& status) override {
    Error why = status.ok() ? Error{ErrorCode::kUnavailable, "the stream was ended"} : FromGrpc(status);
    loop_.Post([this, &link = link_, why = std::move(why)] {
      link.Finished(this, why);
      delete this;
    });
  }

  KeeperLink& link_;
  runtime::EventLoop& loop_;
  grpc::TemplatedGenericStub<grpc::ByteBuffer, keeper::v1::ExecuteResponse> stub_;
  grpc::ClientContext context_;
  std::atomic<bool> writing_{false}, more_{false};
  grpc::ByteBuffer written_;
  keeper::v1::ExecuteResponse response_;
};

KeeperLink::KeeperLink(std::string address, const KeeperClientOptions& options,
                       const std::shared_ptr<grpc::ChannelCredentials>& credentials, runtime::EventLoop& loop,
                       KeeperLinkEvents& events)
    : address_(std::move(address)),
      options_(options),
      loop_(loop),
      events_(events),
      channel_(grpc::CreateCustomChannel(address_, credentials, Arguments(options))) {}

KeeperLink::~KeeperLink() = default;

void KeeperLink::Connect() {
  wanted_ = true;
  if (!idle()) return;
  stream_ = new Stream(*this, options_.authorization);
}

void KeeperLink::Close() {
  wanted_ = false;
  loop_.Cancel(std::exchange(reconnect_, 0));
  if (stream_ != nullptr) stream_->Cancel();
}

void KeeperLink::Flush() {
  if (!up_ || outbox_.empty() || !stream_->MayWrite()) return;
  std::string bytes;
  size_t taken = 0;
  for (size_t commands = 0; taken < outbox_.size() && commands < kMostCommands && bytes.size() < kEnoughBytes;
       ++taken) {
    const std::string* one = events_.LinkSends(outbox_[taken]);
    if (one == nullptr) continue;
    bytes += *one;
    ++commands;
  }
  outbox_.erase(outbox_.begin(), outbox_.begin() + static_cast<std::ptrdiff_t>(taken));
  if (bytes.empty()) return;
  stream_->Write(BufferOf(std::move(bytes)));
}

void KeeperLink::Opened(Stream* stream) {
  if (stream != stream_ || !wanted_) return;
  up_ = true;
  attempts_ = 0;
  events_.LinkUp(*this);
}

void KeeperLink::Answered(Stream* stream, const keeper::v1::ExecuteResponse& response) {
  if (stream == stream_) events_.LinkAnswers(*this, response);
}

void KeeperLink::Ended(Stream* stream) {
  up_ = false;
  stream->Release();
}

void KeeperLink::Finished(Stream*, const Error& why) {
  stream_ = nullptr;
  up_ = false;
  outbox_.clear();
  if (wanted_) {
    const DurationMs wait = options_.reconnect.Delay(attempts_++, RandomBits());
    reconnect_ = loop_.After(wait, [this] {
      reconnect_ = 0;
      Connect();
    });
  }
  Error error = why;
  error.message = "routing at " + address_ + ": " + why.message;
  events_.LinkDown(*this, error);
}

}  // namespace escalon::rpc
