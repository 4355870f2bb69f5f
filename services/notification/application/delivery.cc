#include "services/notification/application/delivery.h"

#include "common/core/digest.h"

namespace escalon::notification {

std::string DeliveryKey(const CaseId& id, uint64_t version, uint32_t index, std::string_view recipient) {
  std::string key(id.AsBytes());
  key.reserve(key.size() + 12 + recipient.size());
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(version >> shift));
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(index >> shift));
  return key.append(recipient);
}

std::string DeliveryKey(const Delivery& d) {
  return DeliveryKey(d.origin->case_id, d.origin->version, d.intent->told.index, d.to.key());
}

std::string DeliveryKey(const wire::DeliveryRecord& record) {
  return DeliveryKey(record.case_id, record.version, record.index, record.person.empty() ? record.team : record.person);
}

std::string MessageId(const Delivery& d) {
  Sha256 sha;
  sha.Add(DeliveryKey(d));
  if (d.resent_at != 0) sha.AddBe64(static_cast<uint64_t>(d.resent_at));
  return "msg_" + ToHex(AsView(sha.Finish()).substr(0, 16));
}

std::string WhyOf(const EventBatch& batch) {
  std::string why;
  const auto say = [&why](std::string_view what, std::string_view detail = {}) {
    if (!why.empty()) return;
    why = what;
    if (!detail.empty()) why.append(why.empty() ? "" : ": ").append(detail);
  };
  for (const Event& event : batch.events) {
    if (const auto* e = std::get_if<Escalated>(&event)) {
      if (e->counted) say(Name(e->reason), e->text);
    } else if (const auto* breached = std::get_if<Breached>(&event)) {
      say("target passed", breached->name);
    } else if (const auto* fired = std::get_if<ClockFired>(&event)) {
      if (fired->alarm.kind == AlarmKind::kWarning && !fired->superseded) {
        say(fired->name, SpokenPlace(fired->alarm.place));
      }
    } else if (const auto* offered = std::get_if<HandoverOffered>(&event)) {
      say("handover", offered->why);
    } else if (const auto* declined = std::get_if<HandoverDeclined>(&event)) {
      say("declined", declined->reason);
    } else if (const auto* approval = std::get_if<ApprovalRequested>(&event)) {
      say(Name(approval->request.reason), approval->request.text);
    } else if (const auto* paused = std::get_if<Paused>(&event)) {
      say("pending", paused->reason);
    } else if (const auto* reopened = std::get_if<Reopened>(&event)) {
      say(Name(reopened->cause), reopened->reason);
    } else if (const auto* cancelled = std::get_if<Cancelled>(&event)) {
      say(Name(cancelled->cause), cancelled->reason);
    } else if (const auto* resolved = std::get_if<Resolved>(&event)) {
      say(Name(resolved->cause));
    } else if (const auto* nobody = std::get_if<NobodyReached>(&event)) {
      say("nobody was reached", nobody->why);
    }
  }
  return why;
}

}  // namespace escalon::notification
