#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/ids.h"
#include "common/core/instant.h"
#include "common/domain/vocabulary.h"
#include "common/runtime/move_function.h"

namespace escalon::notification {

/// One message to one address. What it is about is always there; the words only for channels that want them.
struct Message {
  std::string id;  ///< the same on every try: the receiver's key against repeats; `msg_…`, fit for a webhook-id
  std::string tenant;
  std::string person, team;  ///< ids of the roster, or a party's subject
  std::string address;
  CaseId case_id;  ///< empty: a test page
  uint64_t version = 0;
  uint32_t index = 0;
  IntentPurpose purpose = IntentPurpose::kInform;
  std::string name;  ///< of the template: assigned, escalated, requester-opened, …
  Priority priority = Priority::kUnset;
  InstantMs intended_at = 0;
  std::string why;
  std::string trace_parent;

  // Words: empty unless `Channel::wants_words`.
  std::string subject, text, language;
  std::string title, state, level, service, external_ref, external_url;
  InstantMs due_at = 0;                      ///< 0: none
  std::map<std::string, std::string> links;  ///< action to URL
  std::vector<std::string> bundled;          ///< case ids of the further messages that this one stands for
};

struct SendResult {
  enum class Kind : uint8_t { kDelivered, kRetry, kPermanent };
  Kind kind = Kind::kDelivered;
  std::string reason;             ///< in words, without personal data; empty when delivered
  DurationMs retry_after_ms = 0;  ///< the receiver's wish; 0: none
  std::string provider_ref;       ///< what the receiver calls it
  bool sink_in_trouble = false;   ///< counts for the circuit breaker: the receiver, not this message, is the reason
};

/// A way to reach people. Send is called on the notifier's loop; `done` comes exactly once, from any thread, for
/// immediate channels before Send returns.
class Channel {
 public:
  using Done = runtime::MoveFunction<void(SendResult)>;
  virtual ~Channel() = default;
  virtual std::string_view name() const = 0;
  /// Answers at once and cannot be slow: neither queue nor breaker nor bundles.
  virtual bool immediate() const { return false; }
  virtual bool wants_words() const { return true; }
  /// What is slow or broken as one: a host, a relay.
  virtual std::string SinkOf(const std::string& address) const = 0;
  virtual void Send(Message message, Done done) = 0;
};

/// The channels that this installation has, by name.
class Channels {
 public:
  void Add(std::unique_ptr<Channel> channel) {
    const std::string name(channel->name());
    by_name_[name] = std::move(channel);
  }
  Channel* Find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second.get();
  }

 private:
  std::map<std::string, std::unique_ptr<Channel>, std::less<>> by_name_;
};

}  // namespace escalon::notification
