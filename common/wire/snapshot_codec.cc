#include "common/wire/snapshot_codec.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <memory>

#include "common/wire/events_codec.h"
#include "common/wire/map_events.h"
#include "common/wire/scratch.h"
#include "escalon/events/v1/snapshot.pb.h"

namespace escalon::wire {

template <typename X>
void Map(X& x, D<X, TrackState> d, P<X, ev::TrackState> p) {
  WIRE_TEXT(level);
  WIRE_VALUE(step);
  WIRE_VALUE(pass);
  WIRE_VALUE(attempt);
  WIRE_VALUE(stopped);
  WIRE_MILLIS(reached_at);
  WIRE_TEXTS(people);
  WIRE_TEXT(team);
  WIRE_TEXTS(informed);
}

template <typename X>
void Map(X&, D<X, Owner> d, P<X, ev::Owner> p) {
  WIRE_TEXT(team);
  WIRE_TEXT(person);
  WIRE_MILLIS(since);
}

template <typename X>
void Map(X& x, D<X, PendingPause> d, P<X, ev::PendingPause> p) {
  WIRE_TEXT(reason);
  WIRE_MILLIS(since);
  WIRE_MILLIS(follow_up_at);
  WIRE_ENUM(before);
}

template <typename X>
void Map(X& x, D<X, OpenHandover> d, P<X, ev::OpenHandover> p) {
  WIRE_STRUCT(offer);
  WIRE_ENUM(state);
  WIRE_MILLIS(since);
}

template <typename X>
void Map(X& x, D<X, OpenApproval> d, P<X, ev::OpenApproval> p) {
  WIRE_STRUCT(request);
  WIRE_MILLIS(since);
}

template <typename X>
void Map(X& x, D<X, OpenConsultation> d, P<X, ev::OpenConsultation> p) {
  WIRE_STRUCT(asked);
  WIRE_MILLIS(since);
}

template <typename X>
void Map(X& x, D<X, OpenDecision> d, P<X, ev::OpenDecision> p) {
  WIRE_STRUCT(request);
  WIRE_MILLIS(since);
}

template <typename X>
void Map(X& x, D<X, TakenDecision> d, P<X, ev::TakenDecision> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(decision);
  WIRE_STRUCT(amount);
  WIRE_TEXT(person);
  WIRE_TEXT(level);
  WIRE_MILLIS(at);
}

template <typename X>
void Map(X& x, D<X, TeamVisit> d, P<X, ev::TeamVisit> p) {
  WIRE_TEXT(team);
  WIRE_MILLIS(first_at);
  WIRE_LIST(away);
}

template <typename X>
void Map(X&, D<X, Milestone> d, P<X, ev::Milestone> p) {
  WIRE_TEXT(name);
  WIRE_MILLIS(at);
}

template <typename X>
void Map(X& x, D<X, MajorMember> d, P<X, ev::MajorMember> p) {
  WIRE_ENUM(part);
  WIRE_TEXT(person);
  WIRE_MILLIS(acknowledged_at);
}

template <typename X>
void Map(X& x, D<X, MajorContact> d, P<X, ev::MajorContact> p) {
  WIRE_ENUM(part);
  WIRE_TEXT(person);
  WIRE_TEXT(channel);
  WIRE_TEXT(language);
  WIRE_VALUE(sealed_contact);
}

template <typename X>
void Map(X& x, D<X, MajorReference> d, P<X, ev::MajorReference> p) {
  WIRE_ENUM(part);
  WIRE_TEXT(reference);
  WIRE_TEXT(owner);
}

template <typename X>
void Map(X& x, D<X, MajorPlan> d, P<X, ev::MajorPlan> p) {
  WIRE_VALUE(revision);
  WIRE_VALUE(sealed_text);
  WIRE_TEXT(resources);
  WIRE_LIST(actions);
  WIRE_VALUE(agreed);
  WIRE_TEXT(by);
  WIRE_MILLIS(at);
}

template <typename X>
void Map(X& x, D<X, MajorRecord> d, P<X, ev::MajorRecord> p) {
  WIRE_TEXT(id);
  WIRE_TEXT(because);
  WIRE_TEXT(opened_by);
  WIRE_MILLIS(opened_at);
  WIRE_LIST(team);
  WIRE_LIST(contacts);
  WIRE_LIST(references);
  WIRE_VALUE(sealed_assessment);
  WIRE_TEXT(assessed_by);
  WIRE_MILLIS(assessed_at);
  WIRE_LIST(plans);
  WIRE_MILLIS(monitoring);
  WIRE_VALUE(consented);
  WIRE_TEXTS(overdue);
  WIRE_MILLIS(closed_at);
  WIRE_MILLIS(reviewed_at);
}

template <typename X>
void Map(X& x, D<X, OpenIntent> d, P<X, ev::OpenIntent> p) {
  WIRE_VALUE(version);
  WIRE_STRUCT(intent);
}

template <typename X>
void Map(X& x, D<X, OpenCrossCase> d, P<X, ev::OpenCrossCase> p) {
  WIRE_VALUE(version);
  WIRE_STRUCT(intent);
}

template <typename X>
void Map(X& x, D<X, PastCommand> d, P<X, ev::PastCommand> p) {
  WIRE_VALUE(id_hash);
  WIRE_VALUE(body_hash);
  WIRE_VALUE(version);
  WIRE_ENUM(outcome);
  WIRE_MILLIS(at);
}

template <typename X>
void Map(X&, D<X, std::pair<std::string, uint32_t>> d, P<X, ev::ClockGeneration> p) {
  if constexpr (X::kWrites) {
    PutText(d.first, p.mutable_name());
    p.set_generation(d.second);
  } else {
    d = {p.name(), p.generation()};
  }
}

template <typename X>
void Map(X&, D<X, std::pair<std::string, InstantMs>> d, P<X, ev::FirstBreach> p) {
  if constexpr (X::kWrites) {
    PutText(d.first, p.mutable_name());
    p.set_at_ms(d.second);
  } else {
    d = {p.name(), p.at_ms()};
  }
}

namespace {

template <typename X>
void MapIdentity(X& x, D<X, Case> d, P<X, ev::CaseSnapshot> p) {
  if constexpr (X::kWrites) {
    p.set_case_id(std::string(d.id.AsBytes()));
    if (d.chain != Digest{}) p.set_chain(std::string(AsView(d.chain)));
    if (d.facts) Map(x, *d.facts, *p.mutable_facts());
  } else {
    x.Id("case_id", p.case_id(), &d.id);
    if (d.id.empty()) x.Fail("case_id", "is empty; a case has an id");
    if (p.chain().size() == d.chain.size()) {
      std::copy(p.chain().begin(), p.chain().end(), reinterpret_cast<char*>(d.chain.data()));
    } else if (!p.chain().empty()) {
      x.Fail("chain", "has " + std::to_string(p.chain().size()) + " bytes; a hash has 32");
    }
    auto facts = std::make_shared<Facts>();
    x.Enter("facts");
    Map(x, *facts, p.facts());
    x.Leave();
    d.facts = std::move(facts);
  }
  WIRE_TEXT(tenant);
  WIRE_VALUE(version);
  WIRE_MILLIS(last_at);
  WIRE_TEXT(dedup_key);
  WIRE_TEXT(idempotency_key);
  WIRE_TEXT(policy);
  WIRE_TEXT(path);
  WIRE_VALUE(imported);
  WIRE_VALUE(retired);
  WIRE_TEXT(quarantined);
}

template <typename X>
void MapJudgement(X& x, D<X, Case> d, P<X, ev::CaseSnapshot> p) {
  WIRE_ENUM(state);
  WIRE_ENUM(priority);
  WIRE_VALUE(priority_manual);
  WIRE_TEXT(category);
  WIRE_TEXTS(skills);
  WIRE_ENUM(complexity);
  WIRE_VALUE(triaged_by_fallback);
  WIRE_VALUE(facts_version);
}

template <typename X>
void MapPlace(X& x, D<X, Case> d, P<X, ev::CaseSnapshot> p) {
  WIRE_STRUCT(functional);
  WIRE_STRUCT(hierarchical);
  WIRE_STRUCT(owner);
  WIRE_TEXTS(gave_up);
  WIRE_TEXT(acknowledged_by);
  WIRE_TEXT(management_acknowledged_by);
}

template <typename X>
void MapTime(X& x, D<X, Case> d, P<X, ev::CaseSnapshot> p) {
  WIRE_LIST(clocks);
  WIRE_LIST(generations);
  WIRE_LIST(breaches);
  WIRE_STRUCT(pending);
  WIRE_LIST(pauses);
  WIRE_TEXTS(pause_reasons);
  WIRE_MILLIS(snoozed_until);
  WIRE_MILLIS(opened_at);
  WIRE_MILLIS(reported_at);
  WIRE_MILLIS(acknowledged_at);
  WIRE_MILLIS(first_response_at);
  WIRE_MILLIS(resolved_at);
  WIRE_MILLIS(monitoring_until);
  WIRE_MILLIS(ended_at);
  WIRE_MILLIS(eta_at);
}

template <typename X>
void MapOpenMatters(X& x, D<X, Case> d, P<X, ev::CaseSnapshot> p) {
  WIRE_LIST(handovers);
  WIRE_LIST(approvals);
  WIRE_LIST(consultations);
  WIRE_LIST(decision_requests);
  WIRE_LIST(decisions);
  WIRE_LIST(visits);
  WIRE_LIST(milestones);
  WIRE_LIST(majors);
  WIRE_LIST(intents);
  WIRE_LIST(cross_case);
  WIRE_LIST(links);
  WIRE_CASE_ID(parent);
  WIRE_LIST(commands);
}

template <typename X>
void MapHistory(X& x, D<X, Case> d, P<X, ev::CaseSnapshot> p) {
  WIRE_VALUE(reports);
  WIRE_VALUE(escalations);
  WIRE_VALUE(reassignments);
  WIRE_VALUE(reopens);
  WIRE_VALUE(re_escalations);
  WIRE_VALUE(attempts_failed);
  WIRE_VALUE(handovers_declined);
  WIRE_MILLIS(last_escalated_at);
  WIRE_TEXT(resolved_level);
  WIRE_TEXT(resolved_by);
  WIRE_ENUM(resolution);
  WIRE_VALUE(confirmed);
  WIRE_VALUE(monitoring_over);
}

template <typename X>
void MapCase(X& x, D<X, Case> d, P<X, ev::CaseSnapshot> p) {
  MapIdentity(x, d, p);
  MapJudgement(x, d, p);
  MapPlace(x, d, p);
  MapTime(x, d, p);
  MapOpenMatters(x, d, p);
  MapHistory(x, d, p);
}

}  // namespace

void EncodeCase(const Case& c, std::string* out) {
  Scratch scratch;
  auto* message = scratch.New<ev::CaseSnapshot>();
  Writer x;
  MapCase(x, c, *message);
  message->SerializeToString(out);
}

std::string EncodeCase(const Case& c) {
  std::string bytes;
  EncodeCase(c, &bytes);
  return bytes;
}

Result<Case> DecodeCase(std::string_view bytes) {
  if (bytes.size() > kMaxBodyBytes) {
    return InvalidField("snapshot", "has " + std::to_string(bytes.size()) + " bytes; at most " +
                                        std::to_string(kMaxBodyBytes) + " are allowed");
  }
  Scratch scratch;
  auto* message = scratch.New<ev::CaseSnapshot>();
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return InvalidField("snapshot", "is no case: cut off, damaged, or with text that is not UTF-8");
  }
  Case c;
  Reader x;
  MapCase(x, c, *message);
  if (c.version == 0) x.Fail("version", "is 0; a case has at least one event");
  if (!x.ok()) return x.TakeError();
  return c;
}

SnapshotHead HeadOfSnapshot(std::string_view bytes) {
  using google::protobuf::internal::WireFormatLite;
  SnapshotHead head;
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  while (const uint32_t tag = in.ReadTag()) {
    bool read = false;
    switch (WireFormatLite::GetTagFieldNumber(tag)) {
      case ev::CaseSnapshot::kTenantFieldNumber:
        read = WireFormatLite::ReadString(&in, &head.tenant);
        break;
      case ev::CaseSnapshot::kVersionFieldNumber:
        read = in.ReadVarint64(&head.version);
        break;
      default:
        read = WireFormatLite::SkipField(&in, tag);
    }
    if (!read) break;
  }
  return head;
}

}  // namespace escalon::wire
