#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/domain/case.h"
#include "common/domain/roster_types.h"
#include "common/wire/delivery_codec.h"

namespace escalon::notification {

/// The record of the case log that intents came with; shared by their deliveries.
struct Origin {
  int shard = -1;
  int64_t offset = -1;  ///< -1: restored from the delivery log
  CaseId case_id;
  std::string tenant;
  uint64_t version = 0;
  InstantMs at = 0;
  std::string trace_parent;
  std::string why;           ///< in words, from the record's events
  std::atomic<int> open{0};  ///< deliveries that the delivery log does not know yet; at 0 the record is done with
};

/// One intent and how it goes on with all whom it is for.
struct Intent {
  NotifyIntended told;
  bool complete = true;  ///< false: restored, known only as far as the delivery log says
  int open = 0;          ///< deliveries without an outcome
  bool reached = false;  ///< somebody got it
};

/// Somebody to be told, with the ways to reach them in the order to try.
struct Recipient {
  enum class Kind : uint8_t {
    kPerson,
    kTeam,    ///< through its own contacts
    kOfCase,  ///< requester or provider: known when the case is read
  };
  Kind kind = Kind::kPerson;
  std::string person;  ///< id of the roster; `requester` or `provider` when kOfCase; empty for a team
  std::string team;
  std::string subject;  ///< of whom links are for; empty: nobody who could use one
  std::vector<ContactMethod> contacts;
  std::vector<std::string> languages;
  std::string timezone;
  std::vector<DayWindow> quiet_hours;
  bool outside = false;  ///< not of the roster: hears nothing of the inside

  const std::string& key() const { return person.empty() ? team : person; }
};

enum class DeliveryState : uint8_t {
  kFresh,   ///< in no queue yet
  kQueued,  ///< for a free place
  kAsking,  ///< its case is being read
  kSending,
  kParked,     ///< for a free place at its sink
  kWaiting,    ///< until due_at: a retry
  kHeld,       ///< until due_at: quiet hours
  kBundled,    ///< in a bundle that is not full yet, or behind its leader
  kReporting,  ///< its owner is being told that nobody was reached
};

/// One intent on its way to one recipient.
struct Delivery {
  uint64_t id = 0;  ///< in the dispatcher's table; 0: not in it
  std::shared_ptr<Origin> origin;
  std::shared_ptr<Intent> intent;
  Recipient to;
  DeliveryState state = DeliveryState::kFresh;
  size_t contact = 0;        ///< which of to.contacts
  uint32_t attempt = 0;      ///< made on that contact
  uint32_t attempts = 0;     ///< made in all
  InstantMs expires_at = 0;  ///< no attempt is put off beyond it
  InstantMs due_at = 0;      ///< of kWaiting and kHeld
  bool ask_first = false;    ///< late by nature: a retry, held, restored, sent again
  bool recorded = false;     ///< the delivery log knows it, or will
  bool answered = false;     ///< the case was read for this attempt
  bool slot = false;         ///< takes one of the places for sends
  bool orphan = false;       ///< its shard is gone: only its outcome is still wanted
  bool restored = false;
  std::shared_ptr<const Case> seen;  ///< as last read
  std::vector<uint64_t> bundle;      ///< further deliveries that go with this one
  uint64_t leader = 0;               ///< the one that this one goes with
  std::string resent_by;
  InstantMs resent_at = 0;

  bool page() const { return intent->told.purpose == IntentPurpose::kPage; }
  const ContactMethod* method() const { return contact < to.contacts.size() ? &to.contacts[contact] : nullptr; }
};

/// Names one delivery for ever: (case, version, index, recipient).
std::string DeliveryKey(const CaseId& id, uint64_t version, uint32_t index, std::string_view recipient);
std::string DeliveryKey(const Delivery& delivery);
/// Of a record of the delivery log.
std::string DeliveryKey(const wire::DeliveryRecord& record);

/// `msg_<hex>`: the same for every try of a delivery; another when an operator sends it again.
std::string MessageId(const Delivery& delivery);

/// What happened, in words, from the events of a record with intents: the reason that a message gives.
std::string WhyOf(const EventBatch& batch);

}  // namespace escalon::notification
