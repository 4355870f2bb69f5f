#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/core/result.h"
#include "common/rpc/keeper_client.h"
#include "common/runtime/event_loop.h"
#include "escalon/keeper/v1/keeper_service.pb.h"

/// Private to the room.
namespace escalon::rpc {

class KeeperLink;

/// What a link tells its owner, in the loop's thread.
class KeeperLinkEvents {
 public:
  virtual ~KeeperLinkEvents() = default;
  virtual void LinkUp(KeeperLink& link) = 0;
  virtual void LinkAnswers(KeeperLink& link, const keeper::v1::ExecuteResponse& response) = 0;
  /// Whatever was sent and not answered may have taken effect; what was queued was not sent.
  virtual void LinkDown(KeeperLink& link, const Error& why) = 0;
  /// The command leaves now: its bytes as a field of ExecuteRequest; nullptr: no longer wanted.
  virtual const std::string* LinkSends(uint64_t call) = 0;
};

/// One instance of routing: a channel, and on it one Execute stream that is made anew when it breaks. Commands wait in
/// the link only while it is up. Loop thread only; gRPC's reactions are posted there.
class KeeperLink {
 public:
  KeeperLink(std::string address, const KeeperClientOptions& options,
             const std::shared_ptr<grpc::ChannelCredentials>& credentials, runtime::EventLoop& loop,
             KeeperLinkEvents& events);
  ~KeeperLink();  ///< only when idle()
  KeeperLink(const KeeperLink&) = delete;
  KeeperLink& operator=(const KeeperLink&) = delete;

  const std::string& address() const { return address_; }
  bool up() const { return up_; }
  /// Makes a stream unless there is one.
  void Connect();
  /// Ends the stream; no new one until Connect.
  void Close();
  /// No stream, none to come.
  bool idle() const { return stream_ == nullptr && reconnect_ == 0; }
  /// Only while up().
  void Queue(uint64_t call) { outbox_.push_back(call); }
  /// One message of what is queued, unless one is under way.
  void Flush();
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  class Stream;
  void Opened(Stream* stream);
  void Answered(Stream* stream, const keeper::v1::ExecuteResponse& response);
  void Ended(Stream* stream);
  void Finished(Stream* stream, const Error& why);

  const std::string address_;
  const KeeperClientOptions& options_;
  runtime::EventLoop& loop_;
  KeeperLinkEvents& events_;
  const std::shared_ptr<grpc::Channel> channel_;
  Stream* stream_ = nullptr;  ///< its own owner, until Finished
  bool up_ = false, wanted_ = false;
  int attempts_ = 0;
  runtime::EventLoop::TimerId reconnect_ = 0;
  std::vector<uint64_t> outbox_;
};

}  // namespace escalon::rpc
